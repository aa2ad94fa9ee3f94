/** AccountStore as one small file of PLANLINE_HOME, and a second one while a resume is asked for. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { PlanlineError } from '../../core/errors.ts';
import { jsonText } from '../../core/json-text.ts';
import type { AccountState, AccountStore } from '../../ports.ts';
import { onDisk } from './disk-error.ts';
import { readIfThere, writeFileWhole } from './durable.ts';

const accountState: z.ZodType<AccountState> = z.object({
  at: z.enum(['ready', 'pacing', 'cooling_down', 'needs_operator', 'paused']),
  untilMs: z.number().nullable(),
  sinceMs: z.number().nullable(),
  reason: z.string().nullable(),
  untilPerson: z.boolean().default(false),
  probes: z.int().nonnegative(),
  strikes: z.int().nonnegative().default(0),
  sends: z
    .object({ sentMs: z.array(z.number()), nextMs: z.number() })
    .default({ sentMs: [], nextMs: 0 }),
});

export function createAccountStore(path: string): AccountStore {
  const resumePath = `${path}.resume`;
  return {
    load: () =>
      onDisk('Reading', path, async () => {
        const bytes = await readIfThere(path);
        if (bytes === null) return null;
        const parsed = jsonText(accountState).safeParse(bytes.toString('utf8'));
        if (parsed.success) return parsed.data;
        throw new PlanlineError(
          'config',
          `${path} does not hold the state of the chat account any more. Remove it; the account is then taken as ready.`,
          { cause: parsed.error },
        );
      }),
    save: (state) =>
      onDisk('Writing', path, () => writeFileWhole(path, `${JSON.stringify(state, null, 2)}\n`)),
    requestResume: (sinceMs) =>
      onDisk('Writing', resumePath, () => writeFileWhole(resumePath, `${sinceMs}\n`)),
    takeResume: (sinceMs) =>
      onDisk('Reading', resumePath, async () => {
        const bytes = await readIfThere(resumePath);
        if (bytes === null) return false;
        await rm(resumePath, { force: true });
        // What was said of an earlier trouble says nothing of this one.
        return Number(bytes.toString('utf8')) === sinceMs;
      }),
  };
}
