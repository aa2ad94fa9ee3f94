import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fold } from '../../machines/fold.ts';
import { connect } from '../../src/adapters/supabase/client.ts';
import { createEventStore } from '../../src/adapters/supabase/event-store.ts';
import { createLeadDirectory } from '../../src/adapters/supabase/lead-directory.ts';
import { createOutbox } from '../../src/adapters/supabase/outbox.ts';
import type { NewEvent } from '../../src/core/events.ts';
import { findChainFault } from '../../src/core/hash-chain.ts';
import { summaryKey, type StoredNotification } from '../../src/core/notification.ts';
import { migrationsDir } from '../../src/package-root.ts';
import type { AppendRequest, OutboxEntry, OutboxItem } from '../../src/ports.ts';
import { BLOCKED, FINISHED } from '../support/deliveries.ts';
import { newEvent, requestedEvent, RUN_ID, startedEvent } from '../support/new-events.ts';
import { describeOnTargets, type RunningTarget } from '../support/supabase-targets.ts';

const LEASE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Each by itself; what goes together is in outbox-digest.test.ts. */
const EACH = { singles: 1_000, windowMs: 0 };
const DESCRIPTION = 'I want to learn';

const codeOf = (code: string): unknown => expect.objectContaining({ code });

function present(item: OutboxItem | null): OutboxItem {
  if (item === null) throw new Error('nothing was due');
  return item;
}

