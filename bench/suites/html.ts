/** HTML to JSON and cleaning: pages and megabytes a second, beside conversions that know less. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTempFolder } from '../../test/support/temp-folder.ts';
import type { Measured, Plot, Row, Section, Subject } from '../report/section.ts';
import { median } from '../report/statistics.ts';
import { corpora, htmlAnswer, type Corpus, type HtmlAnswer } from '../support/html-corpus.ts';
import { askChild } from '../support/json-child.ts';
import { alternate, type Contender, type Outcome } from '../support/rounds.ts';
import type { SuiteContext } from '../support/suite.ts';
import { undoing } from '../support/undoing.ts';
import { planlineSubject, rivalSubject } from '../support/versions.ts';

const CHILD = join(import.meta.dirname, '../support/html-child.ts');
const RIVALS = join(import.meta.dirname, '../rivals');

const CONVERT = planlineSubject('html-to-json');
const CLEAN = planlineSubject('clean');

interface Rival {
  readonly subject: Subject;
  readonly script: string;
}

const rivals = (): Rival[] =>
  ['turndown', 'node-html-parser'].map((name) => ({
    subject: rivalSubject(name),
    script: join(RIVALS, `html-${name}.ts`),
  }));

interface Stored extends Corpus {
  readonly path: string;
}

async function store(folder: string, all: readonly Corpus[]): Promise<Stored[]> {
  const paths = all.map((_, at) => join(folder, `corpus-${at}.json`));
  await Promise.all(
    all.map(({ sources }, at) => writeFile(paths[at] ?? '', JSON.stringify(sources))),
  );
  return all.map((corpus, at) => Object.assign({ path: paths[at] ?? '' }, corpus));
}

type Outcomes = ReadonlyMap<string, Outcome<HtmlAnswer>>;

const keyOf = (subject: Subject, corpus: Corpus): string => `${subject.name}: ${corpus.name}`;

function contendersOf(corpus: Stored, all: readonly Rival[]): Contender<HtmlAnswer>[] {
  const own = (subject: Subject, step: 'convert' | 'clean') => ({
    name: keyOf(subject, corpus),
    measure: () => askChild(CHILD, { corpus: corpus.path, step }, htmlAnswer),
  });
  return [
    own(CONVERT, 'convert'),
    own(CLEAN, 'clean'),
    ...all.map(({ subject, script }) => ({
      name: keyOf(subject, corpus),
      measure: () => askChild(script, { corpus: corpus.path }, htmlAnswer),
    })),
  ];
}

type Rate = 'per s' | 'MB/s';

function measuredOf(
  outcomes: Outcomes,
  corpus: Corpus,
  subject: Subject,
  unit: Rate,
): Measured | null {
  const rounds = outcomes.get(keyOf(subject, corpus))?.rounds ?? [];
  if (rounds.length === 0) return null;
  const amount = unit === 'per s' ? corpus.sources.length : corpus.bytes / 1e6;
  return { subject, unit, rounds: rounds.map(({ passMs }) => (amount * 1_000) / passMs) };
}

const NOTES = {
  convert:
    'planline parses as browsers do (parse5), keeps each visible word in order, builds blocks, and shows each piece of HTML to a second parser (sanitize-html). turndown parses by domino and gives Markdown; node-html-parser is no parser of the standard, and its walk gives the tags as they are. Neither makes anything safe.',
  clean:
    'Cleaning starts from the page that html-to-json made; the megabytes are those of its source.',
} as const;

function rowsOf(outcomes: Outcomes, corpus: Corpus, all: readonly Rival[]): Row[] {
  const made = (unit: Rate, ours: Subject, others: readonly Subject[], note: string): Row[] => {
    const own = measuredOf(outcomes, corpus, ours, unit);
    if (own === null) return [];
    const what = unit === 'per s' ? 'pages' : 'MB of HTML';
    const step = ours === CLEAN ? 'clean' : 'html-to-json';
    return [
      {
        question: `${step}, ${what}: ${corpus.name}`,
        ours: own,
        others: others.flatMap((other) => measuredOf(outcomes, corpus, other, unit) ?? []),
        better: 'higher',
        goal: null,
        note: unit === 'per s' ? note : null,
      },
    ];
  };
  const others = all.map(({ subject }) => subject);
  return (['per s', 'MB/s'] as const).flatMap((unit) =>
    made(unit, CONVERT, others, NOTES.convert).concat(made(unit, CLEAN, [], NOTES.clean)),
  );
}

function plotOf(
  outcomes: Outcomes,
  all: readonly Corpus[],
  rivalSubjects: readonly Subject[],
): Plot {
  return {
    name: 'html',
    title: 'HTML to JSON',
    unit: 'MB of HTML a second, more is better',
    series: [CONVERT, CLEAN, ...rivalSubjects].map((subject) => ({
      name: subject.name,
      points: all.flatMap((corpus) => {
        const measured = measuredOf(outcomes, corpus, subject, 'MB/s');
        return measured === null ? [] : [{ label: corpus.name, value: median(measured.rounds) }];
      }),
    })),
  };
}

function sizeOf({ name, sources, bytes }: Corpus): string {
  return `${name}: ${sources.length} of ${Math.round(bytes / sources.length / 1_000)} kB on average.`;
}

export async function html(context: SuiteContext): Promise<Section> {
  const undo = undoing();
  try {
    const folder = await makeTempFolder();
    undo.add(() => folder.remove());
    const recorded = join(folder.path, 'recorded');
    await mkdir(recorded);
    const all = await store(folder.path, await corpora(recorded));
    const others = rivals();
    const outcomes = await alternate(
      all.flatMap((corpus) => contendersOf(corpus, others)),
      context,
    );
    const failures = [...outcomes].flatMap(([name, { failure }]) =>
      failure === null ? [] : [`${name} failed and is left out: ${failure}`],
    );
    return {
      title: 'HTML to JSON',
      method: [
        `Pages in one process, one after the other, again and again for 1.5 s after two passes that warm up; the figure is that of the median pass. ${all.map(sizeOf).join(' ')}`,
        'The lesson pages are those of three runs of 15 blocks, as the rehearsal driver answers the real prompts; the others are files of npm packages that ship HTML.',
        ...failures,
      ],
      rows: all.flatMap((corpus) => rowsOf(outcomes, corpus, others)),
      plots: [
        plotOf(
          outcomes,
          all,
          others.map(({ subject }) => subject),
        ),
      ],
      appendix: [],
    };
  } finally {
    await undo.all();
  }
}
