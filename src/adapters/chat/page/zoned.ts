/** Clock and calendar of a time zone: what a notice on the page means by "3:00 PM". */

export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;

function asUtcMs({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

/** To the minute. */
export function wallTimeAt(epochMs: number, timeZone: string): WallTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'iso8601',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  };
}

function offsetMsAt(epochMs: number, timeZone: string): number {
  const minuteMs = Math.floor(epochMs / 60_000) * 60_000;
  return asUtcMs(wallTimeAt(epochMs, timeZone)) - minuteMs;
}

/**
 * Epoch ms of a wall time. One that a change of the clocks skips is taken as it would have been before
 * the change, and of one that comes twice the second: a reset is better waited for than missed.
 */
export function epochMsOf(wall: WallTime, timeZone: string): number {
  const utcMs = asUtcMs(wall);
  const candidates = [utcMs - DAY_MS, utcMs + DAY_MS].map(
    (nearMs) => utcMs - offsetMsAt(nearMs, timeZone),
  );
  const exact = candidates.filter(
    (candidate) => candidate + offsetMsAt(candidate, timeZone) === utcMs,
  );
  return Math.max(...(exact.length > 0 ? exact : candidates));
}

export function addDays(wall: WallTime, days: number): WallTime {
  const moved = new Date(asUtcMs(wall) + days * DAY_MS);
  return {
    ...wall,
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    day: moved.getUTCDate(),
  };
}

/** 0 for Sunday. */
export function weekdayOf(wall: WallTime): number {
  return new Date(asUtcMs(wall)).getUTCDay();
}

export function isRealDate({ year, month, day }: WallTime): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
