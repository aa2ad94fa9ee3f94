import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../src/adapters/supabase/client.ts';
import { checkDatabase } from '../../src/adapters/supabase/check.ts';
import { createEventStore } from '../../src/adapters/supabase/event-store.ts';
import { createLeadDirectory } from '../../src/adapters/supabase/lead-directory.ts';
import { createPageStore } from '../../src/adapters/supabase/page-store.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { EventData, EventType, NewEvent } from '../../src/core/events.ts';
import { findChainFault, sha256Hex } from '../../src/core/hash-chain.ts';
import type { Page } from '../../src/core/page.ts';
import { fold } from '../../machines/fold.ts';
import { migrationsDir } from '../../src/package-root.ts';
import type { AppendRequest } from '../../src/ports.ts';
import { describeOnTargets, type RunningTarget } from '../support/supabase-targets.ts';

const LEASE_MS = 60_000;
const HOUR_MS = 3_600_000;
const RUN = '20261123_100000';

function newEvent<T extends EventType>(
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
    occurred_at: new Date().toISOString(),
  } as NewEvent;
}

const startedEvent = (description: string) =>
  newEvent(
    'run.started',
    {
      description_sha256: sha256Hex(description),
      description_chars: description.length,
      block_count: 2,
      driver: 'rehearsal',
      artifacts: [],
    },
    'processing',
  );

const failedEvent = () =>
  newEvent('attempt.failed', {
    step: 'input_transform',
    n: 1,
    attempt: 1,
    code: 'retryable',
    reason: 'žltý kôň said "no"\n\u2028 – 🙂',
    retry_at: '2026-11-23T10:00:00.120Z',
    keeps_request: false,
  });

function pageOf(n: number, text: string): Page {
  return {
    schema: 1,
    page_index: n,
    title: `Page ${n}`,
    language: 'sk',
    sections: [{ heading: null, level: null, blocks: [{ type: 'paragraph', html: text, text }] }],
  };
}

