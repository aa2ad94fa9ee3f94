/**
 * A database as years of use leave it, made by SQL: leads at rest with their events, and some five
 * hundred that are not. Rows are slim, hashes are of the right length and chain nothing; triggers are
 * off and indexes are made at the end, as both would only make the filling slow.
 */
import { z } from 'zod';
import { applyMigrations, readMigrations } from '../../src/adapters/embedded/migrations.ts';
import { CHAT_STEPS } from '../../src/core/lifecycle.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { type AdminSql, withSession } from '../../test/support/admin-sql.ts';

export const EVENTS_PER_LEAD = 100;
/** Leads that are not at rest, however many others there are: they wait, are held, or are blocked. */
export const WAITING = 450;
const HELD = 30;
const BLOCKED = 20;

interface TemplateRow {
  readonly seq: number;
  readonly type: string;
  readonly data: object;
  readonly statusTo: string | null;
}

const SHA = 'a'.repeat(64);
const file = (path: string) => ({ path, sha256: SHA, bytes: 4_096 });

/** The events of one run, so many that they are EVENTS_PER_LEAD with the last step. */
function template(): TemplateRow[] {
  const description = { description_sha256: SHA, description_chars: 800 };
  const rows: Omit<TemplateRow, 'seq'>[] = [
    { type: 'lead.flagged', data: description, statusTo: 'flagged' },
    {
      type: 'lead.claimed',
      data: { daemon: 'd1', epoch: 1, lease_expires_at: '' },
      statusTo: null,
    },
    {
      type: 'run.started',
      data: { ...description, block_count: 15, driver: 'openai', artifacts: [] },
      statusTo: 'processing',
    },
  ];
  for (let n = 1; rows.length < EVENTS_PER_LEAD - 1; n += 1) {
    const prompt = { step: CHAT_STEPS[n % CHAT_STEPS.length], n };
    const request = { ...prompt, request_id: `request-${n}` };
    const reply = file(`stage_2/part${n}.txt`);
    rows.push(
      { type: 'prompt.staged', data: { ...prompt, prompt: reply }, statusTo: null },
      { type: 'prompt.send_intended', data: { ...request, prompt_sha256: SHA }, statusTo: null },
      {
        type: 'prompt.sent',
        data: { ...request, ref: { kind: 'response', id: 'r' } },
        statusTo: null,
      },
      { type: 'prompt.answered', data: { ...request, duration_ms: 9_000 }, statusTo: null },
      { type: 'prompt.saved', data: { ...prompt, reply, meta: reply }, statusTo: null },
    );
  }
  const last = { type: 'step.completed', data: { step: 'notify' }, statusTo: 'archived' };
  return [...rows.slice(0, EVENTS_PER_LEAD - 1), last].map(({ type, data, statusTo }, at) => ({
    seq: at + 1,
    type,
    data,
    statusTo,
  }));
}

/** n from 1: the first ones wait, then those that are held and blocked; the others are archived. */
const LEADS_SQL = `
alter table public.junior_leads disable trigger user;
insert into public.junior_leads
  (status, description, input_transform, plan, last_error, processing_started_at,
   processing_completed_at, claim_epoch, claimed_by, lease_expires_at, next_attempt_at,
   pipeline_progress, pipeline_updated_at)
select case when n <= ${WAITING} then 'flagged' when n <= ${WAITING + HELD} then 'processing'
            when n <= ${WAITING + HELD + BLOCKED} then 'blocked' else 'archived' end,
       repeat('What a client tells of themselves. ', 24),
       jsonb_build_object('name', 'Person' || n || ' Family' || n % 5000),
       repeat('What is to be learned in this block. ', 40),
       case when n between ${WAITING + HELD + 1} and ${WAITING + HELD + BLOCKED}
            then 'Reply ' || n || ' was no JSON' end,
       at - interval '2 hours', case when n > ${WAITING + HELD + BLOCKED} then at end, 1,
       case when n between ${WAITING + 1} and ${WAITING + HELD} then 'another-daemon' end,
       case when n between ${WAITING + 1} and ${WAITING + HELD} then now() + interval '1 day' end,
       at, jsonb_build_object('run_id', '20250101_100000', 'step', 'notify', 'prompts_done', 32,
                              'prompts_total', 32),
       at
  from (select n, now() - interval '1 day' - n * interval '2 years' / %LEADS% as at
          from generate_series(1, %LEADS%) n) l;
alter table public.junior_leads enable trigger user`;

