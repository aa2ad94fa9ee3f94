/** One prompt at a time has the desk: within this process by a queue, among processes by a lock. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ChatError, isPlanlineError, messageOf } from '../../../core/errors.ts';
import { acquireLock, type Lock } from '../../disk/process-lock.ts';
import { stoppedError } from '../stopped.ts';
import type { Session } from './session.ts';

export interface Turns {
  /** Throws ChatError `retryable` when the signal aborts before the turn comes. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Resolves when nobody has the desk any more. */
  idle(): Promise<void>;
}

const LOOK_MS = 500;

export function createTurns(session: Session): Turns {
  let last: Promise<void> = Promise.resolve();
  return {
    async take(signal, work) {
      const before = last;
      const mine = Promise.withResolvers<void>();
      last = mine.promise;
      try {
        await untilAborted(before, signal);
        const lock = await waitForLock(session, signal);
        try {
          return await work();
        } finally {
          await lock.release();
        }
      } finally {
        // Whoever gives up waiting leaves the queue as it found it.
        void before.then(mine.resolve);
      }
    },
    idle: () => last,
  };
}

async function untilAborted(before: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const abort = (): void => aborted.resolve();
  signal.addEventListener('abort', abort, { once: true });
  if (!signal.aborted) await Promise.race([before, aborted.promise]);
  signal.removeEventListener('abort', abort);
  if (signal.aborted) throw stoppedError(signal);
}

async function waitForLock({ settings, screen }: Session, signal: AbortSignal): Promise<Lock> {
  const display = screen.kind === 'usable' ? (screen.display ?? 'screen') : 'none';
  await makeFolder(settings.home);
  const path = join(settings.home, `desktop-${display.replace(/[^\w.-]/g, '_')}.lock`);
  const untilMs = settings.clock.now() + settings.timeoutMs;
  for (;;) {
    try {
      return await acquireLock(path, { purpose: 'planline at the keyboard of this screen' });
    } catch (error) {
      if (!isPlanlineError(error, 'usage')) throw error;
      if (settings.clock.now() >= untilMs) throw busyError(error);
    }
    await settings.clock.sleep(LOOK_MS, signal);
    if (signal.aborted) throw stoppedError(signal);
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

function busyError(cause: unknown): ChatError {
  return new ChatError('needs_operator', `The screen is taken: ${messageOf(cause)}`, { cause });
}
