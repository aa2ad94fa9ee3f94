/** docs/content.md: the tables, from counts of a real run. */
import { z } from 'zod';
import {
  bySeverity,
  isQualityCode,
  SEVERITY_OF,
  type QualityCode,
} from '../../../src/core/quality.ts';
import { WRAPPINGS } from '../../unit/core/reply-wrappings.ts';
import { PLACES } from '../../unit/steps/support/xss-vectors.ts';
import type { CorpusCounts, Held, ReplyCounts, VectorCounts } from './measure.ts';

/** What scripts/fuzz-content.ts leaves with `--report`; docs/content-fuzz.json is a list of those. */
const fuzzReport = z.object({
  /** The commit that it ran on. */
  revision: z.string(),
  minutes: z.number(),
  seed: z.int(),
  node: z.string(),
  slowest_ms: z.int(),
  targets: z.array(
    z.object({ name: z.string(), inputs: z.int(), findings: z.int(), crashes: z.int() }),
  ),
});
export const fuzzReports = z.array(fuzzReport).min(1);
type FuzzReport = z.infer<typeof fuzzReport>;

type Cell = string | number | Held;

function cellText(cell: Cell): string {
  if (typeof cell === 'number') return cell.toLocaleString('en');
  return typeof cell === 'string'
    ? cell
    : `${cell.held.toLocaleString('en')} of ${cell.of.toLocaleString('en')}`;
}

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map((row) => line(row.map(cellText))),
  ].join('\n');
}

export function repliesTable(counts: readonly ReplyCounts[]): string {
  return table(
    [
      'shape',
      'read whole out of its wrapping',
      'there twice, the whole one taken',
      'cut, and refused as cut',
    ],
    counts.map(({ shape, wrapped, twice, cut }) => [shape, wrapped, twice, cut]),
  );
}

export function vectorsTable(counts: readonly VectorCounts[]): string {
  const sum = (pick: (one: VectorCounts) => number): number =>
    counts.reduce((total, one) => total + pick(one), 0);
  return table(
    ['family', 'vectors', `in ${Object.keys(PLACES).length} places each: nothing acts`],
    [
      ...counts.map(({ family, vectors, safe }) => [family, vectors, safe]),
      [
        'all',
        sum(({ vectors }) => vectors),
        { held: sum(({ safe }) => safe.held), of: sum(({ safe }) => safe.of) },
      ],
    ],
  );
}

export function corpusTable(counts: readonly CorpusCounts[]): string {
  return table(
    ['documents', 'from', 'visible words', 'every promise held'],
    counts.map(({ what, source, words, whole }) => [what, `\`${source}\``, words, whole]),
  );
}

export function fuzzTable(reports: readonly FuzzReport[]): string {
  const names = [...new Set(reports.flatMap(({ targets }) => targets.map(({ name }) => name)))];
  const cell = ({ targets }: FuzzReport, name: string): string => {
    const target = targets.find((one) => one.name === name);
    return target === undefined
      ? '–'
      : `${target.inputs.toLocaleString('en')}: ${target.crashes} crashes, ${target.findings} findings`;
  };
  return table(
    [
      'inputs',
      ...reports.map(
        ({ minutes, seed, revision }) => `${minutes} minutes, seed ${seed}, commit ${revision}`,
      ),
    ],
    [
      ...names.map((name) => [name].concat(reports.map((report) => cell(report, name)))),
      ['slowest input', ...reports.map((report) => `${report.slowest_ms} ms of processor time`)],
    ],
  );
}

