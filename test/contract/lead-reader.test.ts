import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../src/adapters/supabase/client.ts';
import { createEventStore } from '../../src/adapters/supabase/event-store.ts';
import { createLeadDirectory } from '../../src/adapters/supabase/lead-directory.ts';
import { createLeadMover, createLeadReader } from '../../src/adapters/supabase/lead-reader.ts';
import { findChainFault } from '../../src/core/hash-chain.ts';
import { migrationsDir } from '../../src/package-root.ts';
import type { LeadCursor, LeadMover, LeadQuery, LeadReader } from '../../src/ports-dashboard.ts';
import type { EventStore, LeadDirectory } from '../../src/ports.ts';
import { describeOnTargets, type RunningTarget } from '../support/supabase-targets.ts';

const NEWEST: LeadQuery = {
  text: '',
  status: null,
  sort: 'changed',
  isDescending: true,
  after: null,
  limit: 50,
};

const ID = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describeOnTargets('the list of leads', (target) => {
  let running: RunningTarget;
  let reader: LeadReader;
  let mover: LeadMover;
  let store: EventStore;
  let directory: LeadDirectory;

  beforeAll(async () => {
    running = await target.start({ migrationsDir });
    const client = connect(running, () => 0);
    reader = createLeadReader(client);
    mover = createLeadMover(client);
    store = createEventStore(client);
    directory = createLeadDirectory(client);
    await running.sql(`
      insert into public.junior_leads (id, status, description, input_transform, last_error)
      select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
             case when n % 5 = 0 then 'draft' else 'flagged' end, 'text',
             case n when 7 then '{"name":"Ľubomír Čaplovič"}'::jsonb
                    when 8 then '{"name":"O''Brien; drop"}'::jsonb
                    when 9 then '["no object"]'::jsonb end,
             case n when 11 then 'The reply was no JSON: unexpected token' end
        from generate_series(1, 23) n`);
  });
  afterAll(() => running.stop());

  const ids = async (query: Partial<LeadQuery>): Promise<string[]> =>
    (await reader.list({ ...NEWEST, ...query })).map((lead) => lead.id);

  it('comes page by page, each lead once, in both directions of both orders', async () => {
    const all = Array.from({ length: 23 }, (_, i) => ID(i + 1));
    for (const sort of ['changed', 'started'] as const) {
      for (const isDescending of [true, false]) {
        const seen: string[] = [];
        let after: LeadCursor | null = null;
        for (;;) {
          const page: Awaited<ReturnType<LeadReader['list']>> = await reader.list({
            ...NEWEST,
            sort,
            isDescending,
            after,
            limit: 10,
          });
          seen.push(...page.map((lead) => lead.id));
          after = page.at(-1)?.cursor ?? null;
          if (page.length < 10) break;
        }
        expect(seen.toSorted()).toEqual(all);
        // Nothing was started yet: the id alone decides.
        const byId = isDescending ? all.toReversed() : all;
        expect(sort === 'started' ? seen : byId).toEqual(byId);
      }
    }
  });

  it('finds words by their beginning, without case or accents', async () => {
    expect(await ids({ text: 'lubomir' })).toEqual([ID(7)]);
    expect(await ids({ text: 'ČAPLO ľub' })).toEqual([ID(7)]);
    expect(await ids({ text: "o'brien" })).toEqual([ID(8)]);
    expect(await ids({ text: 'unexpected json' })).toEqual([ID(11)]);
    expect(await ids({ text: ID(12) })).toEqual([ID(12)]);
    expect(await ids({ text: '000000000013' })).toEqual([ID(13)]);
    expect(await ids({ text: 'nobody' })).toEqual([]);
    expect(await ids({ text: "'); drop table x; -- & | ! :*" })).toEqual([]);
    expect(await ids({ text: '\\ \' " %' })).toHaveLength(23);
  });

  it('filters by status and counts each, within what the search finds', async () => {
    expect(await ids({ status: 'draft' })).toHaveLength(4);
    expect(await ids({ status: 'draft', text: '000000000010' })).toEqual([ID(10)]);
    expect(await ids({ status: '' })).toEqual([]);
    expect(await reader.counts('')).toEqual([
      { status: 'flagged', leads: 19 },
      { status: 'draft', leads: 4 },
    ]);
    expect(await reader.counts('lubomir')).toEqual([{ status: 'flagged', leads: 1 }]);
  });

  it('is told to planline status with the latest change first, whole or by status', async () => {
    await running.sql(
      `update public.junior_leads set last_error = 'touched' where id in ('${ID(3)}', '${ID(5)}')`,
    );
    const [first, ...rest] = await directory.list({ limit: 22 });
    expect(new Set([first?.id, rest[0]?.id])).toEqual(new Set([ID(3), ID(5)]));
    expect(first).toMatchObject({ last_error: 'touched', retry_count: 0, pipeline_progress: null });
    expect(Object.keys(first ?? {})).not.toContain('description');
    const times = [first, ...rest].map((lead) => lead?.pipeline_updated_at ?? '');
    expect(times).toHaveLength(22);
    expect(times).toEqual(times.toSorted().toReversed());
    const drafts = await directory.list({ statuses: ['draft', 'blocked'], limit: 10 });
    expect(drafts.map(({ id }) => id).toSorted()).toEqual([ID(5), ID(10), ID(15), ID(20)]);
    expect(drafts[0]?.id).toBe(ID(5));
  });

  it('takes a row whose error or name is one endless word', async () => {
    await running.sql(
      `update public.junior_leads set last_error = repeat('ﷺ', 4000), input_transform =
         jsonb_build_object('name', repeat('日本', 4000)) where id = '${ID(20)}'`,
    );
    expect(await ids({ text: '日本' })).toEqual([ID(20)]);
  });

  it('refuses a place in the list that is none', async () => {
    await expect(reader.list({ ...NEWEST, after: { key: 'x', id: 'y' } })).rejects.toThrow(
      /Listing leads/,
    );
  });

  it('moves a lead with the actor on record, and not when it is something else by now', async () => {
    const before = await reader.changeMark();
    await mover.move(ID(1), ['flagged'], 'withdrawn', 'dashboard');
    expect(await reader.changeMark()).not.toBe(before);
    expect(await directory.get(ID(1))).toMatchObject({ status: 'withdrawn' });
    const events = await store.read(ID(1), 0);
    expect(events.at(-1)).toMatchObject({ type: 'lead.withdrawn', actor: 'dashboard' });
    expect(findChainFault(events)).toBeNull();
    await expect(mover.move(ID(1), ['flagged'], 'flagged', 'dashboard')).rejects.toMatchObject({
      code: 'lead_moved',
      message: /moved meanwhile: it is "withdrawn" now, so nothing was changed/,
    });
    await expect(mover.move(ID(99), ['flagged'], 'flagged', 'dashboard')).rejects.toMatchObject({
      code: 'lead_moved',
    });
    await expect(mover.move(ID(2), ['flagged'], 'archived', 'dashboard')).rejects.toMatchObject({
      code: 'usage',
    });
    // The actor is told for one move only.
    await directory.flag(ID(1));
    expect((await store.read(ID(1), 0)).at(-1)).toMatchObject({ actor: 'hand:service_role' });
  });

  it('tells who works on what, and what waits', async () => {
    const claim = await store.claim({ daemon: 'd1', leaseMs: 60_000, running: [] });
    const overview = await reader.overview();
    expect(overview.leases).toMatchObject([{ leadId: claim?.lead.id, daemon: 'd1', epoch: 1 }]);
    expect(overview.queue).toMatchObject({ due: 18, later: 0, held: 1 });
    expect(overview.untold).toBe(0);
  });
});
