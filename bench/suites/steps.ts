/**
 * Durable steps per second with a chat that answers at once: a lead's 32 prompts and 10 steps, beside
 * workflows that ask the same prompts and write the same files.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestPostgres } from '../../test/support/postgres.ts';
import { makeTempFolder } from '../../test/support/temp-folder.ts';
import type { Measured, Row, Section, Subject } from '../report/section.ts';
import { figure } from '../report/figures.ts';
import { median } from '../report/statistics.ts';
import { startChat, type Chat } from '../support/chat.ts';
import { startDaemon, SUBSCRIBED, type RunningDaemon } from '../support/daemon.ts';
import { startProject, withPostgres, type Project } from '../support/hosted.ts';
import { leadsOf, leadsOfEmbedded, untilArchived, type Leads } from '../support/leads.ts';
import { medianTimes, promptTimes, wholeOf, type PromptTimes } from '../support/prompt-times.ts';
import { startRival, type Rival } from '../support/rival.ts';
import { alternate, type Contender, type Outcome } from '../support/rounds.ts';
import { planOfRun } from '../support/run-plan.ts';
import type { SuiteContext } from '../support/suite.ts';
import { undoing } from '../support/undoing.ts';
import { planlineSubject, rivalSubject } from '../support/versions.ts';

/** What counts as a step, for everybody: 32 prompts and 10 steps. */
const STEPS_A_LEAD = 42;
const PARALLEL = [1, 8] as const;
type Parallel = (typeof PARALLEL)[number];

interface RunFigures {
  /** Steps per second. */
  readonly rate: number;
  /** Where the time of a prompt went; planline only. */
  readonly prompts?: PromptTimes;
}

/** Of one round, by leads in parallel. */
type Rates = Readonly<Record<Parallel, RunFigures>>;

function rateOf(leads: number, beganMs: readonly number[], endedMs: readonly number[]): number {
  const seconds = (Math.max(...endedMs) - Math.min(...beganMs)) / 1_000;
  return (leads * STEPS_A_LEAD) / seconds;
}

/** The first run warms up and does not count. */
async function inTurn(run: (leads: number) => Promise<RunFigures>): Promise<Rates> {
  await run(1);
  return { 1: await run(1), 8: await run(8) };
}

/** From the first claim to the last event, as the database recorded them. */
async function runLeads(leads: Leads, count: number): Promise<RunFigures> {
  const ids = await leads.insert(count);
  await leads.flag(ids);
  await untilArchived(leads, ids, { everyMs: 250, limitMs: 240_000 });
  const streams = await Promise.all(ids.map((id) => leads.events(id)));
  const claimed = streams.flatMap((events) =>
    events.filter(({ type }) => type === 'lead.claimed').map(({ recordedMs }) => recordedMs),
  );
  const ended = streams.map((events) => Math.max(...events.map(({ recordedMs }) => recordedMs)));
  const [first = []] = streams;
  return { rate: rateOf(count, claimed, ended), prompts: promptTimes(first) };
}

async function withDaemon<T>(
  env: Readonly<Record<string, string>>,
  work: (daemon: RunningDaemon) => Promise<T>,
): Promise<T> {
  const daemon = await startDaemon({ LEAD_CONCURRENCY: '8', ...env });
  try {
    await daemon.logged(SUBSCRIBED);
    return await work(daemon);
  } finally {
    await daemon.stop();
  }
}

function projectEnv(project: Project, chat: Chat): Readonly<Record<string, string>> {
  return { SUPABASE_URL: project.url, SUPABASE_SECRET_KEY: project.secretKey, ...chat.env };
}

function planlineContenders(project: Project, chat: Chat): Contender<Rates>[] {
  return [
    {
      name: 'planline, PostgREST',
      measure: () =>
        withDaemon(projectEnv(project, chat), () =>
          inTurn((count) => runLeads(leadsOf(project), count)),
        ),
    },
    {
      name: 'planline, embedded',
      measure: () =>
        withDaemon(chat.env, async (daemon) => {
          const leads = await leadsOfEmbedded(daemon);
          return inTurn((count) => runLeads(leads, count));
        }),
    },
  ];
}

