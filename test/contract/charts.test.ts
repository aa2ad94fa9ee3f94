/** The counts of the charts, against events of known days, on every database. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChartReader } from '../../src/adapters/supabase/chart-reader.ts';
import { connect } from '../../src/adapters/supabase/client.ts';
import { createEventStore } from '../../src/adapters/supabase/event-store.ts';
import { createLeadDirectory } from '../../src/adapters/supabase/lead-directory.ts';
import type { EventData, EventType, NewEvent } from '../../src/core/events.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { describeOnTargets, type RunningTarget } from '../support/supabase-targets.ts';

const RUN = '20260101_100000';
const SINCE_MS = Date.UTC(2026, 0, 1, 12);

function at<T extends EventType>(
  occurredAt: string,
  type: T,
  data: EventData<T>,
  statusTo: string | null = null,
) {
  return {
    event_id: randomUUID(),
    run_id: RUN,
    type,
    v: 1,
    data,
    status_to: statusTo,
    actor: 'd1',
    occurred_at: occurredAt,
  } as NewEvent;
}

const answered = (occurredAt: string, step: 'plan' | 'stage2', durationMs: number) =>
  at(occurredAt, 'prompt.answered', {
    step,
    n: 1,
    request_id: 'r',
    reply_sha256: sha256Hex('r'),
    chars: 1,
    capture: 'api',
    complete: true,
    duration_ms: durationMs,
  });

const failed = (occurredAt: string, reason: string) =>
  at(occurredAt, 'attempt.failed', {
    step: 'plan',
    n: 1,
    attempt: 1,
    code: 'retryable',
    reason,
    retry_at: null,
    keeps_request: false,
  });

const started = (occurredAt: string) =>
  at(
    occurredAt,
    'run.started',
    {
      description_sha256: sha256Hex('d'),
      description_chars: 1,
      block_count: 2,
      driver: 'rehearsal',
      artifacts: [],
    },
    'processing',
  );

const EVENTS: readonly NewEvent[] = [
  // Two days before, and so not asked for.
  answered('2025-12-30T23:00:00.000Z', 'plan', 999_000),
  started('2026-01-01T00:30:00.000Z'),
  ...[100, 200, 300, 400, 1_000].map((ms) => answered('2026-01-01T23:59:59.999Z', 'plan', ms)),
  answered('2026-01-02T00:00:00.000Z', 'stage2', 50),
  failed('2026-01-02T01:00:00.000Z', 'block 3 is empty'),
  failed('2026-01-02T02:00:00.000Z', 'block 12 is empty'),
  at(
    '2026-01-02T03:00:00.000Z',
    'lead.blocked',
    { step: 'plan', n: 1, code: 'retryable', reason: 'block 12 is empty' },
    'blocked',
  ),
];

describeOnTargets('the counts of the charts', (target) => {
  let running: RunningTarget;
  beforeAll(async () => {
    running = await target.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  it('are nought where nothing happened, and else by day, step and reason', async () => {
    const client = connect({ url: running.url, secretKey: running.secretKey }, () => 0.5);
    const charts = createChartReader(client);
    const nothing = { leads: [], durationsByDay: [], durationsByStep: [], reasons: [] };
    expect(await charts.counts({ sinceMs: SINCE_MS, reasons: 5 })).toEqual(nothing);

    const id = await createLeadDirectory(client).add({ description: 'd' });
    const store = createEventStore(client);
    const claim = await store.claim({ daemon: 'd1', leaseMs: 60_000, running: [], only: id });
    await store.append({
      leadId: id,
      epoch: claim?.epoch ?? 0,
      expectedSeq: 2,
      runId: RUN,
      events: EVENTS,
    });

    expect(await charts.counts({ sinceMs: SINCE_MS, reasons: 5 })).toEqual({
      leads: [
        { day: '2026-01-01', started: 1, archived: 0, blocked: 0 },
        { day: '2026-01-02', started: 0, archived: 0, blocked: 1 },
      ],
      durationsByDay: [
        { name: '2026-01-01', prompts: 5, p50Ms: 300, p95Ms: 880 },
        { name: '2026-01-02', prompts: 1, p50Ms: 50, p95Ms: 50 },
      ],
      durationsByStep: [
        { name: 'plan', prompts: 5, p50Ms: 300, p95Ms: 880 },
        { name: 'stage2', prompts: 1, p50Ms: 50, p95Ms: 50 },
      ],
      reasons: [{ reason: 'block # is empty', retried: 2, repaired: 0, blocked: 1 }],
    });
  });

  it('are not for the publishable key', async () => {
    const client = connect({ url: running.url, secretKey: running.publishableKey }, () => 0.5);
    await expect(
      createChartReader(client).counts({ sinceMs: SINCE_MS, reasons: 5 }),
    ).rejects.toMatchObject({ code: 'setup' });
  });
});
