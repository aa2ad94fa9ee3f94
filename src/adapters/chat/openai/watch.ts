/** How long one ask may take, and why it ended early. */
import { ChatError } from '../../../core/errors.ts';
import type { Clock } from '../../../ports.ts';
import { stoppedError } from '../stopped.ts';

export interface Watch {
  /** Aborts when the caller stops or the whole time is up. */
  readonly signal: AbortSignal;
  /** The error when it has aborted, else null. */
  error(): ChatError | null;
  /** True when the time was up before the caller stopped. */
  timedOut(): boolean;
  /** Stops the timer. */
  end(): void;
}

function timeoutError(timeoutMs: number): ChatError {
  return new ChatError(
    'retryable',
    `There was no complete answer within ${Math.round(timeoutMs / 1_000)} s (CHAT_TIMEOUT_SECONDS).`,
  );
}

export function startWatch(clock: Clock, stop: AbortSignal, timeoutMs: number): Watch {
  const timeUp = new AbortController();
  const ended = new AbortController();
  void clock.sleep(timeoutMs, ended.signal).then(() => {
    if (!ended.signal.aborted && !stop.aborted) timeUp.abort();
  });
  return {
    signal: AbortSignal.any([stop, timeUp.signal]),
    error() {
      if (timeUp.signal.aborted) return timeoutError(timeoutMs);
      return stop.aborted ? stoppedError(stop) : null;
    },
    timedOut: () => timeUp.signal.aborted,
    end: () => ended.abort(),
  };
}