/** Of a run that planline makes for it. */
async function writePlan(project: Project, chat: Chat, path: string): Promise<void> {
  await withDaemon(projectEnv(project, chat), async ({ folder }) => {
    const leads = leadsOf(project);
    const [id = ''] = await leads.insert(1);
    await leads.flag([id]);
    await untilArchived(leads, [id], { everyMs: 250, limitMs: 120_000 });
    const plan = await planOfRun(join(folder, 'runs', id));
    if (plan.steps.length !== STEPS_A_LEAD) {
      throw new Error(`A run has ${plan.steps.length} steps, not ${STEPS_A_LEAD}.`);
    }
    await writeFile(path, JSON.stringify(plan));
  });
}

interface RivalSetUp {
  readonly name: string;
  readonly program: string;
  /** The process that tells how far it is. */
  readonly worksIn: 'worker' | 'client';
}

const RIVALS: readonly RivalSetUp[] = [
  { name: 'DBOS', program: 'dbos', worksIn: 'worker' },
  { name: 'openworkflow', program: 'openworkflow', worksIn: 'worker' },
  { name: 'files and prompts only', program: 'bare', worksIn: 'client' },
];

let runs = 0;

async function runRival(
  rival: Rival,
  worksIn: 'worker' | 'client',
  count: number,
): Promise<RunFigures> {
  const output = await makeTempFolder();
  try {
    const ids = Array.from({ length: count }, () => `run-${(runs += 1)}`);
    rival.client.order({ do: 'run', ids, folder: output.path });
    const facts = await Promise.all(
      ids.map(async (id) => ({
        finished: await rival[worksIn].fact('finished', id),
        began: await rival[worksIn].fact('began', id),
      })),
    );
    const times = (of: 'began' | 'finished') => facts.map((one) => one[of].atMs);
    return { rate: rateOf(count, times('began'), times('finished')) };
  } finally {
    await output.remove();
  }
}

function rivalContender(
  postgres: TestPostgres,
  { name, program, worksIn }: RivalSetUp,
  given: { planFile: string; chatUrl: string },
): Contender<Rates> {
  let database: Promise<string> | null = null;
  return {
    name,
    async measure() {
      database ??= postgres.createDatabase(`steps_${program}`);
      const rival = await startRival({
        program,
        databaseUrl: await database,
        concurrency: 8,
        ...given,
      });
      try {
        return await inTurn((count) => runRival(rival, worksIn, count));
      } finally {
        await rival.stop();
      }
    },
  };
}

const METHOD = [
  'A lead’s 32 prompts and 10 steps (42 steps for everybody) with the chat server of the tests as a process of its own, which answers at once; planline as the daemon process with the `openai` driver, 15 blocks a plan, prompts of a lead one after the other (`CHAT_CONCURRENCY=1`), `LEAD_CONCURRENCY=8`. The rate counts from the first claim to the last event, by the database’s clock.',
  'A rival’s workflow has the same 42 steps. Each asks the same prompt of the same server by planline’s own driver and writes the same files (prompt, reply and its origin; pages; zip), side by side as planline does, by planline’s own function: temporary name, fsync, rename, fsync of the folder. It returns the text, which the rival stores. DBOS and openworkflow run one worker process with eight runs at most; the rate counts from the first line of the first workflow to the last line of the last.',
  'What only planline does is not taken out of its figures: three appends a prompt (staged and about to be sent; sent, with the provider’s id; answered and saved) where a workflow has one checkpoint, each with a fenced transaction of events, hash chain, row and artifacts and then an fsynced line in `events.jsonl`; HTML into pages, checks, cleaning, upload of the pages, a zip that is made and compared; all of it through HTTP.',
  'PostgreSQL is behind the real PostgREST and a small gateway that checks keys. Each round starts every process anew; the first lead warms up and does not count.',
];

export async function steps(context: SuiteContext): Promise<Section> {
  return withPostgres(async (postgres) => {
    const undo = undoing();
    try {
      const output = await makeTempFolder();
      undo.add(() => output.remove());
      const chat = await startChat();
      undo.add(() => chat.stop());
      const project = await startProject(postgres, 'planline');
      undo.add(() => project.stop());
      const planFile = join(output.path, 'plan.json');
      await writePlan(project, chat, planFile);
      const given = { planFile, chatUrl: chat.url };
      const rivals = RIVALS.map((setUp) => rivalContender(postgres, setUp, given));
      const ours = planlineContenders(project, chat);
      return sectionOf(await alternate([...ours, ...rivals], context));
    } finally {
      await undo.all();
    }
  });
}

interface Measurement {
  readonly subject: Subject;
  readonly outcome: Outcome<Rates>;
}

function leadsText(parallel: Parallel): string {
  return parallel === 1 ? '1 lead' : `${parallel} leads in parallel`;
}

