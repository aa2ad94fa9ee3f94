/** Growth: the same calls at a thousand, ten thousand and a hundred thousand leads with 100 events each. */
import { z } from 'zod';
import type { AdminSql } from '../../test/support/admin-sql.ts';
import { connectAdmin } from '../../test/support/admin-sql.ts';
import { startPostgres, type TestPostgres } from '../../test/support/postgres.ts';
import { startPostgrest } from '../../test/support/postgrest.ts';
import type { Measured, Plot, Row, Section, Subject } from '../report/section.ts';
import { median } from '../report/statistics.ts';
import {
  claimOnly,
  lookAt,
  workOn,
  type Access,
  type Known,
  type Times,
} from '../support/growth-calls.ts';
import { plansOf } from '../support/growth-plans.ts';
import { EVENTS_PER_LEAD, fill, flagATenth, WAITING } from '../support/grown-database.ts';
import { alternate, type Contender, type Outcome } from '../support/rounds.ts';
import type { SuiteContext } from '../support/suite.ts';
import { undoing } from '../support/undoing.ts';

const SIZES = [1_000, 10_000, 100_000];
const TRIAL_SIZES = [1_000, 5_000];
/** Of each call a round; of those that take a lead, as many as are waiting for a few rounds. */
const CALLS = 40;
const GOAL = 1.5;

interface Grown {
  readonly leads: number;
  readonly admin: AdminSql;
  readonly access: Access;
  readonly known: Known;
}

const middleRows = z.tuple([z.object({ id: z.string(), key: z.string(), name: z.string() })]);

async function knownOf(admin: AdminSql): Promise<Known> {
  const [{ id, key, name }] = middleRows.parse(
    await admin.query(`
      select l.id::text as id, coalesce(l.pipeline_updated_at, '-infinity')::text as key,
             split_part(l.input_transform ->> 'name', ' ', 1) as name
        from public.junior_leads l
       order by coalesce(l.pipeline_updated_at, '-infinity'::timestamptz) desc, l.id desc
      offset (select count(*) / 2 from public.junior_leads) limit 1`),
  );
  return { leadId: id, middle: { key, id }, name };
}

/** As a server of that size is set up; what is written is durable as ever. */
async function prepare(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  url.username = 'supabase_admin';
  const admin = connectAdmin(url.href);
  try {
    await admin.query(`alter system set max_wal_size = '8GB'`);
    await admin.query(`alter system set checkpoint_timeout = '30min'`);
    await admin.query(`alter system set maintenance_work_mem = '1GB'`);
    await admin.query('select pg_reload_conf()');
  } finally {
    await admin.end();
  }
}

async function grow(
  postgres: TestPostgres,
  leads: number,
  onUndo: (undo: () => Promise<unknown>) => void,
): Promise<Grown> {
  const databaseUrl = await postgres.createDatabase(`leads_${leads}`);
  await prepare(databaseUrl);
  const admin = connectAdmin(databaseUrl);
  onUndo(() => admin.end());
  await fill(databaseUrl, admin, leads);
  const postgrest = await startPostgrest({ databaseUrl });
  onUndo(() => postgrest.stop());
  const access = { url: postgrest.url, secretKey: postgrest.serviceKey };
  return { leads, admin, access, known: await knownOf(admin) };
}

function subjectOf(leads: number): Subject {
  return { name: `${leads.toLocaleString('en')} leads`, version: null };
}

type Outcomes = ReadonlyMap<string, Outcome<Times>>;

function measuredOf(outcomes: Outcomes, leads: number, name: string): Measured {
  const rounds = outcomes.get(subjectOf(leads).name)?.rounds.flatMap((round) => round[name] ?? []);
  if (rounds === undefined || rounds.length === 0) throw new Error(`${name} was not measured`);
  return { subject: subjectOf(leads), unit: 'ms', rounds };
}

function rowOf(outcomes: Outcomes, sizes: readonly number[], name: string): Row {
  const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
  return {
    question: name,
    ours: measuredOf(outcomes, largest, name),
    others: sizes.slice(0, -1).map((leads) => measuredOf(outcomes, leads, name)),
    better: 'lower',
    goal: { against: subjectOf(smallest).name, ratio: GOAL },
    note: NOTES[name] ?? null,
  };
}