describeOnTargets('the database', (target) => {
  let running: RunningTarget;
  beforeAll(async () => {
    running = await target.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  const open = () => {
    const client = connect({ url: running.url, secretKey: running.secretKey }, () => 0.5);
    return {
      client,
      store: createEventStore(client),
      directory: createLeadDirectory(client),
      pages: createPageStore(client),
    };
  };

  /** A lead of this test alone, flagged and claimed. */
  async function claimed(description = 'I want to learn') {
    const ports = open();
    const id = await ports.directory.add({ description });
    const claim = await ports.store.claim({
      daemon: 'd1',
      leaseMs: LEASE_MS,
      running: [],
      only: id,
    });
    if (claim === null) throw new Error('the lead could not be claimed');
    const append = (events: NewEvent[], rest: Partial<AppendRequest> = {}) =>
      ports.store.append({
        leadId: id,
        epoch: claim.epoch,
        expectedSeq: 2,
        runId: RUN,
        events,
        ...rest,
      });
    return { ...ports, id, epoch: claim.epoch, append, description };
  }

  const codeOf = (code: string): unknown => expect.objectContaining({ code });

  it('tells doctor that all is well', async () => {
    const findings = await checkDatabase(open().client, { embedded: false, clock: systemClock });
    // The embedded database has no publication: its own bridge serves Realtime.
    const bad = findings.filter((found) => found.level !== 'ok' && found.name !== 'realtime');
    expect(bad).toEqual([]);
  });

  it('tells doctor what is wrong with a key', async () => {
    const client = connect({ url: running.url, secretKey: 'sb_secret_wrong' }, () => 0.5);
    const [found] = await checkDatabase(client, { embedded: false, clock: systemClock });
    expect(found).toMatchObject({ name: 'database', level: 'error' });
    expect(found?.detail).toMatch(/refused the key.*SUPABASE_SECRET_KEY/);
  });

  it('begins a stream with the flag and the claim', async () => {
    const { store, id } = await claimed('čau');
    const events = await store.read(id, 0);
    expect(events.map((event) => [event.seq, event.type, event.status_to])).toEqual([
      [1, 'lead.flagged', 'flagged'],
      [2, 'lead.claimed', null],
    ]);
    expect(events[0]?.data).toEqual({ description_sha256: sha256Hex('čau'), description_chars: 3 });
    expect(events[0]?.actor).toMatch(/^hand:/);
  });

  it('hands a lead to one daemon at a time, and to the next once the lease is over', async () => {
    const { store, id } = await claimed();
    const other = { daemon: 'd2', running: [], only: id };
    expect(await store.claim({ ...other, leaseMs: LEASE_MS })).toBeNull();
    await store.renew(id, 1, 1);
    await expect
      .poll(() => store.claim({ ...other, leaseMs: LEASE_MS }), { timeout: 20_000 })
      .toMatchObject({ epoch: 2, lead: { claimed_by: 'd2' } });
    await expect(store.renew(id, 1, LEASE_MS)).rejects.toEqual(codeOf('stale_lease'));
  });

  it('gives a daemon back what its own crashed process held, unless it runs it', async () => {
    const { store, id } = await claimed();
    const mine = { daemon: 'd1', leaseMs: LEASE_MS, only: id };
    expect(await store.claim({ ...mine, running: [id] })).toBeNull();
    expect((await store.claim({ ...mine, running: [] }))?.epoch).toBe(2);
  });

  it('does not hand out a lead before its next attempt, but at once when it is flagged again', async () => {
    const { store, directory, id, append, description } = await claimed();
    await append([startedEvent(description)]);
    await store.release(id, 1, { delayMs: HOUR_MS, seenSeq: 3 });
    const mine = { daemon: 'd1', leaseMs: LEASE_MS, running: [], only: id };
    expect(await store.claim(mine)).toBeNull();
    await directory.flag(id);
    expect((await store.claim(mine))?.lead.status).toBe('flagged');
  });

  it('appends events, artifacts, row and pages in one go, and the chain holds', async () => {
    const { store, directory, pages, id, append, description } = await claimed();
    const content = 'ahoj – 🙂\n';
    const ref = {
      path: 'plan/plan.txt',
      sha256: sha256Hex(content),
      bytes: Buffer.byteLength(content),
    };
    const stored = await append([startedEvent(description), failedEvent()], {
      artifacts: [{ ...ref, content }],
      patch: { plan: content, retry_count: 1, input_transform: { name: null, skills: ['a'] } },
      pages: [pageOf(1, 'one'), pageOf(2, 'two')],
    });
    expect(stored.map((event) => event.seq)).toEqual([3, 4]);
    const events = await store.read(id, 0);
    expect(events.slice(2)).toEqual(stored);
    expect(findChainFault(events)).toBeNull();
    expect(fold(events).at).toBe('processing.input_transform');
    expect(await store.artifact(id, RUN, ref)).toBe(content);
    const row = await directory.get(id);
    expect(row).toMatchObject({ status: 'processing', retry_count: 1 });
    expect(row?.raw).toMatchObject({
      plan: content,
      input_transform: { name: null, skills: ['a'] },
    });
    expect(await store.pages(id)).toMatchObject([
      { page_index: 1, title: 'Page 1', run_id: RUN },
      { page_index: 2, content: { sections: [{ blocks: [{ text: 'two' }] }] } },
    ]);
    // Fewer pages by hand: what goes and what is replaced is kept.
    await pages.replace(id, [pageOf(1, 'new')]);
    expect(await store.pages(id)).toMatchObject([{ page_index: 1, content: { page_index: 1 } }]);
    const history = await running.sql(
      'select page_index, operation from public.client_learning_pages_history where client_id = $1 order by 1',
      [id],
    );
    expect(history).toEqual([
      { page_index: 1, operation: 'UPDATE' },
      { page_index: 2, operation: 'DELETE' },
    ]);
  });

  it('replaces all numbered pages of a client, and leaves those that bear no number', async () => {
    const { store, pages, id } = await claimed();
    await running.sql(
      `insert into public.client_learning_pages (client_id, page_index, title)
       select $1, n, 'old ' || n from unnest(array[0, 1, 7, -1]) as n`,
      [id],
    );
    await running.sql(
      "insert into public.client_learning_pages (client_id, title) values ($1, 'of the app')",
      [id],
    );
    await pages.replace(id, [pageOf(1, 'new')]);
    const titles = (await store.pages(id)).map(({ title }) => title);
    expect(titles).toEqual(['Page 1', 'of the app']);
  });

  it('reads a stream of several answers whole, and says what is left of it', async () => {
    const { store, id, append } = await claimed();
    await append(Array.from({ length: 1_200 }, failedEvent));
    const first = await store.readSome(id, 0);
    expect(first).toMatchObject({ left: 202 });
    expect(first.events).toHaveLength(1_000);
    const second = await store.readSome(id, 1_000, first.left);
    expect(second.left).toBe(0);
    expect(second.events.at(-1)?.seq).toBe(1_202);
    // Nothing more came of it than was counted: that is the end, too.
    expect(await store.readSome(id, 1_202, 5)).toEqual({ events: [], left: 0 });
    const seqs = (await store.read(id, 0)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 1_202 }, (_, index) => index + 1));
  });

  it('takes the same append twice as once', async () => {
    const { store, id, append, description } = await claimed();
    const events = [startedEvent(description), failedEvent()];
    const first = await append(events);
    expect(await append(events)).toEqual(first);
    expect(await store.read(id, 2)).toEqual(first);
  });

  it('refuses a stale fencing token, a stale seq and a lead that is gone, and writes nothing', async () => {
    const { client, store, id, append, description } = await claimed();
    const event = startedEvent(description);
    const artifacts = [{ path: 'a.txt', sha256: sha256Hex('a'), bytes: 1, content: 'a' }];
    await expect(append([event], { epoch: 9 })).rejects.toEqual(codeOf('stale_lease'));
    await expect(append([event], { expectedSeq: 1, artifacts })).rejects.toEqual(
      codeOf('stale_stream'),
    );
    expect(await store.read(id, 2)).toEqual([]);
    expect(
      await store.artifact(id, RUN, { path: 'a.txt', sha256: sha256Hex('a'), bytes: 1 }),
    ).toBeNull();
    await client.from('junior_leads').delete().eq('id', id);
    await expect(append([event])).rejects.toEqual(codeOf('lead_moved'));
    expect((await store.read(id, 2)).map((found) => found.type)).toEqual(['lead.deleted']);
  });

  it('refuses an artifact that does not fit its hash', async () => {
    const { append, description } = await claimed();
    const artifacts = [{ path: 'a.txt', sha256: sha256Hex('other'), bytes: 1, content: 'a' }];
    await expect(append([startedEvent(description)], { artifacts })).rejects.toEqual(
      codeOf('corrupt'),
    );
  });

  it('refuses hand edits that only the pipeline may make, in words for a person', async () => {
    const { client, id } = await claimed();
    for (const status of [
      'processing',
      'plan_ready',
      'html_ready',
      'uploaded',
      'archived',
      'blocked',
    ]) {
      const { error } = await client.from('junior_leads').update({ status }).eq('id', id);
      expect(error?.message).toMatch(`Status "${status}" is set by planline only`);
      expect(error?.message).toMatch(/set its status to "flagged"/);
    }
    const inserted = await client.from('junior_leads').insert({ status: 'archived' });
    expect(inserted.error?.message).toMatch(/set by planline only/);
    const lease = await client.from('junior_leads').update({ claimed_by: null }).eq('id', id);
    expect(lease.error?.message).toMatch(/keep two daemons from working on one lead/);
    const progress = await client
      .from('junior_leads')
      .update({ pipeline_progress: {} })
      .eq('id', id);
    expect(progress.error?.message).toMatch(/set by planline only/);
  });

  it('records hand edits, withdrawal and deletion as events', async () => {
    const { client, store, id } = await claimed();
    const leads = () => client.from('junior_leads');
    await leads().update({ description: 'changed', plan: 'mine' }).eq('id', id);
    await leads().update({ status: 'on hold' }).eq('id', id);
    await leads().update({ description: 'not in the pipeline now' }).eq('id', id);
    await leads().update({ status: 'flagged' }).eq('id', id);
    await leads().delete().eq('id', id);
    const events = await store.read(id, 2);
    expect(events.map((event) => [event.type, event.status_from, event.status_to])).toEqual([
      ['lead.edited', 'flagged', null],
      ['lead.withdrawn', 'flagged', 'on hold'],
      ['lead.flagged', 'on hold', 'flagged'],
      ['lead.deleted', 'flagged', null],
    ]);
    expect(events[0]?.data['columns']).toEqual(['description', 'plan']);
    expect(findChainFault(await store.read(id, 0))).toBeNull();
  });

  it('does not hand out a flagged lead before its delay, unless it was flagged since', async () => {
    const { client, store, id } = await claimed();
    const mine = { daemon: 'd1', leaseMs: LEASE_MS, running: [], only: id };
    await store.release(id, 1, { delayMs: HOUR_MS, seenSeq: 2 });
    expect(await store.claim(mine)).toBeNull();
    await client.from('junior_leads').update({ status: 'new' }).eq('id', id);
    await client.from('junior_leads').update({ status: 'flagged' }).eq('id', id);
    expect((await store.claim(mine))?.epoch).toBe(2);
    await client.from('junior_leads').update({ status: 'new' }).eq('id', id);
    await client.from('junior_leads').update({ status: 'flagged' }).eq('id', id);
    // Flagged while it was held: the daemon gives it back without knowing.
    await store.release(id, 2, { delayMs: HOUR_MS, seenSeq: 5 });
    expect((await store.claim(mine))?.epoch).toBe(3);
  });

  it("lets a project's own app write leads and pages under its own policies", async () => {
    const { store, id } = await claimed();
    await running.sql(`do $$ begin
      create policy app_leads on public.junior_leads to authenticated using (true) with check (true);
      create policy app_pages on public.client_learning_pages to authenticated using (true) with check (true);
      grant select, insert, update, delete on public.junior_leads, public.client_learning_pages to authenticated;
      perform set_config('role', 'authenticated', true);
      update public.junior_leads set description = 'changed by the app' where id = '${id}';
      update public.junior_leads set status = 'on hold' where id = '${id}';
      insert into public.junior_leads (status, description) values ('draft', 'from a form');
      insert into public.client_learning_pages (client_id, page_index, title) values ('${id}', 1, 'old');
      update public.client_learning_pages set title = 'new' where client_id = '${id}';
      delete from public.client_learning_pages where client_id = '${id}';
      perform set_config('role', 'none', true);
      drop policy app_leads on public.junior_leads;
      drop policy app_pages on public.client_learning_pages;
      revoke all on public.junior_leads, public.client_learning_pages from authenticated;
    end $$`);
    const events = await store.read(id, 2);
    expect(events.map((event) => [event.type, event.actor])).toEqual([
      ['lead.edited', 'hand:authenticated'],
      ['lead.withdrawn', 'hand:authenticated'],
    ]);
    const history = await running.sql(
      'select operation from public.client_learning_pages_history where client_id = $1 order by history_id',
      [id],
    );
    expect(history).toEqual([{ operation: 'UPDATE' }, { operation: 'DELETE' }]);
  });

  it('leaves rows of the user alone', async () => {
    const { client, store } = open();
    const { data } = await client
      .from('junior_leads')
      .insert({ status: 'draft', description: 'x' })
      .select('id')
      .single();
    const id = String(data?.id);
    expect(
      await store.claim({ daemon: 'd1', leaseMs: LEASE_MS, running: [], only: id }),
    ).toBeNull();
    expect(await store.read(id, 0)).toEqual([]);
  });

  it('keeps events for ever, even from the owner of the database', async () => {
    const { id } = await claimed();
    await expect(
      running.sql(`update public.pipeline_events set actor = 'x' where lead_id = '${id}'`),
    ).rejects.toThrow(/append-only/);
    await expect(running.sql('delete from public.pipeline_events')).rejects.toThrow(/append-only/);
    await expect(running.sql('truncate public.pipeline_events')).rejects.toThrow(/append-only/);
  });

  it('shows nothing to the publishable key', async () => {
    await claimed();
    const anon = connect({ url: running.url, secretKey: running.publishableKey }, () => 0.5);
    for (const table of [
      'junior_leads',
      'client_learning_pages',
      'client_learning_pages_history',
      'pipeline_events',
      'pipeline_artifacts',
      'pipeline_notifications',
    ]) {
      const { data, error } = await anon.from(table).select('*');
      expect(error !== null || data?.length === 0, table).toBe(true);
    }
    const claim = await anon.rpc('planline_claim', { p_daemon: 'thief', p_lease_ms: 1 });
    expect(claim.error).not.toBeNull();
  });

  it('says of an id that cannot be one', async () => {
    const { directory, store } = open();
    await expect(directory.get('../../etc')).rejects.toEqual(codeOf('usage'));
    await expect(directory.flag('../../etc')).rejects.toEqual(codeOf('usage'));
    await expect(directory.flag(randomUUID())).rejects.toThrow(/There is no lead/);
    await expect(store.renew(randomUUID(), 1, 1)).rejects.toEqual(codeOf('stale_lease'));
  });
});
