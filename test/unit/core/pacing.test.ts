import { describe, expect, it } from 'vitest';
import {
  afterSend,
  NO_SENDS,
  pacingWait,
  parseQuietHours,
  type Pacing,
} from '../../../src/core/pacing.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (iso: string): number => Date.parse(iso);
const pacing = (given: Partial<Pacing>): Pacing => ({
  gapMs: 0,
  perHour: null,
  quiet: null,
  timeZone: 'UTC',
  ...given,
});
const NIGHT = { fromMinute: 22 * 60, toMinute: 7 * 60 };

describe('quiet hours', () => {
  it.each([
    ['22:00-07:00', NIGHT],
    [' 9:30 – 17:05 ', { fromMinute: 570, toMinute: 1025 }],
    ['00:00-24:00', null],
    ['07:00-07:00', null],
    ['22-7', null],
    ['', null],
  ])('%j is read as %j', (text, hours) => {
    expect(parseQuietHours(text)).toEqual(hours);
  });

  it.each([
    ['in the evening', '2026-11-24T22:00:00Z', '2026-11-25T07:00:00Z'],
    ['after midnight, to the second', '2026-11-25T06:59:59Z', '2026-11-25T07:00:00Z'],
    ['not by day', '2026-11-25T07:00:00Z', null],
    ['not a moment early', '2026-11-24T21:59:59Z', null],
  ])('over midnight: %s', (_, now, end) => {
    const wait = pacingWait(pacing({ quiet: NIGHT }), NO_SENDS, at(now));
    expect(wait).toEqual(end === null ? null : { untilMs: at(end), why: 'quiet' });
  });

  it('are told in their own time zone', () => {
    const paced = pacing({ quiet: NIGHT, timeZone: 'America/New_York' });
    expect(pacingWait(paced, NO_SENDS, at('2026-11-25T03:30:00Z'))).toEqual({
      untilMs: at('2026-11-25T12:00:00Z'),
      why: 'quiet',
    });
  });

  it.each([
    ['an hour is skipped', '2026-03-29T00:30:00Z', '2026-03-29T05:00:00Z'],
    ['an hour comes twice', '2026-10-25T00:30:00Z', '2026-10-25T06:00:00Z'],
  ])('end at the clock’s seven in a night in which %s', (_, now, end) => {
    const paced = pacing({ quiet: NIGHT, timeZone: 'Europe/Bratislava' });
    expect(pacingWait(paced, NO_SENDS, at(now))?.untilMs).toBe(at(end));
  });
});

describe('the gap and the hour', () => {
  const nowMs = at('2026-11-24T12:00:00Z');

  it('leave room at first', () => {
    expect(pacingWait(pacing({ gapMs: 1_000, perHour: 1 }), NO_SENDS, nowMs)).toBeNull();
  });

  it.each([
    [0, 20_000],
    [0.5, 25_000],
    [0.999, 29_990],
  ])('with the dice at %d the gap is %d ms', (fraction, gapMs) => {
    const paced = pacing({ gapMs: 20_000 });
    const history = afterSend(paced, NO_SENDS, nowMs, fraction);
    expect(pacingWait(paced, history, nowMs)).toEqual({ untilMs: nowMs + gapMs, why: 'gap' });
    expect(pacingWait(paced, history, nowMs + gapMs)).toBeNull();
  });

  it('count the sends of any hour, not of the clock’s', () => {
    const paced = pacing({ perHour: 3 });
    let history = NO_SENDS;
    for (const minute of [0, 20, 40])
      history = afterSend(paced, history, nowMs + minute * MINUTE, 0);
    expect(pacingWait(paced, history, nowMs + 50 * MINUTE)).toEqual({
      untilMs: nowMs + HOUR,
      why: 'hour',
    });
    expect(pacingWait(paced, history, nowMs + HOUR)).toBeNull();
  });

  it('keep no more than an hour of sends', () => {
    const paced = pacing({ perHour: 3 });
    const old = { sentMs: [nowMs - 2 * HOUR, nowMs - HOUR], nextMs: 0 };
    expect(afterSend(paced, old, nowMs, 0).sentMs).toEqual([nowMs]);
  });

  it('do not wait for hours when the clock was set back', () => {
    const paced = pacing({ gapMs: 20_000 });
    const history = afterSend(paced, NO_SENDS, nowMs + 5 * HOUR, 0);
    expect(pacingWait(paced, history, nowMs)?.untilMs).toBe(nowMs + 40_000);
  });

  it('name the longest of several waits', () => {
    const paced = pacing({ gapMs: 20_000, perHour: 1 });
    const history = afterSend(paced, NO_SENDS, nowMs, 0);
    expect(pacingWait(paced, history, nowMs)).toEqual({ untilMs: nowMs + HOUR, why: 'hour' });
  });
});
