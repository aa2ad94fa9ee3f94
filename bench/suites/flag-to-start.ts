/**
 * From the flag to the first step: a row is set to `flagged`, or a job enqueued, by a process that is not
 * the worker; how long until the worker has claimed it, durably, and has begun.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPostgres } from '../../test/support/postgres.ts';
import type { Measured, Row, Section, Subject } from '../report/section.ts';
import { figure } from '../report/figures.ts';
import { median, quantile } from '../report/statistics.ts';
import { startChat, type Chat } from '../support/chat.ts';
import { startDaemon, SUBSCRIBED, type RunningDaemon } from '../support/daemon.ts';
import { startProject, withPostgres, type Project } from '../support/hosted.ts';
import { leadsOf, leadsOfEmbedded, untilArchived, type Leads } from '../support/leads.ts';
import { startRival } from '../support/rival.ts';
import { alternate, type Contender, type Outcome } from '../support/rounds.ts';
import type { SuiteContext } from '../support/suite.ts';
import { planlineSubject, rivalSubject } from '../support/versions.ts';

const WARM_UP = 3;
/** The machine is quiet again by then. */
const REST_MS = 50;

const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
type Share = keyof typeof SHARES;

/** Of one round, in ms. */
interface Starts {
  /** Until the first step has begun. */
  readonly step: Readonly<Record<Share, number>>;
  /** Until `lead.claimed` and `run.started` were recorded, medians; planline only. */
  readonly claimed?: number;
  readonly started?: number;
}

function sharesOf(samples: readonly number[]): Record<Share, number> {
  const at = (share: Share): number => quantile(samples, SHARES[share]);
  return { p50: at('p50'), p95: at('p95'), p99: at('p99') };
}

/**
 * Whoever polls began at the end of an interval: only a rest spread over a whole one meets it at any
 * point of the next.
 */
const rest = (pollMs: number): Promise<void> => sleep(REST_MS + Math.random() * pollMs);

const WOKEN = 100;

interface PlanlineStart {
  readonly claimed: number;
  readonly started: number;
  readonly step: number;
}

/** One lead from its flag to its end, so that the next one finds the daemon idle. */
async function startLead(leads: Leads): Promise<PlanlineStart> {
  const [id = ''] = await leads.insert(1);
  await rest(WOKEN);
  const flaggedMs = await leads.flag([id]);
  await untilArchived(leads, [id], { everyMs: 150, limitMs: 60_000 });
  const events = await leads.events(id);
  const eventOf = (type: string) => {
    const event = events.find((one) => one.type === type);
    if (event === undefined) throw new Error(`lead ${id} has no event ${type}`);
    return event;
  };
  return {
    claimed: eventOf('lead.claimed').recordedMs - flaggedMs,
    started: eventOf('run.started').recordedMs - flaggedMs,
    // Of its file, which is on the disk by then: the step began before.
    step: eventOf('prompt.staged').occurredMs - flaggedMs,
  };
}

async function planlineRound(leads: Leads, samples: number): Promise<Starts> {
  const all: PlanlineStart[] = [];
  for (let n = -WARM_UP; n < samples; n += 1) {
    const one = await startLead(leads);
    if (n >= 0) all.push(one);
  }
  return {
    step: sharesOf(all.map(({ step }) => step)),
    claimed: median(all.map(({ claimed }) => claimed)),
    started: median(all.map(({ started }) => started)),
  };
}

async function withDaemon<T>(
  env: Readonly<Record<string, string>>,
  work: (daemon: RunningDaemon) => Promise<T>,
): Promise<T> {
  const daemon = await startDaemon({ BLOCK_COUNT: '1', ...env });
  try {
    await daemon.logged(SUBSCRIBED);
    return await work(daemon);
  } finally {
    await daemon.stop();
  }
}

function onPostgrest(project: Project, chat: Chat, samples: number): Contender<Starts> {
  const env = { SUPABASE_URL: project.url, SUPABASE_SECRET_KEY: project.secretKey, ...chat.env };
  return {
    name: 'planline, PostgREST',
    measure: () => withDaemon(env, () => planlineRound(leadsOf(project), samples)),
  };
}

function onEmbedded(chat: Chat, samples: number): Contender<Starts> {
  return {
    name: 'planline, embedded',
    measure: () =>
      withDaemon(chat.env, async (daemon) => planlineRound(await leadsOfEmbedded(daemon), samples)),
  };
}

