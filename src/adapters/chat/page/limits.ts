/**
 * "Try again after 11:59 PM" → the instant that it means. The words are read in English, Slovak and
 * German, in the operator's time zone. What cannot be read, or cannot be meant, is null: the account is
 * then looked at again after an hour.
 */
import { folded } from './folded.ts';
import { addDays, epochMsOf, isRealDate, type WallTime, wallTimeAt, weekdayOf } from './zoned.ts';

export interface Here {
  readonly nowMs: number;
  /** IANA name, such as Europe/Bratislava. */
  readonly timeZone: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** No limit of a plan lasts longer than a month; what is further away was misread. */
const FURTHEST_MS = 45 * DAY_MS;
/** A date without a year that is this far in the past means next year's. */
const NEXT_YEAR_AFTER_MS = 180 * DAY_MS;

// --- durations: "in 2 hours and 15 minutes", "o 2 hodiny", "in 30 Minuten" ---------------------

const UNITS: readonly (readonly [pattern: string, ms: number])[] = [
  ['(?:days?|dni|den|dna|dnoch|tage?n?)', DAY_MS],
  ['(?:hours?|hrs?|hodin\\w*|stunden?|std)', HOUR_MS],
  ['(?:minutes?|mins?|minut\\w*)', MINUTE_MS],
  ['(?:seconds?|secs?|sekund\\w*)', 1_000],
];
const AN = '(?:an?|one|eine[rnm]?|jednu|jeden)';
const AMOUNT = UNITS.map(([unit]) => `(?:\\d+|${AN}) ?${unit}`).join('|');
const SPAN = `(?:${AMOUNT})(?:(?:,? (?:and|a|und) |,? )(?:${AMOUNT}))*`;
/** "40 messages in 3 hours" is the limit itself, not its end. */
const DURATION = new RegExp(
  `(?<!(?:messages?|requests?|sprav\\w*|nachrichten|anfragen) )\\b(?:in|after|wait|for|o|po|za|pockajte|nach|sie) (?:about |asi |etwa )?(${SPAN})`,
);
const HOUR_ALONE = /\b(?:o|za) (hodinu|minutu)\b/;

function amountMs(text: string): number {
  for (const [unit, ms] of UNITS) {
    const found = new RegExp(`^(\\d+|${AN}) ?${unit}$`).exec(text);
    if (found?.[1] !== undefined) return (/^\d/.test(found[1]) ? Number(found[1]) : 1) * ms;
  }
  return 0;
}

function durationMs(text: string): number | null {
  const span = DURATION.exec(text)?.[1];
  if (span !== undefined) {
    const amounts = span.match(new RegExp(AMOUNT, 'g')) ?? [];
    return amounts.reduce((total, amount) => total + amountMs(amount), 0);
  }
  const alone = HOUR_ALONE.exec(text)?.[1];
  if (alone === undefined) return null;
  return alone === 'hodinu' ? HOUR_MS : MINUTE_MS;
}

// --- the clock: "11:59 PM", "3 pm", "23:59", "15 Uhr", "midnight" -------------------------------

interface ClockTime {
  readonly hour: number;
  readonly minute: number;
}

const CLOCKS: readonly RegExp[] = [
  /(?<![\d.:/])(?<hour>\d{1,2}):(?<minute>\d{2})(?::\d{2})?(?!\d) ?(?<half>[ap]m\b)?/,
  // With a point only where a word says that it is a time: 20.00 may be a price, 25.11. a date.
  /(?<![\d.:/])(?<hour>\d{1,2})\.(?<minute>\d{2})(?: ?(?<half>[ap]m)| ?(?:uhr|hod))\b/,
  /(?<![\d.:/])(?<hour>\d{1,2}) ?(?<half>[ap]m)\b/,
  /(?<![\d.:/])(?<hour>\d{1,2}) ?(?:uhr|hod)\b/,
];
const MIDNIGHT = /\b(?:midnight|polnoc\w*|mitternacht)\b/;
const NOON = /\b(?:noon|poludn\w+)\b/;

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return NaN;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

function clockTime(text: string): ClockTime | null {
  for (const pattern of CLOCKS) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const hour = hourOf(Number(groups['hour']), groups['half']);
    const minute = Number(groups['minute'] ?? 0);
    if (hour < 24 && minute < 60) return { hour, minute };
  }
  if (MIDNIGHT.test(text)) return { hour: 0, minute: 0 };
  return NOON.test(text) ? { hour: 12, minute: 0 } : null;
}

// --- the day: "Nov 25", "25. novembra", "25.11.", "tomorrow", "on Monday" -----------------------

interface CalendarDay {
  readonly wall: WallTime;
  /** False when only day and month were said. */
  readonly yearKnown: boolean;
}

