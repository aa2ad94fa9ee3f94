import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSweepMemory } from '../../../src/adapters/disk/sweep-memory.ts';
import { scheduleDaily } from '../../../src/adapters/system/cron.ts';
import { UNARMED } from '../../../src/core/crash-points.ts';
import type { SweepMemory } from '../../../src/ports.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const iso = (ms: number): string => new Date(ms).toISOString();

function memoryOf(startIso: string | null): SweepMemory & { readonly noted: string[] } {
  const noted = startIso === null ? [] : [startIso];
  return {
    noted,
    load: () => Promise.resolve(noted.length === 0 ? null : Date.parse(noted.at(-1) ?? '')),
    save: (ms) => {
      noted.push(iso(ms));
      return Promise.resolve();
    },
  };
}

interface Setting {
  readonly cron?: string;
  readonly timeZone?: string;
  readonly memory?: SweepMemory;
  /** Whether the sweep that is the nth tick succeeds. */
  readonly succeeds?: (nth: number) => boolean;
}

/** A schedule on a clock of its own, when it called back, and for which times. */
function scheduled(
  startIso: string,
  { cron = '0 6 * * *', timeZone = 'UTC', memory, succeeds = () => true }: Setting = {},
) {
  const clock = virtualClock(startIso);
  const log = recordingLog();
  const stop = new AbortController();
  const ticks: string[] = [];
  const dues: string[] = [];
  onTestFinished(() => stop.abort());
  const ended = scheduleDaily({
    cron,
    timeZone,
    clock,
    log,
    crash: UNARMED,
    memory: memory ?? memoryOf(null),
    signal: stop.signal,
    onTick: (dueMs) => {
      ticks.push(iso(clock.now()));
      dues.push(iso(dueMs));
      return Promise.resolve(succeeds(ticks.length));
    },
  });
  return {
    clock,
    log,
    ticks,
    dues,
    stop,
    ended,
    /** Lets time pass, a minute at a time. */
    pass: async (ms: number): Promise<void> => {
      await turnOfTheLoop();
      for (let left = ms; left > 0; left -= MINUTE) {
        clock.advance(Math.min(left, MINUTE));
        await turnOfTheLoop();
      }
    },
  };
}

