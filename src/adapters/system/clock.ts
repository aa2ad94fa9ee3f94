import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../ports.ts';

/** Longest delay that Node's timers keep; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    const wait = delay(
      Math.min(Math.max(ms, 0), MAX_TIMER_MS),
      undefined,
      signal ? { signal } : {},
    );
    // The port says that an abort ends the sleep early; only that rejection is expected here.
    await wait.catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  },
};
