/** Sleeping by the clock on the wall, which may be set and which goes on while the machine sleeps. */
import type { Clock } from '../ports.ts';

/** A timer stands still while the machine sleeps; the clock is looked at this often. */
const LOOK_EVERY_MS = 60_000;

/** Sleeps until `untilMs`. Wakes early when the clock was set back: what was to be then is not told. */
export async function sleepUntil(
  clock: Clock,
  untilMs: number,
  signal: AbortSignal,
): Promise<void> {
  let lastMs = clock.now();
  for (let nowMs = lastMs; nowMs < untilMs && nowMs >= lastMs && !signal.aborted;) {
    lastMs = nowMs;
    await clock.sleep(Math.min(untilMs - nowMs, LOOK_EVERY_MS), signal);
    nowMs = clock.now();
  }
}
