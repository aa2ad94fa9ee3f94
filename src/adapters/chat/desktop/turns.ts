/** One prompt at a time has the desk: within this process by a queue, among processes by a lock. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ChatError, isPlanlineError } from '../../../core/errors.ts';
import { type Attempt, type Lock, type LockHolder, tryLock } from '../../disk/process-lock.ts';
import { stoppedError } from '../stopped.ts';
import type { Session } from './session.ts';

export interface Turns {
  /** Throws ChatError `retryable` when the signal aborts before the turn comes. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** As take, but what `taken` gives where another process has the desk: that may be for a whole answer. */
  takeIfFree<T>(
    signal: AbortSignal,
    work: () => Promise<T>,
    taken: (holder: LockHolder) => T,
  ): Promise<T>;
  /** Resolves when nobody has the desk any more. */
  idle(): Promise<void>;
}

const LOOK_MS = 500;

export function createTurns(session: Session): Turns {
  let last: Promise<void> = Promise.resolve();

  async function inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = last;
    const mine = Promise.withResolvers<void>();
    last = mine.promise;
    try {
      await untilAborted(before, signal);
      return await work();
    } finally {
      // Whoever gives up waiting leaves the queue as it found it.
      void before.then(mine.resolve);
    }
  }

  return {
    take: (signal, work) =>
      inTurn(signal, async () => await underLock(await waitForLock(session, signal), work)),
    takeIfFree: (signal, work, taken) =>
      inTurn(signal, async () => {
        const attempt = await tryDesk(session);
        return attempt.held ? await underLock(attempt.lock, work) : taken(attempt.holder);
      }),
    idle: () => last,
  };
}

async function underLock<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function untilAborted(before: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const abort = (): void => aborted.resolve();
  signal.addEventListener('abort', abort, { once: true });
  if (!signal.aborted) await Promise.race([before, aborted.promise]);
  signal.removeEventListener('abort', abort);
  if (signal.aborted) throw stoppedError(signal);
}

async function waitForLock(session: Session, signal: AbortSignal): Promise<Lock> {
  const { clock, timeoutMs } = session.settings;
  const untilMs = clock.now() + timeoutMs;
  for (;;) {
    const attempt = await tryDesk(session);
    if (attempt.held) return attempt.lock;
    if (clock.now() >= untilMs) throw busyError(attempt.holder);
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted) throw stoppedError(signal);
  }
}

/** Throws ChatError `needs_operator` where no lock can be kept: waiting would not mend that. */
async function tryDesk({ settings, screen }: Session): Promise<Attempt> {
  const display = screen.kind === 'usable' ? (screen.display ?? 'screen') : 'none';
  await makeFolder(settings.home);
  const path = join(settings.home, `desktop-${display.replace(/[^\w.-]/g, '_')}.lock`);
  try {
    return await tryLock(path, { purpose: 'planline at the keyboard of this screen' });
  } catch (error) {
    if (!isPlanlineError(error, 'usage')) throw error;
    throw new ChatError('needs_operator', error.message, { cause: error });
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw new ChatError('needs_operator', `No folder can be made at ${path}. Set PLANLINE_HOME.`, {
      cause,
    });
  }
}

function busyError({ pid, purpose }: LockHolder): ChatError {
  return new ChatError(
    'needs_operator',
    `The screen is taken by process ${pid}, ${purpose}. Stop that process, or wait until it is done.`,
  );
}