describe('the daily sweep', () => {
  it('comes once a day, at its time in its zone', async () => {
    const { ticks, pass } = scheduled('2026-11-23T00:00:30.000Z', {
      timeZone: 'Europe/Bratislava',
    });
    await pass(48 * HOUR);
    expect(ticks).toEqual(['2026-11-23T05:00:30.000Z', '2026-11-24T05:00:30.000Z']);
  });

  it('does not come to a new home that is started after its time', async () => {
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

  it('names the time that it stands for, also when that was slept through', async () => {
    const { clock, dues, pass } = scheduled('2026-11-22T22:00:00.000Z', { cron: '0 23 * * *' });
    await pass(10 * MINUTE);
    clock.sleepThrough(3 * HOUR);
    await pass(24 * HOUR);
    expect(dues).toEqual(['2026-11-22T23:00:00.000Z', '2026-11-23T23:00:00.000Z']);
  });

  it('comes soon after the start when the machine was off at its time', async () => {
    const memory = memoryOf('2026-11-20T06:00:00.000Z');
    const { ticks, dues, pass } = scheduled('2026-11-23T08:15:30.000Z', { memory });
    await pass(MINUTE);
    expect(ticks).toHaveLength(1);
    expect(dues).toEqual(['2026-11-23T06:00:00.000Z']);
    await pass(10 * HOUR);
    expect(ticks).toHaveLength(1);
    expect(memory.noted).toEqual(['2026-11-20T06:00:00.000Z', ticks[0]]);
  });

  it('may be named to the second, and is found hours later all the same', async () => {
    const memory = memoryOf('2026-11-23T05:59:59.000Z');
    const { dues, pass } = scheduled('2026-11-23T16:20:00.000Z', { cron: '30 0 6 * * *', memory });
    await pass(MINUTE);
    expect(dues).toEqual(['2026-11-23T06:00:30.000Z']);
  });

  it('does not come again after a restart on the same day', async () => {
    const memory = memoryOf(null);
    const first = scheduled('2026-11-23T05:30:00.000Z', { memory });
    await first.pass(HOUR);
    first.stop.abort();
    const second = scheduled('2026-11-23T06:30:00.000Z', { memory });
    await second.pass(23 * HOUR);
    expect([first.ticks.length, second.ticks.length]).toEqual([1, 0]);
  });

  it.each(['0 6 * * *', '0 0 6 * * *'])(
    'comes again each minute until it succeeds, by %s',
    async (cron) => {
      const memory = memoryOf('2026-11-23T05:00:00.000Z');
      const { dues, pass } = scheduled('2026-11-23T05:59:00.000Z', {
        cron,
        memory,
        succeeds: (nth) => nth === 3,
      });
      await pass(2 * MINUTE);
      expect(memory.noted).toHaveLength(1);
      await pass(HOUR);
      expect(dues).toEqual(Array.from({ length: 3 }, () => '2026-11-23T06:00:00.000Z'));
      expect(memory.noted).toHaveLength(2);
    },
  );

  it('takes a note that is days ahead for a clock that was wrong', async () => {
    const memory = memoryOf('2026-12-23T06:00:00.000Z');
    // Its time falls into the first look.
    const { ticks, pass } = scheduled('2026-11-23T05:59:30.000Z', { memory });
    await pass(HOUR);
    expect(ticks).toHaveLength(1);
    expect(memory.noted[1]).toBe('2026-11-23T05:59:30.000Z');
  });

  it('is found weeks later where it is rare', async () => {
    const memory = memoryOf('2026-10-20T06:00:00.000Z');
    const { dues, pass } = scheduled('2026-11-23T05:30:30.000Z', { cron: '0 6 1 * *', memory });
    await pass(MINUTE);
    expect(dues).toEqual(['2026-11-01T06:00:00.000Z']);
  });

  it('goes on from now when its note cannot be read just now, and leaves it', async () => {
    const saved: number[] = [];
    const { ticks, log, pass } = scheduled('2026-11-23T05:30:00.000Z', {
      memory: {
        load: () => Promise.reject(new Error('too many files are open')),
        save: async (ms) => void saved.push(ms),
      },
    });
    await pass(15 * MINUTE);
    expect([ticks, saved]).toEqual([[], []]);
    expect(log.records).toMatchObject([{ fields: { reason: 'too many files are open' } }]);
    await pass(23 * HOUR);
    expect([ticks.length, saved.length]).toEqual([1, 1]);
  });

  it('writes a note anew that holds something else', async () => {
    const path = join(await tempFolder(), 'last-daily-sweep');
    await writeFile(path, 'six');
    const { log, stop, pass, ended } = scheduled('2026-11-23T05:30:00.000Z', {
      memory: createSweepMemory(path),
    });
    await vi.waitFor(async () => {
      expect(await readFile(path, 'utf8')).toBe('2026-11-23T05:30:00.000Z\n');
    });
    stop.abort();
    await pass(MINUTE);
    await ended;
    expect(log.records.map(({ fields }) => fields['reason'])).toEqual([
      expect.stringContaining(path),
    ]);
  });

  it('comes all the same where nothing can be noted, and says what follows', async () => {
    const { ticks, log, pass } = scheduled('2026-11-23T05:30:00.000Z', {
      memory: {
        load: () => Promise.resolve(null),
        save: () => Promise.reject(new Error('the disk is full')),
      },
    });
    await pass(24 * HOUR);
    expect(ticks).toHaveLength(1);
    expect(log.records.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: A daily sweep that is missed before the first one here will not be made up for',
      'warn: The daily sweep was not noted; a restart repeats it, and tells nothing twice',
    ]);
  });

  it('ends with its signal', async () => {
    const { stop, ticks, pass, ended } = scheduled('2026-11-23T05:00:00.000Z');
    await pass(30 * MINUTE);
    stop.abort();
    await pass(2 * HOUR);
    await ended;
    expect(ticks).toEqual([]);
  });

  it('refuses what is no expression, and says how one looks', () => {
    expect(() => scheduled('2026-11-23T05:00:00.000Z', { cron: '0 25 * * *' })).toThrow(
      /0 6 \* \* \*/,
    );
  });
});

describe('the note of the last daily sweep', () => {
  it('is a file of the home that a person can read', async () => {
    const path = join(await tempFolder(), 'home', 'last-daily-sweep');
    const memory = createSweepMemory(path);
    expect(await memory.load()).toBeNull();
    await memory.save(Date.parse('2026-11-23T06:00:01.000Z'));
    expect(await memory.load()).toBe(Date.parse('2026-11-23T06:00:01.000Z'));
    expect(await readFile(path, 'utf8')).toBe('2026-11-23T06:00:01.000Z\n');
  });

  it('names its file when that holds something else', async () => {
    const path = join(await tempFolder(), 'last-daily-sweep');
    await writeFile(path, 'six');
    await expect(createSweepMemory(path).load()).rejects.toThrow(path);
  });
});