const MONTHS = [
  'jan',
  'feb',
  'mar',
  'apr',
  'ma[iyj]',
  'jun',
  'jul',
  'aug',
  'sep',
  'o[ck]t',
  'nov',
  'de[cz]',
];
const MONTH = `(?<month>(?:${MONTHS.join('|')})[a-z]*)\\.?`;
const YEAR = '(?:,? (?<year>20\\d{2}))?';
const DATES: readonly RegExp[] = [
  /\b(?<year>20\d{2})-(?<month>\d{2})-(?<day>\d{2})\b/,
  new RegExp(`\\b${MONTH} (?<day>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])${YEAR}`),
  new RegExp(`(?<!\\d)(?<day>\\d{1,2})(?:\\.|st|nd|rd|th)? (?:of )?${MONTH}(?![a-z])${YEAR}`),
  /(?<![\d.])(?<day>\d{1,2})\. ?(?<month>\d{1,2})\.(?: ?(?<year>20\d{2}))?/,
  /(?<![\d/])(?<month>\d{1,2})\/(?<day>\d{1,2})(?:\/(?<year>20\d{2}))?(?!\d)/,
];
const TODAY = /\b(?:today|tonight|dnes|heute)\b/;
const TOMORROW = /\b(?:tomorrow|zajtra|morgen)\b/;
/** From Sunday on. */
const WEEKDAYS: readonly RegExp[] = [
  /\b(?:sunday|nedel[aeu]|sonntag)\b/,
  /\b(?:monday|pondel(?:ok|ka|ku)|montag)\b/,
  /\b(?:tuesday|utor(?:ok|ka|ku)|dienstag)\b/,
  /\b(?:wednesday|stred[aeuy]|mittwoch)\b/,
  /\b(?:thursday|stvrt(?:ok|ka|ku)|donnerstag)\b/,
  /\b(?:friday|piat(?:ok|ka|ku)|freitag)\b/,
  /\b(?:saturday|sobot[aeuy]|samstag)\b/,
];

function monthOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  return MONTHS.findIndex((stem) => new RegExp(`^${stem}`).test(text)) + 1;
}

function writtenDate(text: string, now: WallTime): CalendarDay | null {
  for (const pattern of DATES) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const [first, second] = [monthOf(groups['month'] ?? ''), Number(groups['day'])];
    // 25/11: with slashes the month comes first only where it can.
    const [month, day] = first > 12 ? [second, first] : [first, second];
    const year = Number(groups['year'] ?? now.year);
    const wall = { year, month, day, hour: 0, minute: 0 };
    if (isRealDate(wall)) return { wall, yearKnown: groups['year'] !== undefined };
  }
  return null;
}

function namedDay(text: string, now: WallTime, clock: ClockTime | null): CalendarDay | null {
  if (TOMORROW.test(text)) return { wall: addDays(now, 1), yearKnown: true };
  if (TODAY.test(text)) return { wall: now, yearKnown: true };
  const weekday = WEEKDAYS.findIndex((pattern) => pattern.test(text));
  if (weekday < 0) return null;
  const ahead = (weekday - weekdayOf(now) + 7) % 7;
  const minutes = (time: ClockTime): number => time.hour * 60 + time.minute;
  const over = ahead === 0 && (clock === null || minutes(clock) <= minutes(now));
  return { wall: addDays(now, over ? 7 : ahead), yearKnown: true };
}

// --- together -----------------------------------------------------------------------------------

function atClock(day: WallTime, clock: ClockTime | null): WallTime {
  return { ...day, hour: clock?.hour ?? 0, minute: clock?.minute ?? 0 };
}

function absoluteMs(text: string, { nowMs, timeZone }: Here): number | null {
  const zone = /\b(?:utc|gmt)\b/.test(text) ? 'UTC' : timeZone;
  const now = wallTimeAt(nowMs, zone);
  const clock = clockTime(text);
  const day = writtenDate(text, now) ?? namedDay(text, now, clock);
  if (day === null) {
    if (clock === null) return null;
    const todayMs = epochMsOf(atClock(now, clock), zone);
    return todayMs > nowMs ? todayMs : epochMsOf(atClock(addDays(now, 1), clock), zone);
  }
  const wall = atClock(day.wall, clock);
  const ms = epochMsOf(wall, zone);
  const isNextYear = !day.yearKnown && nowMs - ms > NEXT_YEAR_AFTER_MS;
  return isNextYear ? epochMsOf({ ...wall, year: wall.year + 1 }, zone) : ms;
}

/** What follows says when; a number before it is often the limit itself. */
const ANCHOR =
  /\b(?:try again|resets?|renews?|available|until|wait|skuste|znova|obnov\w*|pockajte|versuchen|erneut|bis|warten|verfugbar)\b/;

/** Epoch ms at which a notice says that a limit ends, always after now; null when it does not. */
export function parseResetMs(notice: string, here: Here): number | null {
  const text = folded(notice);
  const anchor = ANCHOR.exec(text);
  const parts = anchor === null ? [text] : [text.slice(anchor.index), text];
  for (const part of parts) {
    const lastsMs = durationMs(part);
    const ms = lastsMs === null ? absoluteMs(part, here) : here.nowMs + lastsMs;
    if (ms !== null && ms > here.nowMs && ms - here.nowMs <= FURTHEST_MS) return ms;
  }
  return null;
}

const FIRST_REST_MS = 5 * MINUTE_MS;
const LONGEST_REST_MS = 30 * MINUTE_MS;

/** How long the account rests when the page says "too many requests", by how often it has in a row. */
export function throttleRestMs(timesInARow: number): number {
  return Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.max(0, timesInARow - 1));
}
