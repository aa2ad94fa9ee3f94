import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type Client, connect } from '../support/client.ts';
import { PROBE_MIGRATIONS } from '../support/probe-migrations.ts';
import { describeOnTargets, type RunningTarget } from '../support/supabase-targets.ts';
import { anyNumber, containing } from '../support/matchers.ts';

const START_LIMIT_MS = 60_000;

const withId = z.object({ id: z.number() });

describeOnTargets('REST with the unmodified supabase-js', (target) => {
  let running: RunningTarget;
  let service: Client;
  let anon: Client;

  beforeAll(async () => {
    running = await target.start({ migrationsDir: PROBE_MIGRATIONS });
    service = connect(running.url, running.secretKey);
    anon = connect(running.url, running.publishableKey);
  }, START_LIMIT_MS);
  afterAll(() => running.stop());
  beforeEach(async () => {
    await running.sql('delete from public.probe');
  });

  it('inserts, reads, updates and deletes', async () => {
    const inserted = await service.from('probe').insert({ status: 'flagged' }).select().single();
    expect(inserted.error).toBeNull();
    const { id } = withId.parse(inserted.data);
    expect(inserted.data).toMatchObject({ status: 'flagged', code: null });

    const updated = await service.from('probe').update({ code: 'žltý 🐴' }).eq('id', id).select();
    expect(updated.data).toMatchObject([{ id, status: 'flagged', code: 'žltý 🐴' }]);
    const counted = await service.from('probe').select('*', { count: 'exact', head: true });
    expect(counted.count).toBe(1);

    expect((await service.from('probe').delete().eq('id', id)).status).toBe(204);
    expect((await service.from('probe').select()).data).toEqual([]);
  });

  it('upserts on a unique column and fills in defaults', async () => {
    const rows = [{ code: 'a' }, { code: 'b' }];
    await service.from('probe').insert({ code: 'a', status: 'old' });
    const { data, error } = await service
      .from('probe')
      .upsert(rows, { onConflict: 'code' })
      .select('code,status')
      .order('code');
    expect(error).toBeNull();
    expect(data).toEqual([
      { code: 'a', status: 'old' },
      { code: 'b', status: 'new' },
    ]);
  });

  it('sends values in the form that hosted Supabase sends', async () => {
    await running.sql(`insert into public.probe
      (status, big, exact, approx, flag, at, local, day, data, tags, amounts, instants, raw) values (
      'full', 9007199254740991, 12345.6700, 0.1, true, '2026-11-23 10:00:00.25+02',
      '2026-11-23 10:00:00', '2026-11-23', '{"b":[1,null],"a":{"at":"x"}}', '{a,"b c"}',
      '{1.50,2}', '{2026-01-02 03:04:05+00}', '\\xdeadbeef')`);
    const full = await service.from('probe').select().eq('status', 'full').single();
    expect(full.error).toBeNull();
    expect(full.data).toEqual({
      id: anyNumber(),
      status: 'full',
      code: null,
      big: 9_007_199_254_740_991,
      exact: 12_345.67,
      approx: 0.1,
      flag: true,
      at: '2026-11-23T08:00:00.25+00:00',
      local: '2026-11-23T10:00:00',
      day: '2026-11-23',
      data: { a: { at: 'x' }, b: [1, null] },
      tags: ['a', 'b c'],
      amounts: [1.5, 2],
      instants: ['2026-01-02T03:04:05+00:00'],
      raw: '\\xdeadbeef',
    });
  });

  it('sends what JSON has no number for as text', async () => {
    await running.sql(`insert into public.probe (status, exact, approx, at)
      values ('odd', 'NaN', 'Infinity', 'infinity')`);
    const { data } = await service.from('probe').select('exact,approx,at').single();
    expect(data).toEqual({ exact: 'NaN', approx: 'Infinity', at: 'infinity' });
  });

  it('takes the same values back', async () => {
    const row = {
      big: 9_007_199_254_740_991,
      exact: 12_345.67,
      approx: 0.5,
      at: '2026-11-23T08:00:00.25+00:00',
      day: '2026-11-23',
      data: { list: [1, 'two', null], text: 'ľščťž' },
      tags: ['a', 'b c', 'say "hi", {now}'],
      amounts: [1.5, 2],
      raw: '\\xdeadbeef',
    };
    const stored = await service.from('probe').insert(row).select().single();
    expect(stored.error).toBeNull();
    expect(stored.data).toMatchObject(row);
  });

  it('calls functions that return rows, tables and nothing', async () => {
    const added = await service.rpc('probe_add', { p_status: 'rpc', p_data: { n: 1 } });
    expect(added.error).toBeNull();
    expect(added.data).toMatchObject([{ status: 'rpc', data: { n: 1 } }]);
    const table = await service.rpc('probe_now');
    expect(table.data).toEqual([
      { at: '2026-11-23T08:00:00.25+00:00', big: 9_007_199_254_740_991, exact: 1.5 },
    ]);
    expect((await service.rpc('probe_who')).data).toBe('service_role');
  });

  it('hands arguments over: arrays, JSON, nulls and defaults', async () => {
    const given = {
      p_names: ['a', 'b, "c" {d}', ''],
      p_items: [{ text: 'ľ', list: [] }, 'two', null],
      p_at: '2026-11-23T10:00:00.25+02:00',
      p_id: '0bfa1d01-a284-4e76-a005-0f6e4c5d59f7',
    };
    const echoed = await service.rpc('probe_echo', given);
    expect(echoed.error).toBeNull();
    expect(echoed.data).toEqual({
      names: given.p_names,
      items: given.p_items,
      count: 7,
      flag: true,
      at: '2026-11-23T08:00:00.25+00:00',
      id: given.p_id,
    });
    const empty = { p_names: [], p_items: {}, p_count: 9_007_199_254_740_991, p_flag: null };
    expect((await service.rpc('probe_echo', empty)).data).toEqual({
      names: [],
      items: {},
      count: 9_007_199_254_740_991,
      flag: null,
      at: null,
      id: null,
    });
  });

  it.each([
    ['PL001', 400],
    ['P0001', 400],
    ['23514', 400],
    ['23505', 409],
    ['40003', 500],
    ['55P03', 500],
    ['57014', 500],
    ['42501', 403],
    ['42P01', 404],
    ['PT418', 418],
  ])('passes a function’s error %s on, with message, details and hint', async (code, status) => {
    const answer = await service.rpc('probe_refuse', {
      sqlstate: code,
      text_of_message: 'Nastav „flagged“, nie toto.',
    });
    expect(answer.status).toBe(status);
    expect(answer.error).toMatchObject({
      code,
      message: 'Nastav „flagged“, nie toto.',
      details: 'the detail',
      hint: 'the hint',
    });
  });

  it('names the constraint that a row breaks', async () => {
    const broken = await service.from('probe').insert({ big: -1 });
    expect(broken.error).toMatchObject({
      code: '23514',
      message: containing('probe_big_positive'),
    });
    await service.from('probe').insert({ code: 'twice' });
    const twice = await service.from('probe').insert({ code: 'twice' });
    expect(twice.status).toBe(409);
    expect(twice.error).toMatchObject({
      code: '23505',
      details: 'Key (code)=(twice) already exists.',
    });
  });

  it('rolls a failed request back as a whole', async () => {
    const { error } = await service
      .from('probe')
      .insert([{ code: 'good' }, { code: null, big: -1 }]);
    expect(error).not.toBeNull();
    expect((await service.from('probe').select()).data).toEqual([]);
  });

  it('answers 404 for a table that is not there', async () => {
    const { error, status } = await service.from('no_such_table').select();
    expect(status).toBe(404);
    expect(error?.code).toMatch(/^(PGRST205|42P01)$/);
  });

  it('answers 401 for a wrong key and for none', async () => {
    const wrong = connect(running.url, `${running.secretKey.slice(0, -4)}AAAA`);
    expect((await wrong.from('probe').select()).status).toBe(401);
    expect((await fetch(`${running.url}/rest/v1/probe`)).status).toBe(401);
  });

  it('lets anon see nothing: neither without a grant nor past row level security', async () => {
    await service.from('probe').insert({ status: 'private' });
    const refused = await anon.from('probe').select();
    expect(refused.status).toBe(401);
    expect(refused.error?.code).toBe('42501');
    expect((await anon.from('guarded').select()).error?.code).toBe('42501');
    expect((await service.from('guarded').select()).error?.code).toBe('42501');

    await running.sql('grant select on public.probe to anon');
    expect((await anon.from('probe').select()).data).toEqual([]);
    await running.sql('revoke select on public.probe from anon');
  });

  it('keeps concurrent requests apart: roles do not mix and a failure spoils no other', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        Promise.all([
          service.rpc('probe_who'),
          anon.rpc('probe_who'),
          anon.from('probe').insert({ status: 'stolen' }),
          service.rpc('probe_refuse', { sqlstate: 'PL002', text_of_message: String(n) }),
          service
            .from('probe')
            .insert({ code: `c${n}` })
            .select('code')
            .single(),
        ]),
      ),
    );
    for (const [n, [asService, asAnon, stolen, refused, inserted]] of answers.entries()) {
      expect(asService.data).toBe('service_role');
      expect(asAnon.data).toBe('anon');
      expect(stolen.error?.code).toBe('42501');
      expect(refused.error).toMatchObject({ code: 'PL002', message: String(n) });
      expect(inserted.data).toEqual({ code: `c${n}` });
    }
    expect(await running.sql('select count(*) from public.probe')).toEqual([{ count: 40 }]);
  });
});
