import { ChatError } from '../../core/errors.ts';

/**
 * A stop by the caller is a ChatError `retryable` whose `cause` is the signal's reason: whoever gave
 * the signal tells it from a failure by `signal.aborted`.
 */
export function stoppedError(signal: AbortSignal): ChatError {
  return new ChatError('retryable', 'Stopped before the answer was complete.', {
    cause: signal.reason,
  });
}

export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw stoppedError(signal);
}

/** The work's end, or the stop if that is earlier; the work itself must end by some limit of its own. */
export async function untilStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  throwIfStopped(signal);
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(stoppedError(signal));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
