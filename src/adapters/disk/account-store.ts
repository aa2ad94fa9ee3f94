/** AccountStore as one small file of PLANLINE_HOME. */
import { z } from 'zod';
import { PlanlineError } from '../../core/errors.ts';
import { jsonText } from '../../core/json-text.ts';
import type { AccountState, AccountStore } from '../../ports.ts';
import { onDisk } from './disk-error.ts';
import { readIfThere, writeFileWhole } from './durable.ts';

const accountState: z.ZodType<AccountState> = z.object({
  at: z.enum(['ready', 'cooling_down', 'needs_operator']),
  untilMs: z.number().nullable(),
  sinceMs: z.number().nullable(),
  reason: z.string().nullable(),
  probes: z.int().nonnegative(),
});

export function createAccountStore(path: string): AccountStore {
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
  };
}
