/**
 * Replay: one lead's stream of up to a million events folded from events.jsonl and from the database, as
 * a run does it before it goes on; beside it a bare loop of JSON.parse, and Emmett.
 */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { applyMigrations, readMigrations } from '../../src/adapters/embedded/migrations.ts';
import { folderNameOf } from '../../src/core/folder-name.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { withSession } from '../../test/support/admin-sql.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { startPostgrest } from '../../test/support/postgrest.ts';
import { makeTempFolder } from '../../test/support/temp-folder.ts';
import type { Measured, Plot, Row, Section, Subject } from '../report/section.ts';
import { median } from '../report/statistics.ts';
import { copyEvents } from '../support/copy-events.ts';
import { askChild } from '../support/json-child.ts';
import { longStream } from '../support/long-stream.ts';
import { recordRuns } from '../support/recorded-runs.ts';
import { answer, type Answer, type Question } from '../support/replay-passes.ts';
import { alternate, type Contender, type Outcome } from '../support/rounds.ts';
import type { SuiteContext } from '../support/suite.ts';
import { undoing } from '../support/undoing.ts';
import { planlineSubject, rivalSubject } from '../support/versions.ts';

const CHILD = join(import.meta.dirname, '../support/replay-child.ts');
const EMMETT = join(import.meta.dirname, '../rivals/replay-emmett.ts');
/** Emmett keeps the whole stream in memory. */
const EMMETT_OPTIONS = ['--max-old-space-size=12288'];

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const TRIAL_SIZES = [1_000, 10_000];
/** Reading so many of the database takes a minute: once is enough. */
const READ_ONCE_FROM = 1_000_000;

interface Log {
  readonly leadId: string;
  /** Path of events.jsonl by its number of events. */
  readonly files: ReadonlyMap<number, string>;
}

/** Each file holds the beginning of the same stream, in a folder as planline has it. */
async function writeLogs(folder: string, sizes: readonly number[]): Promise<Log> {
  const pattern = await recordRuns(join(folder, 'recorded'));
  const leadId = pattern[0]?.lead_id ?? '';
  const outs = await Promise.all(
    sizes.map(async (size) => {
      const directory = join(folder, `runs-${size}`, folderNameOf(leadId));
      await mkdir(directory, { recursive: true });
      const path = join(directory, 'events.jsonl');
      return { size, path, stream: createWriteStream(path) };
    }),
  );
  const longest = Math.max(...sizes);
  for (const event of longStream(pattern)) {
    const line = `${JSON.stringify(event)}\n`;
    for (const { size, stream } of outs) {
      if (event.seq <= size && !stream.write(line)) await once(stream, 'drain');
    }
    if (event.seq === longest) break;
  }
  for (const { stream } of outs) {
    stream.end();
    await finished(stream);
  }
  return { leadId, files: new Map(outs.map(({ size, path }) => [size, path])) };
}

/** In the database each length is a stream of its own. */
const streamOf = (size: number): string => `stream-of-${size}`;

/** The streams in a PostgreSQL behind PostgREST. */
async function startDatabase(
  files: ReadonlyMap<number, string>,
  onUndo: (undo: () => Promise<unknown>) => void,
) {
  const postgres = await startPostgres();
  onUndo(() => postgres.stop());
  const databaseUrl = await postgres.createDatabase('replay');
  const migrations = await readMigrations(migrationsDir);
  await withSession(databaseUrl, (session) => applyMigrations(session, migrations));
  const streams = [...files].map(([size, file]) => [streamOf(size), file] as const);
  await copyEvents(databaseUrl, new Map(streams));
  const postgrest = await startPostgrest({ databaseUrl });
  onUndo(() => postgrest.stop());
  return { url: postgrest.url, secretKey: postgrest.serviceKey };
}

const OURS = planlineSubject('events.jsonl');
const CHECKED = planlineSubject('events.jsonl with its hash chain');
const DATABASE = planlineSubject('database');
const BARE: Subject = { name: 'bare JSON.parse loop', version: null };
const BARE_ANSWERS: Subject = { name: 'JSON.parse of the same answers', version: null };

