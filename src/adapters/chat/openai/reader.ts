/** Reads a stream event by event, noticing silence, stops and broken connections. */
import { ChatError } from '../../../core/errors.ts';
import type { Clock } from '../../../ports.ts';
import { wasSpoken } from './errors.ts';
import type { Watch } from './watch.ts';

export type Reading<T> =
  | { readonly kind: 'event'; readonly event: T }
  /** The stream ended; whether the answer did is for its events to say. */
  | { readonly kind: 'end' }
  /** Silence or a broken connection: the server may still be at work on the answer. */
  | { readonly kind: 'broken'; readonly error: ChatError };

export interface EventReader<T> {
  /** Throws ChatError when the caller stopped, the time is up or the server reported an error. */
  next(): Promise<Reading<T>>;
  close(): void;
}

export interface ReaderOptions {
  readonly clock: Clock;
  readonly watch: Watch;
  readonly idleMs: number;
  readonly toError: (error: unknown) => ChatError;
}

function silenceError(idleMs: number): ChatError {
  return new ChatError('retryable', `The server was silent for ${Math.round(idleMs / 1_000)} s.`);
}

/** Opens the stream; what `open` throws is thrown as it came, so that its caller may look at it. */
export async function openReader<T>(
  open: (signal: AbortSignal) => PromiseLike<AsyncIterable<T>>,
  options: ReaderOptions,
): Promise<EventReader<T>> {
  const { clock, watch, idleMs, toError } = options;
  const request = new AbortController();
  const signal = AbortSignal.any([watch.signal, request.signal]);
  let silent = false;

  const unlessSilent = async <R>(work: () => PromiseLike<R>): Promise<R> => {
    const heard = new AbortController();
    void clock.sleep(idleMs, heard.signal).then(() => {
      if (heard.signal.aborted) return;
      silent = true;
      request.abort();
    });
    try {
      return await work();
    } finally {
      heard.abort();
    }
  };

  const endedEarly = (): ChatError | null =>
    watch.error() ?? (silent ? silenceError(idleMs) : null);

  let iterator: AsyncIterator<T>;
  try {
    const stream = await unlessSilent(() => open(signal));
    iterator = stream[Symbol.asyncIterator]();
  } catch (error) {
    request.abort();
    throw endedEarly() ?? error;
  }

  return {
    async next() {
      try {
        const step = await unlessSilent(() => iterator.next());
        const stopped = watch.error();
        if (stopped !== null) throw stopped;
        // The SDK ends an aborted stream quietly, as if it had been complete.
        if (silent) return { kind: 'broken', error: silenceError(idleMs) };
        return step.done === true ? { kind: 'end' } : { kind: 'event', event: step.value };
      } catch (error) {
        const stopped = watch.error();
        if (stopped !== null) throw stopped;
        if (silent) return { kind: 'broken', error: silenceError(idleMs) };
        if (wasSpoken(error)) throw toError(error);
        return { kind: 'broken', error: toError(error) };
      }
    },
    close: () => request.abort(),
  };
}
