/** AccountStore as one small file of PLANLINE_HOME, and a second one while a resume is asked for. */
import { rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { PlanlineError } from '../../core/errors.ts';
import { jsonText } from '../../core/json-text.ts';
import type { AccountState, AccountStore } from '../../ports.ts';
import { isErrno, onDisk } from './disk-error.ts';
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

async function loadFrom(path: string): Promise<AccountState | null> {
  const bytes = await readIfThere(path);
  if (bytes === null) return null;
  const parsed = jsonText(accountState).safeParse(bytes.toString('utf8'));
  if (parsed.success) return parsed.data;
  throw new PlanlineError(
    'config',
    `${path} does not hold the state of the chat account any more. Remove it; the account is then taken as ready.`,
    { cause: parsed.error },
  );
}

/** What tells one version of a file from the next, as each is renamed into place; null without a file. */
async function versionOf(path: string): Promise<string | null> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

export function createAccountStore(path: string): AccountStore {
  const resumePath = `${path}.resume`;
  /** It is asked for some times a prompt, and hardly ever another one. */
  let known: { readonly version: string; readonly state: AccountState | null } | null = null;
  return {
    load: () =>
      onDisk('Reading', path, async () => {
        const version = await versionOf(path);
        if (version === null) return null;
        // Looked at before it is read: what comes in between is read again the next time.
        if (known?.version !== version) known = { version, state: await loadFrom(path) };
        return known.state;
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