const BACKLOG = 'claim, a tenth of all leads waiting';

const NOTES: Readonly<Record<string, string>> = {
  [BACKLOG]: 'A hundred leads wait in the smallest database, ten thousand in the largest.',
  'counts of all statuses':
    'Every lead is counted, by an index: the one call that grows with their number.',
  'planline status, all':
    'Two lists of up to a thousand leads and, as there are more, their number: which is counted, lead by lead.',
};

function plotOf(outcomes: Outcomes, sizes: readonly number[]): Plot {
  const names = [
    'claim of the next lead',
    'append of an answered prompt',
    'planline status, all',
    'list, latest change first',
    'list, search for a name',
  ];
  return {
    name: 'growth',
    title: 'The same calls as the tables grow',
    unit: 'ms, less is better',
    series: names.map((name) => ({
      name,
      points: sizes.map((leads) => ({
        label: subjectOf(leads).name,
        value: median(measuredOf(outcomes, leads, name).rounds),
      })),
    })),
  };
}

const METHOD = [
  `PostgreSQL behind PostgREST; a database for each size, filled by SQL: ${EVENTS_PER_LEAD} events a lead, so that the largest has ten million, with every index that the migrations make. Fifty years of leads at rest change nothing for ${WAITING} that wait, 30 that are held and 20 that are blocked: those are the same number in each.`,
  `Each figure is the median of ${CALLS} calls through planline's own adapters, as the daemon, \`planline status\` and the dashboard make them; rounds alternate between the sizes. Who claims a lead reads its stream, renews the lease, appends three events with a reply of 6 kB, and gives it back. The page of the list is asked for as the dashboard asks, 51 leads at a time.`,
  'The ratio is that of the largest to the smallest. Autovacuum is off while it is measured; tables are analyzed after filling. The plans below are those of the largest.',
];

export async function growth(context: SuiteContext): Promise<Section> {
  const sizes = context.isTrial ? TRIAL_SIZES : SIZES;
  const calls = context.isTrial ? 8 : CALLS;
  const undo = undoing();
  try {
    const postgres = await startPostgres();
    undo.add(() => postgres.stop());
    const grown: Grown[] = [];
    for (const leads of sizes) {
      grown.push(await grow(postgres, leads, undo.add));
      context.say(`${leads} leads are there`);
    }
    const contenders = (measure: (one: Grown) => Promise<Times>): Contender<Times>[] =>
      grown.map((one) => ({ name: subjectOf(one.leads).name, measure: () => measure(one) }));
    const usual = await alternate(
      contenders(async ({ access, known }) => ({
        ...(await workOn(access, Math.min(calls, Math.floor(WAITING / context.rounds)))),
        ...(await lookAt(access, known, calls)),
      })),
      context,
    );
    const largest = grown.at(-1);
    const appendix = largest === undefined ? [] : await plansOf(largest.admin, largest.known);
    for (const { admin } of grown) await flagATenth(admin);
    const backlog = await alternate(
      contenders(async ({ access }) => ({ [BACKLOG]: await claimOnly(access, calls / 2) })),
      context,
    );
    return sectionOf({ usual, backlog, sizes, appendix });
  } finally {
    await undo.all();
  }
}

function sectionOf(measured: {
  readonly usual: Outcomes;
  readonly backlog: Outcomes;
  readonly sizes: readonly number[];
  readonly appendix: Section['appendix'];
}): Section {
  const { usual, backlog, sizes, appendix } = measured;
  for (const { failure } of [...usual.values(), ...backlog.values()]) {
    if (failure !== null) throw new Error(failure);
  }
  const [first] = usual.values();
  const names = Object.keys(first?.rounds[0] ?? {});
  return {
    title: 'Growth',
    method: METHOD,
    rows: [...names.map((name) => rowOf(usual, sizes, name)), rowOf(backlog, sizes, BACKLOG)],
    plots: [plotOf(usual, sizes)],
    appendix,
  };
}
