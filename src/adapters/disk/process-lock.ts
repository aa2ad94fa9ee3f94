/**
 * A lock between processes that holds for as long as its holder lives: pid and start time decide,
 * never an age.
 *
 * The lock is a folder of numbered claims, and the highest number decides. A claim is taken by
 * creating the next number, which the file system grants to one process only; the highest claim is
 * never removed or renamed, a mark beside it says that it was released. So nobody ever deletes a
 * claim that another process has just taken, the flaw of a single lock file that is removed when it
 * looks stale.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, PlanlineError } from '../../core/errors.ts';
import { hasCode, isAlive, lookUpProcess, processId } from './process-identity.ts';

const lockHolder = processId.extend({
  /** What the holder is, for people: `the planline daemon`. */
  purpose: z.string().min(1),
  /** The process that the holder serves and ends with, if there is one. */
  servantOf: processId.nullable(),
});
export type LockHolder = z.infer<typeof lockHolder>;

export interface Lock {
  readonly path: string;
  /** Idempotent. */
  release(): Promise<void>;
}

export type Attempt =
  | { readonly held: true; readonly lock: Lock }
  /** Another has it: `holder` was alive when it was looked at. */
  | { readonly held: false; readonly holder: LockHolder };

export interface LockOptions {
  readonly purpose: string;
  /** The process that this one serves, so that others can see that it ends when that one is gone. */
  readonly servantOfPid?: number;
}

const CLAIM_NAME = /^\d{8,}$/;
const RELEASED = '.released';
const DRAFT = '.draft-';

interface Claim {
  readonly file: string;
  readonly number: number;
  readonly released: boolean;
}

/**
 * Takes the lock unless a living process has it. `path` becomes a folder of its own; its parent must
 * exist. Throws PlanlineError `usage` with what to do where no lock can be kept.
 */
export async function tryLock(path: string, options: LockOptions): Promise<Attempt> {
  const me = await describeMyself(options);
  try {
    await mkdir(path, { mode: 0o700, recursive: true });
  } catch (error) {
    throw cannotLock(path, error);
  }
  const draft = join(path, `${DRAFT}${randomUUID()}`);
  try {
    for (;;) {
      const top = await highestClaim(path);
      const holder = await livingHolder(path, top);
      if (holder !== null) return { held: false, holder };
      const mine = await takeClaim(path, draft, (top?.number ?? 0) + 1, me);
      if (mine !== null) return { held: true, lock: heldLock(path, mine) };
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** As tryLock, and throws PlanlineError `usage`, naming a living holder's pid and what to do. */
export async function acquireLock(path: string, options: LockOptions): Promise<Lock> {
  const attempt = await tryLock(path, options);
  if (!attempt.held) throw heldBy(path, attempt.holder);
  return attempt.lock;
}

/** The process that holds the lock now, or null. */
export async function readLock(path: string): Promise<LockHolder | null> {
  return livingHolder(path, await highestClaim(path));
}

async function describeMyself({ purpose, servantOfPid }: LockOptions): Promise<LockHolder> {
  const self = await lookUpProcess(process.pid);
  const master = servantOfPid === undefined ? null : await lookUpProcess(servantOfPid);
  return {
    pid: process.pid,
    startedAt: self?.startedAt ?? null,
    purpose,
    servantOf: master,
  };
}

async function highestClaim(path: string): Promise<Claim | null> {
  const names = await namesIn(path);
  const file = names
    .filter((name) => CLAIM_NAME.test(name))
    .toSorted(byNumber)
    .at(-1);
  if (file === undefined) return null;
  return { file, number: Number(file), released: names.includes(`${file}${RELEASED}`) };
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw cannotLock(path, error);
  }
}

async function livingHolder(path: string, claim: Claim | null): Promise<LockHolder | null> {
  if (claim === null || claim.released) return null;
  const holder = await readClaim(join(path, claim.file));
  return holder !== null && (await isAlive(holder)) ? holder : null;
}

/** Null when it was released meanwhile, or when a power loss left nothing legible of it. */
async function readClaim(file: string): Promise<LockHolder | null> {
  try {
    const parsed = lockHolder.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Null when another process was faster: look again. */
async function takeClaim(
  path: string,
  draft: string,
  number: number,
  me: LockHolder,
): Promise<string | null> {
  const file = join(path, String(number).padStart(8, '0'));
  await writeFile(draft, JSON.stringify(me), { mode: 0o600 });
  try {
    // Unlike creating and then writing, a link appears with its whole content or not at all.
    await link(draft, file);
  } catch (error) {
    // ENOENT: a holder that tidied up took our draft for an old one.
    if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOENT')) return null;
    throw cannotLock(path, error);
  }
  // While this process slept, others may have gone further and tidied up the number it then took.
  if ((await highestClaim(path))?.number !== number) {
    await rm(file, { force: true });
    return null;
  }
  await removeBelow(path, number);
  return file;
}

async function removeBelow(path: string, number: number): Promise<void> {
  for (const name of await namesIn(path)) {
    const old = Number.parseInt(name, 10) < number || name.startsWith(DRAFT);
    if (old) await rm(join(path, name), { force: true });
  }
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

function heldLock(path: string, file: string): Lock {
  let held = true;
  return {
    path,
    async release() {
      if (!held) return;
      held = false;
      await writeFile(`${file}${RELEASED}`, '', { mode: 0o600 });
    },
  };
}

function cannotLock(path: string, cause: unknown): PlanlineError {
  return new PlanlineError(
    'usage',
    `No lock can be kept in ${path} (${messageOf(cause)}). ` +
      'Set PLANLINE_HOME to a folder that is yours to write, on a local disk with hard links.',
    { cause },
  );
}

function heldBy(path: string, holder: LockHolder): PlanlineError {
  return new PlanlineError(
    'usage',
    `${path} is held by process ${holder.pid}, ${holder.purpose}. Use that one, or stop it ` +
      'first; to run a second one beside it, set PLANLINE_HOME to a folder of its own.',
  );
}