/** What is warned of, and what the count of the warning says. */
const WARNED: Readonly<Record<QualityCode, readonly [page: string, count: string]>> = {
  placeholder: ['shows `lorem ipsum`, `[OBSAH]`, `TODO:`, `{{name}}` or `[…]`', 'how many'],
  other_language: ['is for a good part in another language', 'percent'],
  near_duplicate: ['shares four fifths of its runs of words with an earlier page', 'which page'],
  few_words: ['has less than 120 words', 'how many'],
  words_lost: ["has less than 85 % of its lesson's words", 'percent that are missing'],
  bad_link: [
    'links to an example, to no host, to an address that breaks off, or without words',
    'how many',
  ],
  link_lost: [
    'had a link in a heading, term, summary or code, or around a picture, where none can be kept',
    'how many',
  ],
  heading_order: ['skips a level of headings, or has more than one of the first', 'how often'],
  markup_left: ['shows HTML or Markdown as text, outside of code', 'how many'],
};

/** Severities are those of the code: the worst first, as everywhere. */
export function gateTable(): string {
  const codes = Object.keys(SEVERITY_OF).filter(isQualityCode);
  const warnings = bySeverity(codes.map((code) => ({ code, page: 1, count: 1 })));
  return table(
    ['code in `run_summary.json`', 'severity', 'a page that', 'what happens'],
    [
      [
        '',
        '',
        "is in another language than the lead's, filler, or one line again and again",
        'asked again (stage 2, stage 3)',
      ],
      [
        '',
        '',
        "has less than 2 in 5 of its lesson's words, or less than 9 in 10 and a comment in place of a part",
        'asked again (stage 3)',
      ],
      ...warnings.flatMap(({ code, severity }) => {
        if (!isQualityCode(code)) return [];
        const [page, count] = WARNED[code];
        return [[`\`${code}\``, severity, page, `warning: ${count}`]];
      }),
    ],
  );
}

export interface Counts {
  readonly replies: readonly ReplyCounts[];
  readonly vectors: readonly VectorCounts[];
  readonly corpus: readonly CorpusCounts[];
  readonly fuzz: readonly FuzzReport[];
  /** `2026-11-24`. */
  readonly date: string;
  readonly node: string;
}

export function contentReport({ replies, vectors, corpus, fuzz, date, node }: Counts): string {
  return `# Content: replies in, pages out

The counts below are those of a run of \`node scripts/content-report.ts\` on ${date}, Node ${node}; none is
typed. \`npm test\` runs a slice of these suites, \`npm run test:content\` all of them.

## Replies

Three shapes are read out of what ChatGPT answers. Each was wrapped in ${Object.keys(WRAPPINGS).length} ways (fences of every kind,
quotations, prose, entities, JSON texts, citation marks, invisible characters, line ends), answered
twice with one of the two cut, and cut. A refusal names the fault in words that can be sent back:
\`src/core/reply/repair.ts\` makes the prompt that asks for the whole again.

${repliesTable(replies)}

The four templates go through the \`openai\` driver, by both of its APIs, to a real server that answers in
all of these ways: \`test/contract/chat-driver-openai-awkward.test.ts\`.

## Real documents

HTML that people wrote, read where npm put it. For each document: every visible word is in the page, in
order, in its text and in its HTML (against an independent extraction); nothing in it acts; both safety
gates agree on every piece of HTML; rendering it and parsing that gives the same page; cleaning comes to
rest and reports every change.

${corpusTable(corpus)}

## Ways to make a page act

${vectorsTable(vectors)}

HTML is built anew from text and a fixed set of marks, by parse5's reading of the source. Before a piece is
stored and before it is shown, sanitize-html looks at it with a parser of its own (htmlparser2); what the
two do not agree on becomes plain text.

## Fuzzing

\`node scripts/fuzz-content.ts --minutes 60 --seed 1\` holds the same promises for whole replies and pages that
were cut, doubled and spliced, for generated HTML, and for any text. What its runs found is mended, with a
test, before the next one; they had one core that other programs used as well.

${fuzzTable(fuzz)}

## Before the upload

${gateTable()}

High: something is missing or cannot be understood. Medium: less to learn than there should be. Low: a
blemish. \`run_summary.json\`, the lead's page of the dashboard and the log have the worst first.

The format of a page is published as [page.schema.json](page.schema.json); \`planline schema\` prints it.
`;
}
