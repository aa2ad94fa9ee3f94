/** Our tab belongs to one process at a time, and is found again by the next. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ChatError, isPlanlineError } from '../../../core/errors.ts';
import { jsonText } from '../../../core/json-text.ts';
import { readIfThere, writeFileWhole } from '../../disk/durable.ts';
import {
  type Attempt,
  type Lock,
  type LockHolder,
  readLock,
  tryLock,
} from '../../disk/process-lock.ts';

const LOCK = 'planline-chat.lock';
const TAB = 'planline-tab.json';

const tabRecord = z.object({
  /** Chrome's own id of the tab: stays the same for as long as the tab is open, crash or not. */
  targetId: z.string().min(1),
});

/** Throws ChatError `needs_operator` when another process has the tab. */
export async function leaseTab(profileDir: string): Promise<Lock> {
  await mkdir(profileDir, { recursive: true, mode: 0o700 });
  const attempt = await tryLease(join(profileDir, LOCK));
  if (!attempt.held) throw new ChatError('needs_operator', inUse(attempt.holder));
  return attempt.lock;
}

async function tryLease(path: string): Promise<Attempt> {
  try {
    return await tryLock(path, { purpose: 'planline at its ChatGPT tab' });
  } catch (error) {
    if (!isPlanlineError(error, 'usage')) throw error;
    throw new ChatError('needs_operator', error.message, { cause: error });
  }
}

function inUse({ pid, purpose }: LockHolder): string {
  return (
    `The ChatGPT tab of this profile is in use by process ${pid}, ${purpose}: there is one tab, and ` +
    'one process at a time may type into it. Stop that process, or wait until it is done.'
  );
}

/** The process that has the tab now, or null. */
export function tabHolder(profileDir: string): Promise<LockHolder | null> {
  return readLock(join(profileDir, LOCK));
}

export async function recordedTab(profileDir: string): Promise<string | null> {
  const bytes = await readIfThere(join(profileDir, TAB));
  const parsed = bytes === null ? null : jsonText(tabRecord).safeParse(bytes.toString('utf8'));
  // A record that cannot be read costs a new tab, nothing more.
  return parsed?.success === true ? parsed.data.targetId : null;
}

export async function recordTab(profileDir: string, targetId: string): Promise<void> {
  await writeFileWhole(join(profileDir, TAB), `${JSON.stringify({ targetId })}\n`);
}
