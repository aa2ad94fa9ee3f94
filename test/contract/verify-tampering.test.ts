/** What somebody does to the database behind planline's back, with its triggers off, is told. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { GENESIS_HASH } from '../../src/core/hash-chain.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { verifyLead } from '../../src/shell/verify.ts';
import { openDatabaseWorkshop, type DatabaseWorkshop } from '../support/database-workshop.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { matching } from '../support/matchers.ts';
import { describeAsHosted, type RunningTarget } from '../support/supabase-targets.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { PLANLINE_TABLES, untold } from '../support/untold-sql.ts';

const FORGED = 'f'.repeat(64);

interface Tampering {
  readonly what: string;
  /** `$lead` stands for the id. Runs as the owner of the database, with triggers off. */
  readonly sql: string;
  /** What must be told when this machine has the lead's log, and when it has not. */
  readonly withLog: readonly RegExp[];
  readonly alone: readonly RegExp[];
}

const events = (change: string, seq: number): string =>
  `update public.pipeline_events set ${change} where lead_id = '$lead' and seq = ${seq}`;

/** A change of one field: the event no longer fits its hash, and the log tells which field it was. */
const changed = (field: string, change: string, seq = 5): Tampering => ({
  what: `changed ${field}`,
  sql: events(change, seq),
  withLog: [
    new RegExp(`^the database, seq ${seq}: its content does not fit its hash$`),
    new RegExp(`^seq ${seq} \\(.+\\) differs between the database and events\\.jsonl: ${field}$`),
  ],
  alone: [new RegExp(`^the database, seq ${seq}: its content does not fit its hash$`)],
});

const reforged = `
  do $$ declare
    v_row public.pipeline_events;
    v_before text := '${GENESIS_HASH}';
  begin
    update public.pipeline_events set actor = 'somebody else' where lead_id = '$lead' and seq = 5;
    for v_row in select * from public.pipeline_events where lead_id = '$lead' order by seq loop
      v_row.prev_hash := v_before;
      v_before := public.planline_event_hash(v_row.prev_hash, v_row.event_id, v_row.lead_id,
        v_row.seq, v_row.run_id, v_row.type, v_row.v, v_row.data, v_row.status_from,
        v_row.status_to, v_row.actor, v_row.occurred_at, v_row.recorded_at);
      update public.pipeline_events set prev_hash = v_row.prev_hash, hash = v_before
       where lead_id = '$lead' and seq = v_row.seq;
    end loop;
  end $$`;

const added = (change: string): string => `
  select public.planline_record('$lead', jsonb_build_object(
    'type', 'lead.flagged', 'actor', 'hand:postgres', 'status_to', 'flagged',
    'data', '{"description_sha256": null, "description_chars": 0}'::jsonb), 'archived')${change}`;

