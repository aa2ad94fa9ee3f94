import { describe, expect, it } from 'vitest';
import { UNARMED } from '../../../src/core/crash-points.ts';
import { dailySweep, missed } from '../../../src/shell/daily-sweep.ts';
import { memoryOutbox } from '../../support/memory-outbox.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const HOUR = 3_600_000;
const ms = Date.parse;

interface Setting {
  readonly now: string;
  /** Resolves when the leads of the sweep are done; they are at once. */
  readonly idle?: () => Promise<void>;
  /** What counting throws, the nth time. */
  readonly countFails?: (nth: number) => boolean;
}

function sweeper({ now, idle = () => Promise.resolve(), countFails = () => false }: Setting) {
  const clock = virtualClock(now);
  const log = recordingLog();
  const outbox = memoryOutbox(clock);
  const counted: string[] = [];
  const stopping = new AbortController();
  const summary = async (sinceMs: number, untilMs: number) => {
    counted.push(`${new Date(sinceMs).toISOString()} ${new Date(untilMs).toISOString()}`);
    // While it is counted, time goes on.
    clock.advance(1_000);
    if (countFails(counted.length)) throw new Error('the database is away');
    return { archived: 1, blocked: 0, running: 0, flagged: 0, blockedLeads: [] };
  };
  const deps = {
    shell: {
      clock,
      log,
      crash: UNARMED,
      directory: { summary },
      options: { channels: ['slack'] },
    },
    outbox,
    dispatcher: { look: async () => [], idle, taken: () => 0 },
    pollMs: 60_000,
    startedMs: ms(now),
    dayOf: (at: number) => new Date(at).toISOString().slice(0, 10),
    eraseLeftOvers: () => Promise.resolve(),
  };
  return {
    clock,
    log,
    counted,
    stopping,
    told: () => outbox.rows.map(({ key, notification }) => ({ key, notification })),
    sweep: (due: string) => dailySweep(deps, ms(due), stopping.signal),
  };
}

describe('the daily sweep', () => {
  it('sums up the day for which it was due, though that is over', async () => {
    const { sweep, told, counted } = sweeper({ now: '2026-11-23T08:00:00.000Z' });
    await sweep('2026-11-22T23:00:00.000Z');
    expect(told()).toMatchObject([
      { key: 'daily_summary/2026-11-22', notification: { day: '2026-11-22' } },
    ]);
    expect(counted).toEqual(['2026-11-22T08:00:00.000Z 2026-11-23T08:00:00.000Z']);
  });

  it('counts from the summary before it, however long ago that was', async () => {
    const { sweep, told, counted, clock } = sweeper({ now: '2026-11-20T06:00:00.000Z' });
    await sweep('2026-11-20T06:00:00.000Z');
    clock.advance(75 * HOUR);
    await sweep('2026-11-23T06:00:00.000Z');
    expect(counted[1]).toBe('2026-11-20T06:00:00.000Z 2026-11-23T09:00:01.000Z');
    expect(told().map(({ notification }) => notification)).toMatchObject([
      { day: '2026-11-20' },
      { day: '2026-11-23', since: '2026-11-20' },
    ]);
    expect(told()[0]?.notification).not.toHaveProperty('since');
  });

  it('tells nothing twice on one day', async () => {
    const { sweep, told, clock } = sweeper({ now: '2026-11-23T06:00:00.000Z' });
    await sweep('2026-11-23T06:00:00.000Z');
    clock.advance(HOUR);
    expect(await sweep('2026-11-23T07:00:00.000Z')).not.toBeNull();
    expect(told()).toHaveLength(1);
  });

  it('waits for its leads until an hour after its time', async () => {
    const { sweep, counted, clock } = sweeper({
      now: '2026-11-23T06:00:00.000Z',
      idle: () => new Promise(() => undefined),
    });
    await clock.through(sweep('2026-11-23T05:30:00.000Z'));
    expect(counted).toEqual(['2026-11-22T06:30:00.000Z 2026-11-23T06:30:00.000Z']);
  });

  it('that comes hours late sums up at once', async () => {
    const { sweep, told } = sweeper({
      now: '2026-11-23T09:00:00.000Z',
      idle: () => new Promise(() => undefined),
    });
    await sweep('2026-11-23T06:00:00.000Z');
    expect(told()).toHaveLength(1);
  });

  it('that fails says why, and tells when it is repeated', async () => {
    const { sweep, told, log } = sweeper({
      now: '2026-11-23T06:00:00.000Z',
      countFails: (nth) => nth === 1,
    });
    expect(await sweep('2026-11-23T06:00:00.000Z')).toBeNull();
    expect(log.records).toMatchObject([
      { level: 'error', fields: { reason: 'the database is away' } },
    ]);
    expect(told()).toEqual([]);
    expect(await sweep('2026-11-23T06:00:00.000Z')).not.toBeNull();
    expect(told()).toHaveLength(1);
  });

  it('that is stopped while it waits tells nothing: the next start does', async () => {
    const { sweep, told, stopping, counted } = sweeper({
      now: '2026-11-23T06:00:00.000Z',
      idle: () => new Promise(() => undefined),
    });
    const work = sweep('2026-11-23T06:00:00.000Z');
    stopping.abort();
    expect(await work).toBeNull();
    expect([told(), counted]).toEqual([[], []]);
  });
});

describe('what the sweep alone found', () => {
  const nowMs = 1_000_000;
  const due = (agoMs: number): number => nowMs - agoMs;

  it('was due for longer than the poll takes', () => {
    expect(missed([due(0), due(119_000), due(121_000), due(900_000)], 0, nowMs, 60_000)).toBe(2);
    expect(missed([], 0, nowMs, 60_000)).toBe(0);
    // A row without a time says nothing.
    expect(missed([Number.NaN], 0, nowMs, 60_000)).toBe(0);
  });

  it('is nothing while the first polls of a process may still be looking', () => {
    expect(missed([due(900_000)], due(30_000), nowMs, 60_000)).toBe(0);
    expect(missed([due(900_000)], due(130_000), nowMs, 60_000)).toBe(1);
  });
});