function measuredAt({ subject, outcome }: Measurement, parallel: Parallel): Measured {
  return { subject, unit: 'per s', rounds: outcome.rounds.map((rates) => rates[parallel].rate) };
}

const TRIED =
  'Tried so far: a prompt that an earlier step recorded is neither written nor sent to the database once more (30 of 32 were); files that may come in any order are fsynced side by side; appends of parallel prompts travel together; languages are told by a tenth of the work (23 of 66 s of processor time of ten leads before); a page is read once for each judgement; the zip is made and compared in a third of the processor time (some 250 ms a lead less). Left alone: to let `saved` of one prompt travel with the intent of the next would save three in ten appends, and would keep an answer out of the database for as long as the pace makes the next prompt wait; to append without waiting for events.jsonl would let the log fall behind what it is the copy of.';

/** Why a lead alone goes no faster: one prompt after the other, each with three appends. */
function alone({ outcome }: Measurement): string {
  const times = medianTimes(outcome.rounds.flatMap((rates) => rates[1].prompts ?? []));
  const ms = (part: keyof PromptTimes): string => `${figure(times[part])} ms`;
  return (
    `Prompts come one after the other, so that what counts is how long one takes, within a step and in the middle of the rounds some ${figure(wholeOf(times))} ms: ${ms('intent')} until the intent to send is recorded; ${ms('sending')} for the line in events.jsonl and for the request, until the server names the answer; ${ms('sent')} until that is recorded; ${ms('answer')} until the answer was judged and both its files are durable; ${ms('saved')} until it is recorded as saved; ${ms('next')} until the next one begins. ` +
    'A step of DBOS or openworkflow is one checkpoint over a connection of its own to PostgreSQL; ours are three transactions through HTTP, the embedded ones in a WebAssembly PostgreSQL of one thread, each followed by an fsynced line, as a provider must be asked for an answer by the name that it gave, and no prompt may be sent that is not recorded as meant to be sent. A chat model takes some ten seconds a prompt. '
  );
}

const TOGETHER =
  'With eight leads the processor is busy: database, what stands before it, chat server and daemon share it, and the daemon does what rivals leave out: it turns HTML into pages, judges and cleans them, tells languages, makes and compares a zip. ';

function noteOf(one: Measurement, parallel: Parallel): string {
  return (parallel === 1 ? alone(one) : TOGETHER) + TRIED;
}

function rowsOf(ours: readonly Measurement[], others: readonly Measurement[]): Row[] {
  return ours.flatMap((one) =>
    PARALLEL.map((parallel) => ({
      question: `${leadsText(parallel)}, ${one.subject.name.replace('planline, ', '')}`,
      ours: measuredAt(one, parallel),
      others: others.map((other) => measuredAt(other, parallel)),
      better: 'higher' as const,
      goal: { against: 'DBOS', ratio: 1 },
      note: noteOf(one, parallel),
    })),
  );
}

function sectionOf(outcomes: ReadonlyMap<string, Outcome<Rates>>): Section {
  const measurement = (subject: Subject): Measurement => ({
    subject,
    outcome: outcomes.get(subject.name) ?? { rounds: [], failure: 'not measured' },
  });
  const ours = ['PostgREST', 'embedded'].map((where) => measurement(planlineSubject(where)));
  for (const { subject, outcome } of ours) {
    if (outcome.rounds.length === 0) throw new Error(`${subject.name}: ${String(outcome.failure)}`);
  }
  const all = RIVALS.map(({ name, program }) =>
    measurement(program === 'bare' ? { name, version: null } : rivalSubject(program, name)),
  );
  const others = all.filter(({ outcome }) => outcome.rounds.length > 0);
  const failures = all.flatMap(({ subject, outcome }) =>
    outcome.failure === null ? [] : [`${subject.name} failed: ${outcome.failure}`],
  );
  return {
    title: 'Durable steps per second',
    method: [...METHOD, ...failures],
    rows: rowsOf(ours, others),
    plots: [
      {
        name: 'steps',
        title: 'Durable steps per second, a chat that answers at once',
        unit: 'steps per second, more is better',
        series: [...ours, ...others].map((one) => ({
          name: one.subject.name,
          points: PARALLEL.map((parallel) => ({
            label: leadsText(parallel),
            value: median(measuredAt(one, parallel).rounds),
          })),
        })),
      },
    ],
    appendix: [],
  };
}
