/** Metrics of one process by prom-client: counters of its work, levels of the moment, and Node's own. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Levels, Metrics } from '../../ports-metrics.ts';
import { createWorkMeter } from './work-meter.ts';

const DAEMON_STATES = ['starting', 'live', 'polling', 'draining', 'stopped'];
const FEED_STATES = ['connecting', 'live', 'down'];
const ACCOUNT_STATES = ['ready', 'pacing', 'cooling_down', 'needs_operator', 'paused'];

/** One of several states: 1 for the one that holds, 0 for the others. */
function stateGauge(registry: Registry, name: string, help: string, states: readonly string[]) {
  const gauge = new Gauge({ name, help, labelNames: ['state'], registers: [registry] });
  return (current: string | null): void => {
    gauge.reset();
    if (current === null) return;
    for (const state of states) gauge.set({ state }, state === current ? 1 : 0);
  };
}

function levelGauges(registry: Registry): (levels: Levels | null) => void {
  const registers = [registry];
  const database = new Gauge({
    name: 'planline_database_up',
    help: '1 when the database answered for this very scrape.',
    registers,
  });
  const leads = new Gauge({
    name: 'planline_leads',
    help: 'Leads by status.',
    labelNames: ['status'],
    registers,
  });
  const queue = new Gauge({
    name: 'planline_queue_leads',
    help: 'Leads that wait to be worked on, or are, by any daemon.',
    registers,
  });
  const outbox = new Gauge({
    name: 'planline_outbox_waiting',
    help: 'Notifications that wait to be told.',
    registers,
  });
  const running = new Gauge({
    name: 'planline_running_leads',
    help: 'Leads that this process works on.',
    registers,
  });
  const sweep = new Gauge({
    name: 'planline_last_sweep_timestamp_seconds',
    help: 'When the last daily sweep that came to its end began; absent as long as there was none since the start.',
    registers,
  });
  const daemon = stateGauge(
    registry,
    'planline_daemon_state',
    'What the daemon of this process does.',
    DAEMON_STATES,
  );
  const feed = stateGauge(registry, 'planline_feed_state', 'Realtime.', FEED_STATES);
  const account = stateGauge(
    registry,
    'planline_chat_account_state',
    'The chat account; needs_operator waits for a person.',
    ACCOUNT_STATES,
  );
  const optional = (gauge: Gauge, value: number | null): void => {
    if (value === null) gauge.remove();
    else gauge.set(value);
  };

  return (levels) => {
    database.set(levels === null ? 0 : 1);
    leads.reset();
    for (const [status, count] of levels?.leads ?? []) leads.set({ status }, count);
    optional(queue, levels?.queue ?? null);
    optional(outbox, levels?.outbox ?? null);
    optional(running, levels?.running ?? null);
    const sweptMs = levels?.lastSweepMs ?? null;
    optional(sweep, sweptMs === null ? null : sweptMs / 1_000);
    daemon(levels?.daemon ?? null);
    feed(levels?.feed ?? null);
    account(levels?.account ?? null);
  };
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const setLevels = levelGauges(registry);
  return {
    meter: createWorkMeter(registry),
    async text(levels) {
      setLevels(levels);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