describeOnTargets('the outbox', (target) => {
  let running: RunningTarget;
  beforeAll(async () => {
    running = await target.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  /** Ports of one client, and a channel of this test alone: the tests share one database. */
  function open() {
    const client = connect({ url: running.url, secretKey: running.secretKey }, () => 0.5);
    return {
      store: createEventStore(client),
      directory: createLeadDirectory(client),
      outbox: createOutbox(client),
      channel: `slack-${randomUUID()}`,
    };
  }

  async function claimed() {
    const ports = open();
    const id = await ports.directory.add({ description: DESCRIPTION });
    const claim = await ports.store.claim({
      daemon: 'd1',
      leaseMs: LEASE_MS,
      running: [],
      only: id,
    });
    if (claim === null) throw new Error('the lead could not be claimed');
    const append = (events: readonly NewEvent[], rest: Partial<AppendRequest> = {}) =>
      ports.store.append({
        leadId: id,
        epoch: claim.epoch,
        expectedSeq: 2,
        runId: RUN_ID,
        events,
        ...rest,
      });
    return { ...ports, id, epoch: claim.epoch, append };
  }

  const rowsOf = (key: string) =>
    running.sql(
      `select channel, lead_id, payload, state, attempts, last_error, finished_at is not null as ended
         from public.pipeline_notifications where key = $1 order by channel`,
      [key],
    );

  /** A lead whose run began, with one notification about it, as the shell appends them. */
  async function withNotification(payload: (leadId: string) => StoredNotification) {
    const lead = await claimed();
    const key = `${lead.id}/${RUN_ID}/told`;
    const entry: OutboxEntry = { key, channels: [lead.channel], payload: payload(lead.id) };
    const events = [startedEvent(DESCRIPTION), requestedEvent(key, entry.payload.kind)];
    const appended = () => lead.append(events, { notifications: [entry] });
    await appended();
    return { ...lead, key, appended };
  }

  const finished = (leadId: string): StoredNotification => ({ ...FINISHED, leadId, runId: RUN_ID });
  const blocked = (leadId: string): StoredNotification => ({ ...BLOCKED, leadId, runId: RUN_ID });

  it('takes notifications in with the events they belong to, a row a channel', async () => {
    const { id, append, channel } = await claimed();
    const other = `${channel}-2`;
    const key = `${id}/${RUN_ID}/finished`;
    const notifications = [{ key, channels: [channel, other], payload: finished(id) }];
    await append([startedEvent(DESCRIPTION), requestedEvent(key, 'lead_finished')], {
      notifications,
    });
    const row = { lead_id: id, state: 'pending', attempts: 0, last_error: null, ended: false };
    expect(await rowsOf(key)).toEqual([
      { ...row, channel, payload: finished(id) },
      { ...row, channel: other, payload: finished(id) },
    ]);
  });

  it('takes nothing in when the append is refused', async () => {
    const { id, append, channel, store } = await claimed();
    const key = `${id}/${RUN_ID}/finished`;
    const notifications = [{ key, channels: [channel], payload: finished(id) }];
    const events = [startedEvent(DESCRIPTION)];
    await expect(append(events, { notifications, epoch: 9 })).rejects.toEqual(
      codeOf('stale_lease'),
    );
    await expect(append(events, { notifications, expectedSeq: 1 })).rejects.toEqual(
      codeOf('stale_stream'),
    );
    // Refused by what comes after the outbox was filled: the row itself.
    await expect(
      append(events, { notifications, patch: { processing_started_at: 'no time' } }),
    ).rejects.toThrow(/invalid input syntax.*timestamp/);
    expect(await rowsOf(key)).toEqual([]);
    expect(await store.read(id, 2)).toEqual([]);
  });

  it('takes in once what an append repeats after a lost answer', async () => {
    const { appended, key, outbox, channel } = await withNotification(finished);
    await outbox.delivered(present(await outbox.take(channel, LEASE_MS, EACH)));
    await appended();
    expect(await rowsOf(key)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    expect(await outbox.take(channel, LEASE_MS, EACH)).toBeNull();
  });

  it('keeps the first of two notifications with one key, on each channel', async () => {
    const { outbox, channel } = open();
    const key = `daily_summary/${channel}`;
    const told: StoredNotification = {
      kind: 'chat_needs_operator',
      driver: 'openai',
      reason: 'first',
    };
    await outbox.put(key, told, [channel]);
    await outbox.put(key, { ...told, reason: 'second' }, [channel, `${channel}-2`]);
    await outbox.put(key, told, []);
    expect(await rowsOf(key)).toMatchObject([
      { channel, lead_id: null, payload: { reason: 'first' } },
      { channel: `${channel}-2`, payload: { reason: 'second' } },
    ]);
  });

  it('knows the daily summary of the latest day before, on any of the channels asked for', async () => {
    const { outbox, channel } = open();
    const summary = { archived: 1, blocked: 0, running: 0, flagged: 0, blockedLeads: [] };
    const put = (day: string, on: string, until?: string) => {
      const told = { kind: 'daily_summary', day, since: '2026-11-01', until, summary } as const;
      return outbox.put(summaryKey(day), told, [on]);
    };
    const another = `${channel}-2`;
    await put('2026-11-21', channel, '2026-11-21T06:00:00.000Z');
    await put('2026-11-23', channel, '2026-11-23T06:00:00.000Z');
    await put('2026-11-22', another, '2026-11-23T05:00:00.000Z');
    await put('2026-11-20', `${channel}-3`);
    await outbox.put(`work_held_up/${channel}`, { kind: 'work_held_up', reason: 'r' }, [channel]);

    const before = (day: string, ...on: string[]) => outbox.summaryBefore(day, on);
    const mark = (day: string, until: string) => ({ day, untilMs: Date.parse(until) });
    const first = mark('2026-11-21', '2026-11-21T06:00:00.000Z');
    expect(await before('2026-11-23', channel)).toEqual(first);
    expect(await before('2026-11-23', channel, another)).toEqual(
      mark('2026-11-22', '2026-11-23T05:00:00.000Z'),
    );
    expect(await before('2026-11-24', channel)).toMatchObject({ day: '2026-11-23' });
    expect(await before('2026-11-21', channel)).toBeNull();
    expect(await before('2026-11-24')).toBeNull();
    const [old] = await running.sql(
      'select created_at from public.pipeline_notifications where channel = $1',
      [`${channel}-3`],
    );
    expect(await before('2026-11-21', `${channel}-3`)).toEqual({
      day: '2026-11-20',
      untilMs: new Date(String(old?.['created_at'])).getTime(),
    });
    expect(present(await outbox.take(channel, LEASE_MS, EACH)).notification).toMatchObject({
      since: '2026-11-01',
      until: '2026-11-21T06:00:00.000Z',
    });
  });

  it('is told of each end in one summary of two that follow each other', async () => {
    const { directory } = open();
    const endedMs = Date.parse('2020-01-01T06:00:00.000Z');
    await running.sql(
      `with writer as (select set_config('planline.writer', 'pipeline', true))
       insert into public.junior_leads (description, status, processing_completed_at)
       select $1, 'archived', $2::timestamptz from writer`,
      [DESCRIPTION, new Date(endedMs).toISOString()],
    );
    const archived = async (sinceMs: number, untilMs: number): Promise<number> =>
      (await directory.summary(sinceMs, untilMs)).archived;
    expect(await archived(endedMs - HOUR_MS, endedMs)).toBe(0);
    expect(await archived(endedMs, endedMs + HOUR_MS)).toBe(1);
    expect(await archived(endedMs + 1, endedMs + HOUR_MS)).toBe(0);
  });

  it('hands each row to one taker, oldest first, and only of the channel asked for', async () => {
    const { outbox, channel } = open();
    const told: StoredNotification = {
      kind: 'chat_needs_operator',
      driver: 'openai',
      reason: 'wrong',
    };
    const keys = [1, 2, 3, 4, 5].map((n) => `${channel}/${n}`);
    for (const key of keys) await outbox.put(key, { ...told, reason: key }, [channel]);
    expect(await outbox.take(`${channel}-other`, LEASE_MS, EACH)).toBeNull();

    const first = present(await outbox.take(channel, LEASE_MS, EACH));
    expect(first).toMatchObject({
      channel,
      rows: [{ leadId: null, attempts: 1 }],
      maybeRepeated: false,
    });
    expect(first.notification).toEqual({ ...told, reason: keys[0] });

    const takers = Array.from({ length: 6 }, () => open().outbox.take(channel, LEASE_MS, EACH));
    const taken = (await Promise.all(takers)).filter((item) => item !== null);
    const handed = [first, ...taken];
    // A taker that another one is just being handed a row before may leave with nothing, but none
    // leaves with a row of another.
    expect(new Set([first, ...taken].map(({ id }) => id)).size).toBe(taken.length + 1);
    for (let item = await outbox.take(channel, LEASE_MS, EACH); item !== null;) {
      handed.push(item);
      item = await outbox.take(channel, LEASE_MS, EACH);
    }
    const reasons = handed.map(({ notification }) =>
      notification.kind === 'chat_needs_operator' ? notification.reason : null,
    );
    expect(reasons).toHaveLength(keys.length);
    expect(new Set(reasons)).toEqual(new Set(keys));
  });

  it('hands out again, as maybe repeated, a try whose end was never recorded', async () => {
    const { outbox, channel, key, id, store } = await withNotification(finished);
    const lost = present(await outbox.take(channel, 1, EACH));
    const again: OutboxItem[] = [];
    await expect
      .poll(
        async () => {
          const item = await outbox.take(channel, LEASE_MS, EACH);
          if (item !== null) again.push(item);
          return again.length;
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(again).toEqual([
      { ...lost, rows: [{ ...lost.rows[0], attempts: 2 }], maybeRepeated: true },
    ]);

    // The first taker wakes up late: the row is no longer its own.
    await outbox.delivered(lost);
    await outbox.failed(lost, 'too late', null);
    expect(await rowsOf(key)).toMatchObject([{ state: 'trying', attempts: 2, last_error: null }]);
    expect(await store.read(id, 4)).toEqual([]);

    for (const item of again) await outbox.delivered(item);
    expect(await rowsOf(key)).toMatchObject([{ state: 'delivered', ended: true }]);
    expect(await store.read(id, 4)).toHaveLength(1);
  });

  it('hands out again at the time that a failure names, and not before', async () => {
    const { outbox, channel, key, id, store } = await withNotification(blocked);
    const retryAt = new Date(Date.now() + HOUR_MS).toISOString();
    await outbox.failed(present(await outbox.take(channel, LEASE_MS, EACH)), 'down (503)', retryAt);
    expect(await rowsOf(key)).toMatchObject([
      { state: 'pending', attempts: 1, last_error: 'down (503)', ended: false },
    ]);
    expect(await outbox.take(channel, LEASE_MS, EACH)).toBeNull();

    await running.sql(
      'update public.pipeline_notifications set next_attempt_at = now() where key = $1',
      [key],
    );
    const second = present(await outbox.take(channel, LEASE_MS, EACH));
    // Its end was recorded: nobody wonders whether it arrived.
    expect(second).toMatchObject({ rows: [{ attempts: 2 }], maybeRepeated: false });
    await outbox.failed(second, 'down (503)', new Date(0).toISOString());
    expect(await outbox.take(channel, LEASE_MS, EACH)).toMatchObject({ rows: [{ attempts: 3 }] });
    // A try that will be repeated is no event: only its end is.
    expect(await store.read(id, 4)).toEqual([]);
  });

  it('tells the stream how a notification ended, while another daemon holds the lead', async () => {
    const { channel, key, id, store, append } = await withNotification(blocked);
    const second = `${channel}-2`;
    const edited = newEvent('attempt.failed', {
      step: 'input_transform',
      n: 1,
      attempt: 1,
      code: 'retryable',
      reason: 'no answer',
      retry_at: null,
      keeps_request: false,
    });
    await append([edited], {
      expectedSeq: 4,
      notifications: [{ key: `${key}/2`, channels: [second], payload: blocked(id) }],
    });

    const [ends, told] = [open().outbox, open().outbox];
    await ends.delivered(present(await ends.take(channel, LEASE_MS, EACH)));
    await told.failed(present(await told.take(second, LEASE_MS, EACH)), 'refused (404)', null);
    expect(await rowsOf(`${key}/2`)).toMatchObject([
      { state: 'abandoned', last_error: 'refused (404)', ended: true },
    ]);

    const events = await store.read(id, 0);
    expect(
      events.slice(5).map(({ type, actor, run_id: runId, data }) => ({ type, actor, runId, data })),
    ).toEqual([
      {
        type: 'notification.delivered',
        actor: 'outbox',
        runId: RUN_ID,
        data: { notification_id: key, channel },
      },
      {
        type: 'notification.abandoned',
        actor: 'outbox',
        runId: RUN_ID,
        data: { notification_id: `${key}/2`, channel: second, reason: 'refused (404)' },
      },
    ]);
    expect(events.slice(5).every((event) => event.status_from === 'processing')).toBe(true);
    expect(findChainFault(events)).toBeNull();
    expect(fold(events).at).toBe('processing.input_transform');

    // The holder has not seen them: its next append is refused, and taken once it has read on.
    const next = [{ ...edited, event_id: randomUUID() }];
    await expect(append(next, { expectedSeq: 5 })).rejects.toEqual(codeOf('stale_stream'));
    expect(await append(next, { expectedSeq: 7 })).toMatchObject([{ seq: 8 }]);
    expect(findChainFault(await store.read(id, 0))).toBeNull();
  });

  it('keeps a notification of a lead that is gone, and writes no event for it', async () => {
    const { outbox, channel, key, id, store } = await withNotification(finished);
    await running.sql('delete from public.junior_leads where id::text = $1', [id]);
    const item = present(await outbox.take(channel, LEASE_MS, EACH));
    expect(item.rows).toMatchObject([{ leadId: id }]);
    await outbox.delivered(item);
    expect(await rowsOf(key)).toMatchObject([{ state: 'delivered' }]);
    expect((await store.read(id, 4)).map(({ type }) => type)).toEqual(['lead.deleted']);
  });

  it('refuses to read what another version of planline has put there', async () => {
    const { outbox, channel } = open();
    await running.sql(
      `insert into public.pipeline_notifications (key, channel, payload) values ($1, $2, '{"kind":"new"}')`,
      [channel, channel],
    );
    await expect(outbox.take(channel, LEASE_MS, EACH)).rejects.toEqual(codeOf('setup'));
  });
});