interface RivalSetUp {
  readonly name: string;
  readonly program: string;
  readonly variant: string;
  /** The longest interval between two looks; WOKEN where a new job is told. */
  readonly pollMs: number;
  /** Fewer where each takes long. */
  readonly samples: number;
}

const RIVALS: readonly RivalSetUp[] = [
  { name: 'graphile-worker', program: 'graphile-worker', variant: '', pollMs: WOKEN, samples: 60 },
  { name: 'pg-boss, NOTIFY', program: 'pg-boss', variant: 'notify', pollMs: WOKEN, samples: 60 },
  { name: 'pg-boss, polling', program: 'pg-boss', variant: 'poll', pollMs: 2_000, samples: 10 },
  { name: 'DBOS queue', program: 'dbos', variant: '', pollMs: 1_000, samples: 15 },
  { name: 'DBOS queue, 10 ms', program: 'dbos', variant: 'fast', pollMs: WOKEN, samples: 40 },
  { name: 'openworkflow', program: 'openworkflow', variant: '', pollMs: 1_000, samples: 15 },
];

/** Rounds share a database, as planline's do. */
function rivalContender(postgres: TestPostgres, setUp: RivalSetUp, scale: number) {
  let database: Promise<string> | null = null;
  const databaseName = `${setUp.program}_${setUp.variant}`.replaceAll('-', '_');
  return {
    name: setUp.name,
    async measure(round: number): Promise<Starts> {
      database ??= postgres.createDatabase(databaseName);
      const rival = await startRival({ ...setUp, databaseUrl: await database });
      try {
        const samples: number[] = [];
        const wanted = Math.max(2, Math.round(setUp.samples * scale));
        for (let n = -WARM_UP; n < wanted; n += 1) {
          await rest(setUp.pollMs);
          const id = `${round}/${n}`;
          rival.client.order({ do: 'enqueue', id });
          const enqueued = await rival.client.fact('enqueued', id);
          const began = await rival.worker.fact('began', id);
          if (n >= 0) samples.push(began.atMs - enqueued.atMs);
        }
        return { step: sharesOf(samples) };
      } finally {
        await rival.stop();
      }
    },
  } satisfies Contender<Starts>;
}

const PLANLINE_SAMPLES = 30;

/** What is asked of planline's ratio to each. */
const GOALS: Readonly<Record<string, number>> = {
  'graphile-worker': 3,
  'pg-boss, NOTIFY': 1,
  'pg-boss, polling': 1,
  'DBOS queue': 1,
};

function measuredOf(subject: Subject, rounds: readonly number[]): Measured {
  return { subject, unit: 'ms', rounds };
}

/** Why planline begins later than a worker on a connection of its own, by its own times. */
function noteOf({ rounds }: Outcome<Starts>): string {
  const middle = (of: (round: Starts) => number | undefined): string =>
    figure(median(rounds.map((round) => of(round) ?? Number.NaN)));
  return (
    `The claim is recorded ${middle(({ claimed }) => claimed)} ms after the flag, the start of the run after ${middle(({ started }) => started)} ms, and the first prompt is on the disk after ${middle(({ step }) => step.p50)} ms. ` +
    'A rival that is told hands its job over in one statement on a connection of its own to PostgreSQL. planline is told by Realtime, claims through the REST interface, reads the stream, as another machine may have written to it, and creates events.jsonl with its folder; then comes a second transaction with the run, then input, templates and prompt, each fsynced with its folder before anything may refer to it. ' +
    'Tried so far: those files are written side by side; the daemon claims at once when it is told. Left alone: to read the stream with the claim would save one call of three, some 4 ms, and begin runs from a stream that is stale after an outage. Next to a first answer of a chat model, which takes seconds, it cannot be noticed.'
  );
}

interface Result {
  readonly ours: readonly { readonly subject: Subject; readonly outcome: Outcome<Starts> }[];
  readonly others: readonly { readonly subject: Subject; readonly outcome: Outcome<Starts> }[];
}