const EVENT_TAMPERINGS: readonly Tampering[] = [
  changed('data', `data = data || '{"more": 1}'`),
  changed('data', `data = data || '{"more": 0.5}'`),
  changed('actor', `actor = 'd2'`),
  changed('type', `type = 'prompt.answered'`),
  changed('run_id', `run_id = null`),
  changed('v', `v = 2`),
  changed('event_id', `event_id = gen_random_uuid()`),
  changed('status_from', `status_from = 'archived'`),
  changed('status_to', `status_to = 'archived'`),
  changed('occurred_at', `occurred_at = occurred_at + interval '1 millisecond'`),
  changed('recorded_at', `recorded_at = recorded_at - interval '1 hour'`),
  {
    what: 'a forged hash',
    sql: events(`hash = '${FORGED}'`, 5),
    withLog: [
      /^the database, seq 5: its content does not fit its hash$/,
      /^seq 5 .+ differs .+: hash$/,
    ],
    alone: [/^the database, seq 5: its content does not fit its hash$/],
  },
  {
    what: 'a hash that is none',
    sql: events(`hash = 'x'`, 5),
    withLog: [
      /^the database, seq 5: it cannot be read: .* at hash$/,
      /^seq 5 .+ is in events\.jsonl but not in the database$/,
    ],
    alone: [/^the database, seq 5: it cannot be read: .* at hash$/],
  },
  {
    what: 'a forged prev_hash',
    sql: events(`prev_hash = '${FORGED}'`, 5),
    withLog: [
      /^the database, seq 5: prev_hash is not the hash of the event before it$/,
      /^seq 5 .+ differs .+: prev_hash$/,
    ],
    alone: [/^the database, seq 5: prev_hash is not the hash of the event before it$/],
  },
  {
    what: 'a removed event',
    sql: `delete from public.pipeline_events where lead_id = '$lead' and seq = 5`,
    withLog: [
      /^the database, seq 6: seq 5 was expected here, found 6$/,
      /^seq 5 .+ is in events\.jsonl but not in the database$/,
    ],
    alone: [/^the database, seq 6: seq 5 was expected here, found 6$/],
  },
  {
    what: 'a removed beginning',
    sql: `delete from public.pipeline_events where lead_id = '$lead' and seq <= 2`,
    withLog: [
      /^the database, seq 3: seq 1 was expected here, found 3$/,
      /^seq 1 .+ is in events\.jsonl but not in the database$/,
    ],
    alone: [/^the database, seq 3: seq 1 was expected here, found 3$/],
  },
  {
    what: 'two events that changed places',
    sql: `${events('seq = 100000', 5)}; ${events('seq = 5', 6)}; ${events('seq = 6', 100_000)}`,
    withLog: [/^the database, seq 5: prev_hash is not/, /^seq 5 .+ differs .+: event_id, .*hash$/],
    alone: [/^the database, seq 5: prev_hash is not/],
  },
  {
    what: 'an event and all hashes after it',
    sql: reforged,
    withLog: [/^seq 5 .+ differs .+: actor, hash$/],
    // Whoever makes every hash anew leaves no trace in the database: the log is the witness.
    alone: [],
  },
  {
    what: 'an added event',
    sql: added(''),
    withLog: [/^the row says "archived", its events say "flagged"$/],
    alone: [/^the row says "archived", its events say "flagged"$/],
  },
  {
    what: 'an added event in a daemon’s name',
    sql: `${added('')}; update public.pipeline_events set actor = 'd1'
      where lead_id = '$lead' and seq = (select max(seq) from public.pipeline_events where lead_id = '$lead')`,
    withLog: [
      /its content does not fit its hash$/,
      /^seq \d+ .+ is in the database but not in events\.jsonl$/,
    ],
    alone: [/its content does not fit its hash$/],
  },
  {
    what: 'an event moved to another lead',
    sql: events(`lead_id = '00000000-0000-4000-8000-000000000000'`, 5),
    withLog: [/^the database, seq 6: seq 5 was expected here/, /^seq 5 .+ is in events\.jsonl but/],
    alone: [/^the database, seq 6: seq 5 was expected here/],
  },
];

const OTHER_TAMPERINGS: readonly Tampering[] = [
  {
    what: 'another status in the row',
    sql: `update public.junior_leads set status = 'uploaded' where id = '$lead'`,
    withLog: [/^the row says "uploaded", its events say "archived"$/],
    alone: [/^the row says "uploaded", its events say "archived"$/],
  },
  {
    what: 'another description in the row',
    sql: `update public.junior_leads set description = 'x' where id = '$lead'`,
    withLog: [/^the description of the row is not the one/],
    alone: [/^the description of the row is not the one/],
  },
  {
    what: 'another fencing token in the row',
    sql: `update public.junior_leads set claim_epoch = 7 where id = '$lead'`,
    withLog: [/^the row was claimed with fencing token 7, .+ is 1$/],
    alone: [/^the row was claimed with fencing token 7, .+ is 1$/],
  },
  {
    what: 'a removed row',
    sql: `delete from public.junior_leads where id = '$lead'`,
    withLog: [/^the row is not in junior_leads$/],
    alone: [/^the row is not in junior_leads$/],
  },
  {
    what: 'a changed artifact',
    sql: `update public.pipeline_artifacts set content = content || ' '
           where lead_id = '$lead' and path = 'plan/plan.txt'`,
    withLog: [/^pipeline_artifacts, run \d+_\d+, plan\/plan\.txt: recorded as .+, it is /],
    alone: [/^pipeline_artifacts, run \d+_\d+, plan\/plan\.txt: recorded as .+, it is /],
  },
  {
    what: 'an artifact with another hash',
    sql: `update public.pipeline_artifacts set sha256 = '${FORGED}'
           where lead_id = '$lead' and path = 'plan/plan.txt'`,
    withLog: [
      /plan\/plan\.txt \(f{12}\): no event names it$/,
      /plan\/plan\.txt .+ is not in pipeline_artifacts$/,
    ],
    alone: [
      /plan\/plan\.txt \(f{12}\): no event names it$/,
      /plan\/plan\.txt .+ is not in pipeline_artifacts$/,
    ],
  },
  {
    what: 'a removed artifact',
    sql: `delete from public.pipeline_artifacts where lead_id = '$lead' and path = 'plan/plan.txt'`,
    withLog: [/^run \d+_\d+, plan\/plan\.txt .+ is not in pipeline_artifacts$/],
    alone: [/^run \d+_\d+, plan\/plan\.txt .+ is not in pipeline_artifacts$/],
  },
  {
    what: 'a changed page',
    sql: `update public.client_learning_pages set content = jsonb_set(content, '{language}', '"xx"')
           where client_id = '$lead'`,
    withLog: [/^page 1 is not what run \d+_\d+ recorded: content$/],
    alone: [/^page 1 is not what run \d+_\d+ recorded: content$/],
  },
  {
    what: 'a page with another title and run',
    sql: `update public.client_learning_pages set title = 'x', run_id = '20200101_000000'
           where client_id = '$lead'`,
    withLog: [/^page 1 says run 20200101_000000, \d+_\d+ was the last to upload$/],
    alone: [/^page 1 says run 20200101_000000, \d+_\d+ was the last to upload$/],
  },
  {
    what: 'a removed page',
    sql: `delete from public.client_learning_pages where client_id = '$lead'`,
    withLog: [/^page 1 of run \d+_\d+ is not there$/],
    alone: [/^page 1 of run \d+_\d+ is not there$/],
  },
  {
    what: 'a page too many',
    sql: `insert into public.client_learning_pages (client_id, page_index, title, run_id)
          select client_id, 2, 'x', run_id from public.client_learning_pages where client_id = '$lead'`,
    withLog: [/^page 2 is one more than run \d+_\d+ uploaded$/],
    alone: [/^page 2 is one more than run \d+_\d+ uploaded$/],
  },
];

