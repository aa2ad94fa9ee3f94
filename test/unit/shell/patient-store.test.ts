import { describe, expect, it } from 'vitest';
import { PlanlineError } from '../../../src/core/errors.ts';
import type { EventStore } from '../../../src/ports.ts';
import { patient, patientStore } from '../../../src/shell/patient-store.ts';
import { memoryDatabase } from '../../support/memory-database.ts';
import { memoryOutbox } from '../../support/memory-outbox.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { recordingLog } from '../../support/recording-log.ts';

const away = () => new PlanlineError('unavailable', 'The database cannot be reached just now.');

/** A call that fails so many times, and the waits between its tries. */
function setUp({ failures, fraction = 0 }: { failures: number; fraction?: number }) {
  const clock = manualClock('2026-11-23T10:00:00.000Z');
  const log = recordingLog();
  const stop = new AbortController();
  const waits: number[] = [];
  let error: Error = away();
  let calls = 0;
  let waiting = (): void => undefined;
  const call = patient(
    async (a: string, b: number) => {
      calls += 1;
      if (calls <= failures) throw error;
      return `${a} ${b}`;
    },
    {
      clock: {
        now: () => clock.now(),
        async sleep(ms) {
          waits.push(ms);
          waiting();
          clock.advance(ms);
        },
      },
      random: { uuid: () => '', fraction: () => fraction },
      log,
      signal: stop.signal,
    },
  );
  return {
    call,
    waits,
    log,
    stop,
    calls: () => calls,
    onWait: (next: () => void) => {
      waiting = next;
    },
    failsWith: (next: Error) => {
      error = next;
    },
  };
}

describe('a patient store', () => {
  it('passes a call and its answer on', async () => {
    const { call, waits, log } = setUp({ failures: 0 });
    expect(await call('a', 1)).toBe('a 1');
    expect(waits).toEqual([]);
    expect(log.records).toEqual([]);
  });

  it('waits out a database that is away, ever longer but never long', async () => {
    const { call, waits, log, calls } = setUp({ failures: 9 });
    expect(await call('a', 1)).toBe('a 1');
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000]);
    expect(calls()).toBe(10);
    // Told of ever more rarely, and not never.
    const levels = log.records.map(({ level }) => level);
    expect(levels).toEqual([
      'warn',
      'warn',
      'debug',
      'warn',
      'debug',
      'debug',
      'debug',
      'warn',
      'debug',
    ]);
    expect(log.records[0]).toMatchObject({
      level: 'warn',
      fields: { attempt: 1, waitMs: 500, reason: away().message },
    });
  });

  it('spreads its tries', async () => {
    const { call, waits } = setUp({ failures: 3, fraction: 0.5 });
    await call('a', 1);
    expect(waits).toEqual([375, 750, 1_500]);
  });

  it('starts anew with each call', async () => {
    const { call, waits } = setUp({ failures: 1 });
    await call('a', 1);
    await call('b', 2);
    expect(waits).toEqual([500]);
  });

  it('gives up when it is told to stop, and says so', async () => {
    const { call, stop, calls } = setUp({ failures: 1_000_000 });
    stop.abort();
    const error = await call('a', 1).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'stopping', cause: { code: 'unavailable' } });
    expect(calls()).toBe(1);
  });

  it('does not wait any more when it was told to stop during a try', async () => {
    const { call, stop, waits } = setUp({ failures: 1 });
    const asked = call('a', 1);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'stopping' });
    expect(waits).toEqual([]);
  });

  it('tries once more when it was told to stop during a wait', async () => {
    const back = setUp({ failures: 1 });
    back.onWait(() => back.stop.abort());
    expect(await back.call('a', 1)).toBe('a 1');
    const gone = setUp({ failures: 2 });
    gone.onWait(() => gone.stop.abort());
    await expect(gone.call('a', 1)).rejects.toMatchObject({ code: 'stopping' });
    expect(gone.calls()).toBe(2);
  });

  it.each([
    new PlanlineError('stale_lease', 'taken over'),
    new PlanlineError('stale_stream', 'read on'),
    new PlanlineError('lead_moved', 'gone'),
    new PlanlineError('setup', 'no migrations'),
    new PlanlineError('permanent', 'no such thing'),
    new TypeError('a bug'),
  ])('passes any other error on at once: $message', async (error) => {
    const { call, failsWith, calls, waits, log } = setUp({ failures: 1 });
    failsWith(error);
    await expect(call('a', 1)).rejects.toBe(error);
    expect(calls()).toBe(1);
    expect(waits).toEqual([]);
    expect(log.records).toEqual([]);
  });
});

