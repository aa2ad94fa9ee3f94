import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLeadFeed } from '../../src/adapters/supabase/lead-feed.ts';
import type { Clock } from '../../src/ports.ts';
import { CROWDED, startFakeRealtime, type RealtimeMood } from '../support/fake-realtime.ts';
import { recordingLog } from '../support/recording-log.ts';

const SPEED = 100;

/** The supervisor's minutes as fractions of a second. */
function fastClock(): Clock {
  const startMs = performance.now();
  return {
    now: () => (performance.now() - startMs) * SPEED,
    async sleep(ms, signal) {
      const wait = sleep(ms / SPEED, undefined, signal === undefined ? {} : { signal });
      await wait.catch((error: unknown) => {
        if (signal?.aborted !== true) throw error;
      });
    },
  };
}

async function setUp(mood: RealtimeMood) {
  const server = await startFakeRealtime();
  onTestFinished(() => server.stop());
  server.feel(mood);
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the schema's type parameter is `any`
  const client: SupabaseClient = createClient(server.url, 'key', {
    auth: { persistSession: false },
    realtime: {
      timeout: 400,
      heartbeatIntervalMs: 200,
      reconnectAfterMs: (tries: number) => Math.min(50 * 2 ** tries, 1_000),
    },
  });
  const log = recordingLog();
  const random = { uuid: () => '', fraction: () => 0.5 };
  const feed = createLeadFeed({ client, clock: fastClock(), random, log });
  onTestFinished(() => feed.stop());
  let changes = 0;
  feed.start(() => {
    changes += 1;
  });
  const untilState = (state: string) =>
    expect.poll(() => feed.health().state, { timeout: 60_000, interval: 20 }).toBe(state);
  return { server, feed, log, untilState, changes: () => changes };
}

describe('the feed of leads, when Realtime', () => {
  it('is well, is live and says so', async () => {
    const { untilState, changes } = await setUp('well');
    await untilState('live');
    // Whatever was flagged before the subscription is looked for at once.
    expect(changes()).toBeGreaterThanOrEqual(1);
  });

  it.each(['silent', 'closing', 'crowded'] as const)(
    'is %s, is not taken for live, is not stormed, and recovers by itself',
    async (mood) => {
      const { server, feed, untilState, changes } = await setUp(mood);
      await expect.poll(() => server.joins(), { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
      const before = { joins: server.joins(), sockets: server.sockets() };
      await sleep(2_000);
      // Some joins in two hundred seconds of the supervisor: it waits between them, and ever longer.
      expect(server.joins() - before.joins).toBeLessThanOrEqual(20);
      expect(server.sockets() - before.sockets).toBeLessThanOrEqual(20);
      expect(feed.health().state).not.toBe('live');

      const told = changes();
      server.feel('well');
      await untilState('live');
      expect(changes()).toBeGreaterThan(told);
    },
  );

  it('has no connection left, is told of with the words to look up', async () => {
    const { feed, log } = await setUp('crowded');
    await expect.poll(() => feed.health().detail, { timeout: 60_000 }).toContain(CROWDED);
    expect(JSON.stringify(log.records)).toContain('IncreaseConnectionPool');
  });

  it('has no connection left and says so only after the join, is not taken for live', async () => {
    const { server, feed, untilState } = await setUp('crowded_later');
    await expect.poll(() => feed.health().detail, { timeout: 60_000 }).toContain(CROWDED);
    expect(feed.health().state).not.toBe('live');
    server.feel('well');
    await untilState('live');
  });

  it('goes silent behind an open connection, is found out and recovers by itself', async () => {
    const { server, feed, untilState } = await setUp('well');
    await untilState('live');
    server.feel('half_open');
    await untilState('down');
    server.feel('well');
    await untilState('live');
    expect(feed.health().detail).toBeNull();
  });
});
