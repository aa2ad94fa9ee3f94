/** What monitoring sees of a daemon at work: numbers and states, and nothing of a person. */
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/adapters/metrics/metrics.ts';
import { ChatError, PlanlineError } from '../../../src/core/errors.ts';
import { healthRoutes } from '../../../src/dashboard/health.ts';
import type { AccountState, FeedHealth } from '../../../src/ports.ts';
import { createDispatcher } from '../../../src/shell/dispatcher.ts';
import { meteredStore } from '../../../src/shell/metered-store.ts';
import { MARKED, MARKS } from '../../support/marks.ts';
import { openTestWorkshop } from '../../support/workshop.ts';

async function openMonitored() {
  const workshop = await openTestWorkshop();
  const metrics = createMetrics();
  const shell = { ...workshop.shell, store: meteredStore(workshop.shell.store, metrics.meter) };
  const dispatcher = createDispatcher(shell, workshop.signals);
  const now = {
    state: 'live',
    feed: 'live' as FeedHealth['state'],
    account: 'ready' as AccountState['at'],
    sweep: null as { atMs: number } | null,
    database: 'up' as 'up' | 'down' | 'silent',
  };
  const app = healthRoutes({
    directory: {
      count: async (statuses) => {
        if (now.database === 'down') throw new PlanlineError('unavailable', 'no route to it');
        if (now.database === 'silent') return new Promise(() => undefined);
        return shell.directory.count(statuses);
      },
    },
    outbox: workshop.outbox,
    clock: workshop.clock,
    metrics,
    daemon: {
      state: () => now.state,
      feed: () => ({ state: now.feed }),
      account: { state: () => ({ at: now.account }) },
      running: () => dispatcher.running(),
      lastSweep: () => now.sweep,
    },
  });
  return {
    ...workshop,
    now,
    metrics,
    shell,
    get: (path: string) => Promise.resolve(app.request(path)),
    async work() {
      dispatcher.poke();
      await dispatcher.idle();
    },
  };
}

/** Values by series, as Prometheus reads them. */
async function scraped(response: Response): Promise<Map<string, number>> {
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('planline_'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

describe('/metrics', () => {
  it('counts prompts, steps and leads, and says nothing of a person', async () => {
    const monitored = await openMonitored();
    await monitored.database.directory.add({ description: MARKED });
    await monitored.work();
    const response = await monitored.get('/metrics');
    expect(response.headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.clone().text();
    for (const mark of MARKS) expect(text.toLowerCase()).not.toContain(mark.toLowerCase());
    const series = await scraped(response);
    expect(series.get('planline_database_up')).toBe(1);
    expect(series.get('planline_leads{status="archived"}')).toBe(1);
    expect(series.get('planline_leads{status="blocked"}')).toBe(0);
    expect(series.get('planline_queue_leads')).toBe(0);
    expect(series.get('planline_running_leads')).toBe(0);
    expect(series.get('planline_outbox_waiting')).toBe(1);
    expect(series.get('planline_prompts_total{step="plan",outcome="saved"}')).toBe(1);
    expect(series.get('planline_prompt_duration_seconds_count{step="plan"}')).toBe(1);
    expect(series.get('planline_step_duration_seconds_count{step="archive"}')).toBe(1);
    expect(series.get('planline_events_total{type="run.started"}')).toBe(1);
    expect(series.get('planline_daemon_state{state="live"}')).toBe(1);
    expect(series.get('planline_daemon_state{state="polling"}')).toBe(0);
    expect(series.get('planline_chat_account_state{state="ready"}')).toBe(1);
    expect(series.has('planline_last_sweep_timestamp_seconds')).toBe(false);
    expect(text).toMatch(/^process_resident_memory_bytes /m);
  });

  it('counts failures by their code, and renewals by how they went', async () => {
    const monitored = await openMonitored();
    await monitored.database.directory.add({ description: MARKED });
    monitored.answers(() => Promise.reject(new ChatError('permanent', 'refused by the test')));
    await monitored.work();
    monitored.metrics.meter.leaseRenewed('kept');
    monitored.now.account = 'needs_operator';
    monitored.now.sweep = { atMs: 1_500 };
    const series = await scraped(await monitored.get('/metrics'));
    const failed = 'planline_failed_attempts_total{step="input_transform",code="permanent"}';
    expect(series.get(failed)).toBe(1);
    expect(series.get('planline_prompts_total{step="input_transform",outcome="failed"}')).toBe(1);
    expect(series.get('planline_leads{status="blocked"}')).toBe(1);
    expect(series.get('planline_lease_renewals_total{outcome="kept"}')).toBe(1);
    expect(series.get('planline_chat_account_state{state="needs_operator"}')).toBe(1);
    expect(series.get('planline_last_sweep_timestamp_seconds')).toBe(1.5);
  });

  it('is answered while the database is away, without its numbers', async () => {
    const monitored = await openMonitored();
    monitored.now.database = 'down';
    const series = await scraped(await monitored.get('/metrics'));
    expect(series.get('planline_database_up')).toBe(0);
    expect(series.has('planline_leads{status="flagged"}')).toBe(false);
    // The same answer for a moment, then a new one.
    monitored.now.database = 'up';
    expect((await scraped(await monitored.get('/metrics'))).get('planline_database_up')).toBe(0);
    monitored.clock.advance(3_000);
    expect((await scraped(await monitored.get('/metrics'))).get('planline_database_up')).toBe(1);
  });
});

describe('/readyz', () => {
  it('is ready while leads can be taken, a chat account that waits for a person included', async () => {
    const monitored = await openMonitored();
    monitored.now.account = 'needs_operator';
    monitored.now.state = 'polling';
    const response = await monitored.get('/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ready: true,
      checks: {
        database: 'ok',
        daemon: 'polling',
        feed: 'live',
        chat_account: 'needs_operator',
      },
    });
  });

  it.each(['starting', 'draining', 'stopped'])('is not while the daemon is %s', async (state) => {
    const monitored = await openMonitored();
    monitored.now.state = state;
    expect((await monitored.get('/readyz')).status).toBe(503);
  });

  it.each(['down', 'silent'] as const)('is not while the database is %s', async (database) => {
    const monitored = await openMonitored();
    monitored.now.database = database;
    const response = await monitored.clock.through(monitored.get('/readyz'));
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { database: 'unreachable' } });
    // The process itself is alive, and to be left so.
    expect((await monitored.get('/healthz')).status).toBe(200);
  });
});