describe('a whole store that is patient', () => {
  it('waits for no claim once it is to stop, but for what is under way', async () => {
    const clock = manualClock('2026-11-23T10:00:00.000Z');
    const memory = memoryDatabase(clock, memoryOutbox(clock));
    const id = await memory.directory.add({ description: 'I want to learn' });
    let isAway = true;
    const flaky: EventStore = {
      ...memory.store,
      claim: () => Promise.reject(away()),
      read: (leadId, afterSeq) =>
        isAway ? Promise.reject(away()) : memory.store.read(leadId, afterSeq),
    };
    const stopping = new AbortController();
    const store = patientStore(flaky, {
      clock: {
        now: () => clock.now(),
        async sleep() {
          isAway = false;
        },
      },
      random: { uuid: () => '', fraction: () => 0 },
      log: recordingLog(),
      signal: new AbortController().signal,
      stopping: stopping.signal,
    });
    stopping.abort();
    await expect(store.claim({ daemon: 'd1', leaseMs: 1, running: [] })).rejects.toMatchObject({
      code: 'stopping',
    });
    expect(await store.read(id, 0)).toMatchObject([{ type: 'lead.flagged' }]);
  });

  /** A store of which one call fails for good, and the others when they are told to. */
  function refusing({ isAway }: { isAway: () => boolean }) {
    const clock = manualClock('2026-11-23T10:00:00.000Z');
    const memory = memoryDatabase(clock, memoryOutbox(clock));
    const tries = { append: 0, renew: 0 };
    const stop = new AbortController();
    const store = patientStore(
      {
        ...memory.store,
        async append() {
          tries.append += 1;
          throw away();
        },
        async renew() {
          tries.renew += 1;
          if (isAway()) throw away();
        },
      },
      {
        clock: { now: () => clock.now(), sleep: () => new Promise((done) => setImmediate(done)) },
        random: { uuid: () => '', fraction: () => 0 },
        log: recordingLog(),
        signal: stop.signal,
        stopping: stop.signal,
      },
    );
    const request = { leadId: 'a', epoch: 1, expectedSeq: 0, events: [], runId: null };
    return { store, tries, stop, request };
  }

  it('gives up a call that the database refuses while it answers others', async () => {
    const { store, tries, request } = refusing({ isAway: () => false });
    const over = new AbortController();
    const append = store.append(request).finally(() => over.abort());
    const renewing = (async () => {
      while (!over.signal.aborted) {
        await store.renew('a', 1, 1_000);
        await new Promise((done) => setImmediate(done));
      }
    })();
    await expect(append).rejects.toMatchObject({
      code: 'retryable',
      cause: { code: 'unavailable' },
    });
    await renewing;
    expect(tries.append).toBeGreaterThanOrEqual(10);
    expect(tries.renew).toBeGreaterThanOrEqual(10);
  });

  it('gives up nothing while the database answers nobody', async () => {
    const { store, tries, stop, request } = refusing({ isAway: () => true });
    const append = store.append(request);
    const renew = store.renew('a', 1, 1_000);
    while (tries.append < 100 || tries.renew < 100) await new Promise((done) => setImmediate(done));
    stop.abort();
    await expect(append).rejects.toMatchObject({ code: 'stopping' });
    await expect(renew).rejects.toMatchObject({ code: 'stopping' });
  });
});
