import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scheduleDaily } from '../../../src/adapters/system/cron.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A schedule on a clock of its own, and the times at which it called back. */
function scheduled(startIso: string, cron = '0 6 * * *', timeZone = 'UTC') {
  const clock = virtualClock(startIso);
  const stop = new AbortController();
  const ticks: string[] = [];
  onTestFinished(() => stop.abort());
  scheduleDaily({
    cron,
    timeZone,
    clock,
    signal: stop.signal,
    onTick: () => ticks.push(new Date(clock.now()).toISOString()),
  });
  return {
    clock,
    ticks,
    stop,
    /** Lets time pass, a minute at a time. */
    pass: async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= MINUTE) {
        clock.advance(Math.min(left, MINUTE));
        await turnOfTheLoop();
      }
    },
  };
}

describe('the daily sweep', () => {
  it('comes once a day, at its time in its zone', async () => {
    const { ticks, pass } = scheduled('2026-11-23T00:00:30.000Z', '0 6 * * *', 'Europe/Bratislava');
    await pass(48 * HOUR);
    expect(ticks).toEqual(['2026-11-23T05:00:30.000Z', '2026-11-24T05:00:30.000Z']);
  });

  it('does not come when it is started after its time', async () => {
    const { ticks, pass } = scheduled('2026-11-23T06:00:00.000Z');
    await pass(23 * HOUR);
    expect(ticks).toEqual([]);
  });

  it('comes once on waking when the machine slept through it', async () => {
    const { clock, ticks, pass } = scheduled('2026-11-22T23:10:00.000Z');
    await pass(10 * MINUTE);
    clock.sleepThrough(9 * HOUR);
    expect(ticks).toEqual([]);
    await pass(2 * MINUTE);
    expect(ticks).toHaveLength(1);
    await pass(5 * HOUR);
    expect(ticks).toHaveLength(1);
  });

  it('comes once however many times of it were slept through', async () => {
    const { clock, ticks, pass } = scheduled('2026-11-22T23:10:00.000Z');
    await pass(10 * MINUTE);
    clock.sleepThrough(10 * 24 * HOUR);
    await pass(2 * MINUTE);
    expect(ticks).toHaveLength(1);
  });

  it('does not come twice when the clock is set back over its time', async () => {
    const { clock, ticks, pass } = scheduled('2026-11-23T05:30:00.000Z');
    await pass(45 * MINUTE);
    expect(ticks).toHaveLength(1);
    clock.setBack(HOUR);
    await pass(2 * HOUR);
    expect(ticks).toHaveLength(1);
    await pass(23 * HOUR);
    expect(ticks).toHaveLength(2);
  });

  it('comes the next day when a clock that was days ahead is put right', async () => {
    const { clock, ticks, pass } = scheduled('2026-12-23T07:30:00.000Z');
    await pass(10 * MINUTE);
    clock.setBack(30 * 24 * HOUR);
    await pass(24 * HOUR);
    expect(ticks).toHaveLength(1);
  });

  it('ends with its signal', async () => {
    const { stop, ticks, pass } = scheduled('2026-11-23T05:00:00.000Z');
    await pass(30 * MINUTE);
    stop.abort();
    await pass(2 * HOUR);
    expect(ticks).toEqual([]);
  });

  it('refuses what is no expression, and says how one looks', () => {
    expect(() => scheduled('2026-11-23T05:00:00.000Z', '0 25 * * *')).toThrow(/0 6 \* \* \*/);
  });
});
