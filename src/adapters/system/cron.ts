/**
 * The daily sweep, by the clock on the wall. node-cron reads the expression; its own timers stand still
 * while the machine sleeps and pass over what was missed, so what is due is found by looking back: as far
 * as to the last sweep, which is kept over a stop.
 */
import { createTask, validate } from 'node-cron';
import { isPlanlineError, messageOf, PlanlineError } from '../../core/errors.ts';
import type { Clock, CrashPoints, Log, SweepMemory } from '../../ports.ts';

export interface DailyOptions {
  readonly cron: string;
  readonly timeZone: string;
  /** Given the time that has come, which may be hours ago. False: it failed, and is to come again. */
  readonly onTick: (dueMs: number) => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly memory: SweepMemory;
  readonly log: Log;
  readonly crash: CrashPoints;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A look over a month takes half a second, and only where sweeps are that rare. */
const LOOK_BACK_MS = 32 * DAY_MS;

type Matcher = (ms: number) => boolean;

interface Schedule {
  /** How often to look whether its time has come. */
  readonly stepMs: number;
  /** Whether it names an instant. */
  readonly names: Matcher;
  /** Whether it names a second of the minute that begins there: what a look over days asks first. */
  readonly namesWithin: Matcher;
}

function matcherOf(fields: readonly string[], timeZone: string): Matcher {
  const task = createTask(fields.join(' '), () => undefined, { timezone: timeZone });
  return (ms) => task.match(new Date(ms));
}

/** Throws `config` when the expression is none. */
function scheduleOf(expression: string, timeZone: string): Schedule {
  if (!validate(expression)) {
    throw new PlanlineError(
      'config',
      `SWEEP_CRON "${expression}" is not a cron expression. Five fields are wanted: minute, hour, day of month, month, day of week, such as 0 6 * * * for six every morning.`,
    );
  }
  const fields = expression.trim().split(/\s+/);
  return {
    // With a sixth field the first one counts seconds.
    stepMs: fields.length > 5 ? SECOND_MS : MINUTE_MS,
    names: matcherOf(fields, timeZone),
    namesWithin: matcherOf(fields.slice(-5), timeZone),
  };
}

const floor = (ms: number, stepMs: number): number => ms - (ms % stepMs);

/** The newest instant that the schedule names after `sinceMs` and up to `nowMs`. */
function newestDue(
  sinceMs: number,
  nowMs: number,
  { names, namesWithin }: Schedule,
): number | null {
  const sinceMinuteMs = floor(Math.max(sinceMs, nowMs - LOOK_BACK_MS), MINUTE_MS);
  for (let minute = floor(nowMs, MINUTE_MS); minute >= sinceMinuteMs; minute -= MINUTE_MS) {
    if (!namesWithin(minute)) continue;
    const lastMs = Math.min(nowMs, minute + MINUTE_MS - SECOND_MS);
    for (let ms = floor(lastMs, SECOND_MS); ms >= minute && ms > sinceMs; ms -= SECOND_MS) {
      if (names(ms)) return ms;
    }
  }
  return null;
}

/** A clock that showed a time days ahead of now was wrong then. */
const wasWrong = (lastMs: number, nowMs: number): boolean => lastMs - nowMs > DAY_MS;

/**
 * Where to look back to from now on. A clock that was set back a little passes the same time twice,
 * which is not due twice.
 */
function lookedUntil(lastMs: number, nowMs: number): number {
  return wasWrong(lastMs, nowMs) ? nowMs : Math.max(lastMs, nowMs);
}

async function note(
  lastMs: number,
  phase: 'start' | 'tell',
  { memory, log, crash }: DailyOptions,
): Promise<void> {
  try {
    await memory.save(lastMs);
    crash.reached('sweep_noted', phase);
  } catch (error) {
    const what = {
      start: 'A daily sweep that is missed before the first one here will not be made up for',
      tell: 'The daily sweep was not noted; a restart repeats it, and tells nothing twice',
    };
    log.warn({ reason: messageOf(error) }, what[phase]);
  }
}

/** When an earlier process of this home last saw to the sweep; a new home has missed none. */
async function lookedBefore(options: DailyOptions): Promise<number> {
  const { clock, memory, log } = options;
  const nowMs = clock.now();
  try {
    const lastMs = await memory.load();
    if (lastMs !== null && !wasWrong(lastMs, nowMs)) return lastMs;
  } catch (error) {
    const reason = messageOf(error);
    log.warn({ reason }, 'A daily sweep that was missed before this start is not made up for');
    // What cannot be read just now may be a good note.
    if (!isPlanlineError(error, 'config')) return nowMs;
  }
  await note(nowMs, 'start', options);
  return nowMs;
}

async function watching(options: DailyOptions, schedule: Schedule): Promise<void> {
  const { onTick, signal, clock } = options;
  let { stepMs } = schedule;
  let lastMs = await lookedBefore(options);
  while (!signal.aborted) {
    await clock.sleep(stepMs - (clock.now() % stepMs), signal);
    if (signal.aborted) return;
    const nowMs = clock.now();
    const dueMs = newestDue(lastMs, nowMs, schedule);
    // Once, however many were missed: a sweep finds everything.
    const isDone = dueMs === null || (await onTick(dueMs));
    stepMs = isDone ? schedule.stepMs : MINUTE_MS;
    if (!isDone) continue;
    lastMs = lookedUntil(lastMs, nowMs);
    if (dueMs !== null) await note(lastMs, 'tell', options);
  }
}

/**
 * Calls back when the time of the expression has come, or has passed while the machine slept or was off.
 * Ends with the signal, after the sweep that is under way.
 */
export function scheduleDaily(options: DailyOptions): Promise<void> {
  return watching(options, scheduleOf(options.cron, options.timeZone));
}
