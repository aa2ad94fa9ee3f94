import type { Clock } from '../../src/ports.ts';

/** A clock that stands still until it is told to go on; sleeping sets it forward at once. */
export function manualClock(startIso: string): Clock & { advance(ms: number): void } {
  let now = Date.parse(startIso);
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      now += ms;
    },
  };
}