/** What differs between the kinds of Supabase is how verify reads: a few show that. */
const SAMPLE = new Set([
  'changed actor',
  'a removed event',
  'a changed artifact',
  'a changed page',
]);

describeAsHosted('verify', (target) => {
  const isHosted = target.name.startsWith('PostgREST');
  const everything = [...EVENT_TAMPERINGS, ...OTHER_TAMPERINGS];
  const tamperings = isHosted ? everything : everything.filter(({ what }) => SAMPLE.has(what));

  let running: RunningTarget;
  let here: DatabaseWorkshop;
  let elsewhere: DatabaseWorkshop;
  let leadId: string;
  const folders: (() => Promise<void>)[] = [];

  const tamper = (sql: string): Promise<void> => untold(running, sql.replaceAll('$lead', leadId));

  const workshop = async (): Promise<DatabaseWorkshop> => {
    const { path, remove } = await makeTempFolder();
    folders.push(remove);
    return openDatabaseWorkshop(running, { folder: path });
  };

  beforeAll(async () => {
    running = await target.start({ migrationsDir });
    [here, elsewhere] = [await workshop(), await workshop()];
    leadId = await here.shell.directory.add({ description: ENGLISH });
    await here.work(leadId);
    for (const table of PLANLINE_TABLES) {
      await tamper(`create table public.kept_${table} as select * from public.${table}`);
    }
  });
  afterAll(async () => {
    await running.stop();
    for (const remove of folders) await remove();
  });

  beforeEach(async () => {
    for (const table of PLANLINE_TABLES.toReversed()) await tamper(`delete from public.${table}`);
    for (const table of PLANLINE_TABLES) {
      await tamper(
        `insert into public.${table} overriding system value select * from public.kept_${table}`,
      );
    }
  });

  /** All of these among others, or nothing at all. */
  const telling = (patterns: readonly RegExp[]): unknown =>
    patterns.length === 0
      ? []
      : expect.arrayContaining(patterns.map((pattern) => matching(pattern)));

  it('finds nothing wrong with what nobody touched', async () => {
    for (const { ports } of [here, elsewhere]) {
      expect(await verifyLead(leadId, ports)).toMatchObject({ problems: [], notes: [] });
    }
  });

  it.each(tamperings)('tells of $what', async (tampering) => {
    await tamper(tampering.sql);
    expect((await verifyLead(leadId, here.ports)).problems).toEqual(telling(tampering.withLog));
    expect((await verifyLead(leadId, elsewhere.ports)).problems).toEqual(telling(tampering.alone));
  });

  it.runIf(isHosted)('tells of an end that was cut off, wherever that was', async () => {
    const { events: whole } = await here.ports.recovery.stream(leadId);
    const untoldOf: string[] = [];
    for (let length = whole.length - 1; length >= 0; length -= 1) {
      await tamper(
        `delete from public.pipeline_events where lead_id = '$lead' and seq > ${length}`,
      );
      const lost = whole[length];
      expect((await verifyLead(leadId, here.ports)).problems).toContainEqual(
        `seq ${length + 1} (${lost?.type}) is in events.jsonl but not in the database`,
      );
      const { problems } = await verifyLead(leadId, elsewhere.ports);
      if (problems.length === 0) untoldOf.push(lost?.type ?? '');
    }
    expect(untoldOf).toEqual([]);
  });
});