const EVENTS_SQL = `
insert into public.pipeline_events
  (event_id, lead_id, seq, run_id, type, v, data, status_to, actor, occurred_at, recorded_at,
   prev_hash, hash)
select gen_random_uuid(), l.id::text, t.seq, case when t.seq > 2 then '20250101_100000' end, t.type, 1,
       t.data, t.status_to, 'd1', l.at + t.seq * interval '1 minute',
       l.at + t.seq * interval '1 minute',
       encode(sha256(uuid_send(l.id) || int4send(t.seq - 1)), 'hex'),
       encode(sha256(uuid_send(l.id) || int4send(t.seq)), 'hex')
  from (select id, processing_started_at as at from public.junior_leads
         where hashtext(id::text) & 1 = $1::integer order by pipeline_updated_at) l
 cross join lateral (select * from public.bench_template where l.id is not null) t`;

/** A lead's events lie beside each other, as those of a run do: hence the lateral join. */
const TEMPLATE_SQL = `
create table public.bench_template as
  select (x ->> 'seq')::integer as seq, x ->> 'type' as type, x -> 'data' as data,
         x ->> 'statusTo' as status_to
    from jsonb_array_elements($1::jsonb) x
   order by 1`;

/** Those that wait were flagged after their last run. */
const FLAGGED_SQL = `
insert into public.pipeline_events
  (event_id, lead_id, seq, type, v, data, status_from, status_to, actor, occurred_at, recorded_at,
   prev_hash, hash)
select gen_random_uuid(), l.id::text, ${EVENTS_PER_LEAD + 1}, 'lead.flagged', 1,
       jsonb_build_object('description_sha256', repeat('a', 64), 'description_chars', 800),
       'archived', 'flagged', 'hand:postgres', l.next_attempt_at, l.next_attempt_at,
       encode(sha256(uuid_send(l.id) || int4send(${EVENTS_PER_LEAD})), 'hex'),
       encode(sha256(uuid_send(l.id) || int4send(${EVENTS_PER_LEAD + 1})), 'hex')
  from public.junior_leads l where l.status = 'flagged'`;

/** What is dropped, and how it is made again. */
const INDEXES_SQL = `
select format('alter table public.pipeline_events drop constraint %I', conname) as gone,
       format('alter table public.pipeline_events add constraint %I %s', conname,
              pg_get_constraintdef(oid)) as again
  from pg_constraint where conrelid = 'public.pipeline_events'::regclass and contype in ('p', 'u')
union all
select format('drop index public.%I', c.relname), pg_get_indexdef(c.oid)
  from pg_index i join pg_class c on c.oid = i.indexrelid
 where i.indrelid = 'public.pipeline_events'::regclass
   and not exists (select from pg_constraint where conindid = c.oid)`;

const indexes = z.array(z.object({ gone: z.string(), again: z.string() }));

/** Fills an empty database, whose migrations it applies. */
export async function fill(databaseUrl: string, admin: AdminSql, leads: number): Promise<void> {
  const migrations = await readMigrations(migrationsDir);
  await withSession(databaseUrl, (session) => applyMigrations(session, migrations));
  await admin.query(LEADS_SQL.replaceAll('%LEADS%', String(leads)));
  const made = indexes.parse(await admin.query(INDEXES_SQL));
  for (const { gone } of made) await admin.query(gone);
  await admin.query(TEMPLATE_SQL, [JSON.stringify(template())]);
  // On two connections: one core would be idle.
  await Promise.all([0, 1].map((half) => admin.query(EVENTS_SQL, [half])));
  await admin.query('drop table public.bench_template');
  await admin.query(FLAGGED_SQL);
  for (const { again } of made) await admin.query(again);
  // What autovacuum would do meanwhile, at a time that nobody chooses.
  await admin.query('alter table public.pipeline_events set (autovacuum_enabled = off)');
  await admin.query('alter table public.junior_leads set (autovacuum_enabled = off)');
  await admin.query('vacuum analyze public.junior_leads');
  await admin.query('analyze public.pipeline_events');
}

/** A tenth of all leads is flagged and due. */
export async function flagATenth(admin: AdminSql): Promise<void> {
  await admin.query(`
    alter table public.junior_leads disable trigger user;
    update public.junior_leads
       set status = 'flagged', next_attempt_at = now() - interval '1 hour' * random()
     where id in (select id from public.junior_leads where status = 'archived'
                   limit (select count(*) / 10 from public.junior_leads));
    alter table public.junior_leads enable trigger user`);
  await admin.query('vacuum analyze public.junior_leads');
}