const numberText = (size: number): string => size.toLocaleString('en');

type Outcomes = ReadonlyMap<string, Outcome<Answer>>;

const keyOf = (what: Question['subject'] | 'emmett', size: number): string => `${what} ${size}`;

function measuredOf(
  outcomes: Outcomes,
  key: string,
  subject: Subject,
  figure: 'usPerEvent' | 'maxRssMb' = 'usPerEvent',
): Measured[] {
  const rounds = outcomes.get(key)?.rounds.map((round) => round[figure]) ?? [];
  if (rounds.length === 0) return [];
  return [{ subject, unit: figure === 'usPerEvent' ? 'µs' : 'MB', rounds }];
}

/** Rows of what could not be measured are left out; why is told in the method. */
function row(
  question: string,
  [ours]: readonly Measured[],
  others: readonly Measured[],
  goal: Row['goal'],
  note: string | null,
): Row[] {
  return ours === undefined ? [] : [{ question, ours, others, better: 'lower', goal, note }];
}

const LOOP_GOAL = { against: BARE.name, ratio: 3 };
/** What is flat does not grow with the size; so much is noise. */
const FLAT = 1.25;

const NOTES = {
  emmett:
    'Emmett parses each line and folds from its in-memory store; it checks no shape, has no statechart and holds the whole stream in memory. Reading the file and filling the store are not counted.',
  chain:
    'Each event printed as PostgreSQL prints jsonb, and its SHA-256. A run does this once, when it opens the log.',
  database:
    'Both have the time of PostgreSQL, PostgREST and the gateway in them. What is left of a stream is counted with its first part only: counted with each, a million events took 181 µs each.',
  flat: 'The same figures as above, the longest stream beside the shortest.',
  memory:
    'Peak of the whole process, Node.js and its heap before the first collection included; the stream itself is never held: ten times the events add what the heap grows to before it is collected.',
} as const;

function rowsOf(outcomes: Outcomes, sizes: readonly number[], emmett: Subject): Row[] {
  const figures = (what: Question['subject'] | 'emmett', size: number, subject: Subject) =>
    measuredOf(outcomes, keyOf(what, size), subject);
  const [shortest = 0, longest = 0] = [sizes[0], sizes.at(-1)];
  const before = sizes.at(-2) ?? shortest;
  const sized = (subject: Subject, size: number): Subject => ({
    ...subject,
    name: `${subject.name}, ${numberText(size)} events`,
  });
  const memory = (size: number, subject: Subject) =>
    measuredOf(outcomes, keyOf('fold', size), subject, 'maxRssMb');
  const [less, more] = [sized(OURS, shortest), sized(OURS, longest)];
  return [
    ...sizes.flatMap((size) =>
      row(
        `an event of ${numberText(size)}, fold of events.jsonl`,
        figures('fold', size, OURS),
        [...figures('parse', size, BARE), ...figures('emmett', size, emmett)],
        LOOP_GOAL,
        size === longest ? NOTES.emmett : null,
      ),
    ),
    ...sizes.flatMap((size) =>
      row(
        `an event of ${numberText(size)}, hash chain checked as well`,
        figures('check', size, CHECKED),
        figures('parse', size, BARE),
        null,
        size === longest ? NOTES.chain : null,
      ),
    ),
    ...sizes.flatMap((size) =>
      row(
        `an event of ${numberText(size)}, fold from the database`,
        figures('database', size, DATABASE),
        [...figures('answers', size, BARE_ANSWERS), ...figures('parse', size, BARE)],
        { against: BARE_ANSWERS.name, ratio: 3 },
        size === longest ? NOTES.database : null,
      ),
    ),
    ...row(
      'an event, the longest stream beside the shortest',
      figures('fold', longest, more),
      figures('fold', shortest, less),
      { against: less.name, ratio: FLAT },
      NOTES.flat,
    ),
    ...row(
      'peak memory, the longest stream beside one of a tenth',
      memory(longest, more),
      memory(before, sized(OURS, before)),
      { against: sized(OURS, before).name, ratio: FLAT },
      NOTES.memory,
    ),
  ];
}

