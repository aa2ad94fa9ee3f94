/**
 * How often the chat account is asked, as the operator has set it: a gap between prompts, so many
 * within any hour, none at night. Pure: what was sent and what time it is are arguments.
 */

/** From one local time of day to another, in minutes since midnight; over midnight when from > to. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface Pacing {
  /** Least time between two prompts; up to half of it comes on top, by chance. */
  readonly gapMs: number;
  /** Prompts within any hour; null for any number. */
  readonly perHour: number | null;
  readonly quiet: QuietHours | null;
  /** IANA name; quiet hours are told in it. */
  readonly timeZone: string;
}

/** What pacing has to know of the past. */
export interface SendHistory {
  /** Epoch ms of the sends within the last hour, oldest first; kept only where they are counted. */
  readonly sentMs: readonly number[];
  /** Epoch ms from which the gap after the last send allows another. */
  readonly nextMs: number;
}

export const NO_SENDS: SendHistory = { sentMs: [], nextMs: 0 };

export interface PacingWait {
  readonly untilMs: number;
  readonly why: 'gap' | 'hour' | 'quiet';
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MINUTES = 24 * 60;

/** `22:00-07:00`; null when the text is none such. */
export function parseQuietHours(text: string): QuietHours | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)$/.exec(
    text.trim(),
  );
  if (match === null) return null;
  const [, fromHour, fromMinute, toHour, toMinute] = match.map(Number);
  const from = (fromHour ?? 0) * 60 + (fromMinute ?? 0);
  const to = (toHour ?? 0) * 60 + (toMinute ?? 0);
  return from === to ? null : { fromMinute: from, toMinute: to };
}

function minuteOfDay(ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(
    format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
  );
  return (parts['hour'] ?? 0) * 60 + (parts['minute'] ?? 0);
}

function isQuiet({ fromMinute, toMinute }: QuietHours, minute: number): boolean {
  if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute;
  return minute >= fromMinute || minute < toMinute;
}

/** Epoch ms at which the quiet hours that hold `nowMs` end; null outside them. */
function quietEndMs(quiet: QuietHours, nowMs: number, timeZone: string): number | null {
  let atMs = nowMs;
  for (;;) {
    const minute = minuteOfDay(atMs, timeZone);
    if (!isQuiet(quiet, minute)) return atMs === nowMs ? null : atMs;
    const minutesLeft = (quiet.toMinute - minute + DAY_MINUTES) % DAY_MINUTES;
    // By the hour at most, as the clocks may be changed on the way.
    atMs = atMs - (atMs % MINUTE_MS) + Math.min(minutesLeft, 60) * MINUTE_MS;
  }
}

function hourWaitMs(perHour: number, { sentMs }: SendHistory, nowMs: number): number | null {
  const within = sentMs.filter((ms) => ms > nowMs - HOUR_MS);
  const leaving = within[within.length - perHour];
  return leaving === undefined ? null : leaving + HOUR_MS;
}

/** A send of the future was noted before the clock was set back: it counts as one of just now. */
export function withoutFuture(history: SendHistory, nowMs: number): SendHistory {
  if (history.sentMs.every((ms) => ms <= nowMs)) return history;
  return { ...history, sentMs: history.sentMs.map((ms) => Math.min(ms, nowMs)) };
}

/** Until when the pace allows no prompt, and why; null when one may be sent now. */
export function pacingWait(pacing: Pacing, history: SendHistory, nowMs: number): PacingWait | null {
  const { quiet, perHour, timeZone, gapMs } = pacing;
  // A clock that was set back must not make a gap of minutes one of hours.
  const gapEndMs = Math.min(history.nextMs, nowMs + 2 * gapMs);
  const waits: (PacingWait | null)[] = [
    gapEndMs > nowMs ? { untilMs: gapEndMs, why: 'gap' } : null,
  ];
  const hourMs = perHour === null ? null : hourWaitMs(perHour, history, nowMs);
  if (hourMs !== null) waits.push({ untilMs: hourMs, why: 'hour' });
  const quietMs = quiet === null ? null : quietEndMs(quiet, nowMs, timeZone);
  if (quietMs !== null) waits.push({ untilMs: quietMs, why: 'quiet' });
  const present = waits.filter((wait) => wait !== null);
  return present.toSorted((a, b) => b.untilMs - a.untilMs)[0] ?? null;
}

/** `fraction` in [0, 1) says how much of the jitter is added to the gap. */
export function afterSend(
  { gapMs, perHour }: Pacing,
  { sentMs }: SendHistory,
  nowMs: number,
  fraction: number,
): SendHistory {
  const counted = perHour === null ? [] : [...sentMs, nowMs].filter((ms) => ms > nowMs - HOUR_MS);
  return { sentMs: counted, nextMs: nowMs + Math.round(gapMs * (1 + fraction / 2)) };
}

/** What the operator reads of a wait. */
export function pacingReason(wait: PacingWait, { perHour }: Pacing): string {
  switch (wait.why) {
    case 'gap':
      return 'a pause between prompts (CHAT_GAP_SECONDS)';
    case 'hour':
      return `${perHour ?? 0} prompts were sent within the last hour (CHAT_MAX_PER_HOUR)`;
    case 'quiet':
      return 'quiet hours (CHAT_QUIET_HOURS)';
  }
}
