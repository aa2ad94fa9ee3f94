import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../../src/ports.ts';

export interface VirtualClock extends Clock {
  advance(ms: number): void;
  /** Somebody sets the clock back. Who sleeps wakes no later for it: timers know no clock. */
  setBack(ms: number): void;
  /** The machine sleeps: the clock goes on, timers stand still. */
  sleepThrough(ms: number): void;
  /** Lets time pass to whatever is slept for within an hour, until the work is over. */
  through<T>(work: Promise<T>): Promise<T>;
}

const HOUR_MS = 3_600_000;

/** A clock whose sleepers sleep until its time has come; the time goes on only when it is told to. */
export function virtualClock(startIso: string): VirtualClock {
  let nowMs = Date.parse(startIso);
  const sleepers = new Set<{ atMs: number; readonly wake: () => void }>();

  function advance(ms: number): void {
    nowMs += ms;
    for (const sleeper of sleepers) if (sleeper.atMs <= nowMs) sleeper.wake();
  }

  function shift(ms: number): void {
    nowMs += ms;
    for (const sleeper of sleepers) sleeper.atMs += ms;
  }

  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) {
          resolve();
          return;
        }
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { atMs: nowMs + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    advance,
    setBack: (ms) => shift(-ms),
    sleepThrough: shift,
    async through(work) {
      const state = { over: false };
      const ended = work.finally(() => {
        state.over = true;
      });
      // Its failure is the caller's, once the time has stopped.
      ended.catch(() => undefined);
      while (!state.over) {
        await turnOfTheLoop();
        const next = Math.min(...[...sleepers].map(({ atMs }) => atMs));
        if (next - nowMs < HOUR_MS) advance(next - nowMs);
      }
      return ended;
    },
  };
}
