/**
 * The daily sweep, by the clock on the wall. node-cron reads the expression; its own timers stand still
 * while the machine sleeps and pass over what was missed, so what is due is found by looking back.
 */
import { createTask, validate } from 'node-cron';
import { PlanlineError } from '../../core/errors.ts';
import type { Clock } from '../../ports.ts';

export interface DailyOptions {
  readonly cron: string;
  readonly timeZone: string;
  readonly onTick: () => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A machine that slept longer than this missed more than one; one sweep makes up for all. */
const LOOK_BACK_STEPS = 3 * 24 * 60;

type Matcher = (ms: number) => boolean;

/** Whether an expression names an instant. Throws `config` when it is none. */
function matcherOf(expression: string, timeZone: string): Matcher {
  if (!validate(expression)) {
    throw new PlanlineError(
      'config',
      `SWEEP_CRON "${expression}" is not a cron expression. Five fields are wanted: minute, hour, day of month, month, day of week, such as 0 6 * * * for six every morning.`,
    );
  }
  const task = createTask(expression, () => undefined, { timezone: timeZone });
  return (ms) => task.match(new Date(ms));
}

/** With a sixth field the first one counts seconds. */
function stepMsOf(expression: string): number {
  return expression.trim().split(/\s+/).length > 5 ? SECOND_MS : MINUTE_MS;
}

/** Does the expression name an instant after `sinceMs` and up to `nowMs`? */
function isDueSince(sinceMs: number, nowMs: number, stepMs: number, matches: Matcher): boolean {
  const newestMs = nowMs - (nowMs % stepMs);
  const oldestMs = Math.max(sinceMs, newestMs - LOOK_BACK_STEPS * stepMs);
  for (let ms = newestMs; ms > oldestMs; ms -= stepMs) if (matches(ms)) return true;
  return false;
}

/**
 * Where to look back to from now on. A clock that was set back a little passes the same time twice,
 * which is not due twice; one that was set back by days was wrong before.
 */
function lookedUntil(lastMs: number, nowMs: number): number {
  return lastMs - nowMs > DAY_MS ? nowMs : Math.max(lastMs, nowMs);
}

async function watching(options: DailyOptions, matches: Matcher): Promise<void> {
  const { cron, onTick, signal, clock } = options;
  const stepMs = stepMsOf(cron);
  let lastMs = clock.now();
  while (!signal.aborted) {
    await clock.sleep(stepMs - (clock.now() % stepMs), signal);
    if (signal.aborted) return;
    const nowMs = clock.now();
    const isDue = isDueSince(lastMs, nowMs, stepMs, matches);
    lastMs = lookedUntil(lastMs, nowMs);
    // Once, however many were missed: a sweep finds everything.
    if (isDue) onTick();
  }
}

/** Calls back when the time of the expression has come, or has passed while the machine slept. */
export function scheduleDaily(options: DailyOptions): void {
  // `watching` throws nothing: a clock's sleep never rejects, and onTick reports by itself.
  void watching(options, matcherOf(options.cron, options.timeZone));
}
