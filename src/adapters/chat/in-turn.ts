import { untilStopped } from './stopped.ts';

/** One task at a time, in the order of asking. A task whose signal aborts before its turn is not begun. */
export type InTurn = <T>(signal: AbortSignal, task: () => Promise<T>) => Promise<T>;

export function createInTurn(): InTurn {
  let tail: Promise<void> = Promise.resolve();
  return async (signal, task) => {
    const before = tail;
    const over = Promise.withResolvers<void>();
    tail = over.promise;
    try {
      await untilStopped(signal, before);
      return await task();
    } finally {
      // Who gave up waiting does not let the next one overtake those before.
      void before.then(over.resolve);
    }
  };
}
