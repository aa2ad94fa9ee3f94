import { describe, expect, it } from 'vitest';
import { parseResetMs, throttleRestMs } from '../../../src/adapters/chat/page/limits.ts';

/** Monday, 23 November 2026, 16:30 in Bratislava. */
const NOW = '2026-11-23T15:30:00.000Z';

function resetOf(notice: string, now = NOW, timeZone = 'Europe/Bratislava'): string | null {
  const ms = parseResetMs(notice, { nowMs: Date.parse(now), timeZone });
  return ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z');
}

describe('a clock time', () => {
  it.each([
    ["You've hit your limit. Please try again after 11:59 PM.", '2026-11-23T22:59Z'],
    ['Try again after 11.59 p.m.', '2026-11-23T22:59Z'],
    ['Your limit resets at 6 PM', '2026-11-23T17:00Z'],
    ['until 12:15 AM', '2026-11-23T23:15Z'],
    ['until 12 PM', '2026-11-24T11:00Z'],
    ['Try again after 23:59', '2026-11-23T22:59Z'],
    ['Try again after 11:59\u202FPM', '2026-11-23T22:59Z'],
    ['try again after 6:00 PM UTC', '2026-11-23T18:00Z'],
    ['resets at midnight', '2026-11-23T23:00Z'],
    ['Dosiahli ste limit. Skúste to znova po 23:59.', '2026-11-23T22:59Z'],
    ['Skúste to znova o 18:05', '2026-11-23T17:05Z'],
    ['Skúste to po 18 hod.', '2026-11-23T17:00Z'],
    ['Limit erreicht. Versuchen Sie es nach 23:59 Uhr erneut.', '2026-11-23T22:59Z'],
    ['Versuchen Sie es nach 18.30 Uhr erneut.', '2026-11-23T17:30Z'],
    ['Erst ab 18 Uhr wieder verfügbar', '2026-11-23T17:00Z'],
  ])('%s', (notice, expected) => {
    expect(resetOf(notice)).toBe(expected);
  });

  it('that has passed today means tomorrow', () => {
    expect(resetOf('Try again after 4:29 PM')).toBe('2026-11-24T15:29Z');
    expect(resetOf('Try again after 4:30 PM')).toBe('2026-11-24T15:30Z');
    expect(resetOf('Try again after 4:31 PM')).toBe('2026-11-23T15:31Z');
  });

  it('is taken in the given time zone', () => {
    expect(resetOf('after 11:59 PM', NOW, 'America/Los_Angeles')).toBe('2026-11-24T07:59Z');
    expect(resetOf('after 11:59 PM', NOW, 'Asia/Kolkata')).toBe('2026-11-23T18:29Z');
  });

  it('is right on the days when the clocks change', () => {
    // Clocks go forward at 02:00 on 28 March 2027, and back at 03:00 on 25 October 2026.
    expect(resetOf('after 2:30 AM', '2027-03-27T22:00:00.000Z')).toBe('2027-03-28T01:30Z');
    expect(resetOf('after 4:00 AM', '2027-03-27T22:00:00.000Z')).toBe('2027-03-28T02:00Z');
    expect(resetOf('after 2:30 AM', '2026-10-24T22:00:00.000Z')).toBe('2026-10-25T01:30Z');
  });
});

describe('a day', () => {
  it.each([
    ['You can use it again until Nov 25 at 3:00 PM', '2026-11-25T14:00Z'],
    ['Resets November 25, 2026 at 3 PM', '2026-11-25T14:00Z'],
    ['Resets on 25 November at 15:00', '2026-11-25T14:00Z'],
    ['Available again on Nov 25th', '2026-11-24T23:00Z'],
    ['until 2026-11-25 15:00', '2026-11-25T14:00Z'],
    ['Resets 11/25 at 3:00 PM', '2026-11-25T14:00Z'],
    ['Resets 25/11 at 3:00 PM', '2026-11-25T14:00Z'],
    ['Try again tomorrow at 9:00 AM', '2026-11-24T08:00Z'],
    ['Try again tomorrow.', '2026-11-23T23:00Z'],
    ['Try again today at 18:00', '2026-11-23T17:00Z'],
    ['Resets on Wednesday at 8 AM', '2026-11-25T07:00Z'],
    ['Resets on Monday at 5 PM', '2026-11-23T16:00Z'],
    ['Resets on Monday at 4 PM', '2026-11-30T15:00Z'],
    ['Limit platí do 25. novembra o 15:00', '2026-11-25T14:00Z'],
    ['Limit sa obnoví 25. 11. o 15:00', '2026-11-25T14:00Z'],
    ['Limit sa obnoví zajtra o 9:00', '2026-11-24T08:00Z'],
    ['Limit sa obnoví v stredu o 8:00', '2026-11-25T07:00Z'],
    ['Ihr Limit wird am 25. November um 15:00 zurückgesetzt', '2026-11-25T14:00Z'],
    ['Wieder verfügbar ab 25.11.2026, 15:00 Uhr', '2026-11-25T14:00Z'],
    ['Bis 3. Dezember um 7.30 Uhr', '2026-12-03T06:30Z'],
    ['Versuchen Sie es morgen um 9 Uhr erneut', '2026-11-24T08:00Z'],
  ])('%s', (notice, expected) => {
    expect(resetOf(notice)).toBe(expected);
  });

  it('of January, read in December, is next year', () => {
    expect(resetOf('until Jan 2 at 9:00 AM', '2026-12-30T10:00:00.000Z')).toBe('2027-01-02T08:00Z');
  });
});

describe('a duration', () => {
  it.each([
    ['Try again in 2 hours', '2026-11-23T17:30Z'],
    ['Try again in 2 hours and 15 minutes.', '2026-11-23T17:45Z'],
    ['Please wait 5 minutes', '2026-11-23T15:35Z'],
    ['Try again in about an hour', '2026-11-23T16:30Z'],
    ['Resets in 3 days, 4 hours', '2026-11-26T19:30Z'],
    ['80 messages in 3 hours. Try again in 25 minutes.', '2026-11-23T15:55Z'],
    ['Skúste to znova o 2 hodiny', '2026-11-23T17:30Z'],
    ['Skúste to znova o 30 minút', '2026-11-23T16:00Z'],
    ['Skúste to znova o hodinu', '2026-11-23T16:30Z'],
    ['Počkajte 5 minút', '2026-11-23T15:35Z'],
    ['Versuchen Sie es in 2 Stunden und 5 Minuten erneut', '2026-11-23T17:35Z'],
    ['Bitte warten Sie 30 Minuten', '2026-11-23T16:00Z'],
  ])('%s', (notice, expected) => {
    expect(resetOf(notice)).toBe(expected);
  });
});

describe('what cannot be read, or cannot be meant', () => {
  it.each([
    [''],
    ["You've reached your limit."],
    ['The limit is 40 messages in 3 hours.'],
    ['Upgrade to Plus for 20.00 a month'],
    ['Try again after 25:99'],
    ['until Nov 31 '],
    ['until Nov 22 at 3:00 PM'],
    ['until Nov 22, 2027'],
    ['You may try again later'],
    ['Try again in 400 days'],
  ])('%s', (notice) => {
    expect(resetOf(notice)).toBeNull();
  });
});

describe('the rest after a throttle', () => {
  it('doubles from five minutes to half an hour', () => {
    expect([1, 2, 3, 4, 50].map((times) => throttleRestMs(times) / 60_000)).toEqual([
      5, 10, 20, 30, 30,
    ]);
  });
});