function plotOf(outcomes: Outcomes, sizes: readonly number[], emmett: Subject): Plot {
  const series = [
    { name: OURS.name, what: 'fold' },
    { name: CHECKED.name, what: 'check' },
    { name: BARE.name, what: 'parse' },
    { name: emmett.name, what: 'emmett' },
  ] as const;
  return {
    name: 'replay',
    title: 'Replay of one stream, by its length',
    unit: 'µs an event, less is better',
    series: series.map(({ name, what }) => ({
      name,
      points: sizes.flatMap((size) => {
        const rounds = outcomes.get(keyOf(what, size))?.rounds ?? [];
        const value = median(rounds.map(({ usPerEvent }) => usPerEvent));
        return rounds.length === 0 ? [] : [{ label: numberText(size), value }];
      }),
    })),
  };
}

const METHOD = [
  'The stream is one lead’s: three runs of 15 blocks that planline’s own steps wrote (544 events, with three failed attempts and two answers that were sent back), told again and again, each event with its own id, time, number and hash. An event is 740 bytes of JSON.',
  'Each figure is from a process of its own, so that its memory is its own; short streams are gone through until a second is over, after a warm-up of 20,000 events. The bare loop reads the same file in the same pieces, decodes and splits them and parses each line; nothing else is possible in less.',
  'planline reads as a run does when it opens a stream: the torn end is looked for, each line is checked to be an event of the lead, its data by the schema of its type, and the chart is asked whether it may come. The hash chain is a row of its own. From the database it comes in answers of 1,000 rows through PostgREST.',
];

export async function replay(context: SuiteContext): Promise<Section> {
  const sizes = context.isTrial ? TRIAL_SIZES : SIZES;
  const emmett = rivalSubject('@event-driven-io/emmett', 'Emmett');
  const undo = undoing();
  try {
    const folder = await makeTempFolder();
    undo.add(() => folder.remove());
    await mkdir(join(folder.path, 'recorded'));
    const { leadId, files } = await writeLogs(folder.path, sizes);
    const fileOf = (size: number): string => files.get(size) ?? '';
    context.say('the logs are written');
    const supabase = await startDatabase(files, undo.add);
    context.say('the database is filled');

    const contender = (subject: Question['subject'], events: number): Contender<Answer> => ({
      name: keyOf(subject, events),
      measure: () => {
        const isStored = subject === 'database' || subject === 'answers';
        const stream = isStored ? streamOf(events) : leadId;
        const asked: Question = { subject, events, file: fileOf(events), leadId: stream, supabase };
        return askChild(CHILD, asked, answer);
      },
    });
    const emmettContender = (events: number): Contender<Answer> => ({
      name: keyOf('emmett', events),
      measure: () => askChild(EMMETT, { file: fileOf(events), events }, answer, EMMETT_OPTIONS),
    });
    const often = await alternate(
      sizes.flatMap((size) => [
        ...(['parse', 'fold', 'check'] as const).map((what) => contender(what, size)),
        emmettContender(size),
        ...(size < READ_ONCE_FROM
          ? (['database', 'answers'] as const).map((what) => contender(what, size))
          : []),
      ]),
      context,
    );
    const rarely = await alternate(
      sizes.flatMap((size) =>
        size < READ_ONCE_FROM ? [] : [contender('database', size), contender('answers', size)],
      ),
      { ...context, rounds: 1 },
    );
    return sectionOf(new Map([...often, ...rarely]), sizes, emmett);
  } finally {
    await undo.all();
  }
}

function sectionOf(outcomes: Outcomes, sizes: readonly number[], emmett: Subject): Section {
  const failures = [...outcomes].flatMap(([name, { failure }]) =>
    failure === null ? [] : [`${name} failed and is left out: ${failure}`],
  );
  return {
    title: 'Replay',
    method: [...METHOD, ...failures],
    rows: rowsOf(outcomes, sizes, emmett),
    plots: [plotOf(outcomes, sizes, emmett)],
    appendix: [],
  };
}