function rowsOf({ ours, others }: Result): Row[] {
  const rows: Row[] = [];
  for (const { subject, outcome } of ours) {
    const where = subject.name.replace('planline, ', '');
    for (const share of ['p50', 'p95', 'p99'] as const) {
      for (const other of others) {
        if (other.outcome.rounds.length === 0) continue;
        const goal = GOALS[other.subject.name];
        rows.push({
          question: `${share}, ${where}`,
          ours: measuredOf(
            subject,
            outcome.rounds.map(({ step }) => step[share]),
          ),
          others: [
            measuredOf(
              other.subject,
              other.outcome.rounds.map(({ step }) => step[share]),
            ),
          ],
          better: 'lower',
          goal: goal === undefined ? null : { against: other.subject.name, ratio: goal },
          note: noteOf(outcome),
        });
      }
    }
    for (const [event, question] of [
      ['claimed', 'p50 until lead.claimed is recorded'],
      ['started', 'p50 until run.started is recorded'],
    ] as const) {
      rows.push({
        question: `${question}, ${where}`,
        ours: measuredOf(
          subject,
          outcome.rounds.map((round) => round[event] ?? Number.NaN),
        ),
        others: [],
        better: 'lower',
        goal: null,
        note: null,
      });
    }
  }
  return rows;
}

const METHOD = [
  'A process that is not the worker sets a row to `flagged` by SQL (embedded: by supabase-js, as there is no other way in), or enqueues a job by the client of the rival. The time runs from just before that statement is sent until the worker has begun.',
  'planline: until the event of its first step (`prompt.staged`, whose file is on the disk by then). Before it, the claim is committed with its event, the stream read, the run started in a second transaction, `events.jsonl` and five input files fsynced. A rival: until the first line of the job (graphile-worker, pg-boss) or of the first step of the workflow (DBOS, openworkflow), after its own claim.',
  'All times are of one clock, the machine’s, which clock_timestamp() reads too; events keep whole milliseconds. One job at a time on an idle system, with a rest between two that is spread by chance over the interval of whoever polls. A percentile is taken of each round, and the median of the rounds is told.',
  'planline is the daemon as a process, with a chat server that answers at once and one block a plan; each lead is taken to its end before the next. PostgreSQL is behind the real PostgREST and a small gateway that checks keys. There is no Supabase Realtime server here: in its place stands the bridge of the embedded Supabase, fed by triggers and NOTIFY. A hosted project looks at the replication slot at intervals of its own and is some network away, which comes on top.',
  'Rivals run with their defaults. pg-boss both ways that it offers; DBOS also with the least interval that makes sense.',
  `Each round starts every process anew; ${WARM_UP} jobs warm up and do not count.`,
];

export async function flagToStart(context: SuiteContext): Promise<Section> {
  const scale = context.isTrial ? 0.1 : 1;
  return withPostgres(async (postgres) => {
    const chat = await startChat();
    const project = await startProject(postgres, 'planline');
    try {
      const samples = Math.max(3, Math.round(PLANLINE_SAMPLES * scale));
      const ours = [onPostgrest(project, chat, samples), onEmbedded(chat, samples)];
      const rivals = RIVALS.map((setUp) => rivalContender(postgres, setUp, scale));
      const outcomes = await alternate([...ours, ...rivals], context);
      return sectionOf(outcomes);
    } finally {
      await project.stop();
      await chat.stop();
    }
  });
}

function sectionOf(outcomes: ReadonlyMap<string, Outcome<Starts>>): Section {
  const outcomeOf = (name: string): Outcome<Starts> =>
    outcomes.get(name) ?? { rounds: [], failure: 'not measured' };
  const ours = ['PostgREST', 'embedded'].map((where) => {
    const subject = planlineSubject(where);
    const outcome = outcomeOf(subject.name);
    if (outcome.rounds.length === 0) throw new Error(`${subject.name}: ${String(outcome.failure)}`);
    return { subject, outcome };
  });
  const others = RIVALS.map(({ name, program }) => ({
    subject: rivalSubject(program, name),
    outcome: outcomeOf(name),
  }));
  const failures = others.flatMap(({ subject, outcome }) =>
    outcome.failure === null ? [] : [`${subject.name} failed and is left out: ${outcome.failure}`],
  );
  const all = [...ours, ...others].filter(({ outcome }) => outcome.rounds.length > 0);
  return {
    title: 'Flag to start',
    method: [...METHOD, ...failures],
    rows: rowsOf({ ours, others }),
    plots: [
      {
        name: 'flag-to-start',
        title: 'From the flag to the first step',
        unit: 'ms, less is better',
        series: all.map(({ subject, outcome }) => ({
          name: subject.name,
          points: (['p50', 'p95', 'p99'] as const).map((share) => ({
            label: share,
            value: median(outcome.rounds.map(({ step }) => step[share])),
          })),
        })),
      },
    ],
    appendix: [],
  };
}
