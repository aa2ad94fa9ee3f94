/** docs/chat.md, made from the names of the fault tests: `<fault>: <how noticed> → <what is done>`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_FAULTS } from '../fixtures/chat-page/faults.ts';

const DRIVERS = {
  browser: ['test/contract/chat-driver-browser-faults.test.ts'],
  desktop: [
    'test/contract/chat-driver-desktop-faults.test.ts',
    'test/contract/chat-driver-desktop-desk-faults.test.ts',
  ],
} as const;
type DriverName = keyof typeof DRIVERS;

interface Row {
  readonly fault: string;
  readonly noticed: string;
  readonly done: string;
}

/** A quoted title of a test, on one line; those with a place left open stand in a list of threes. */
const TITLE = /(['"])([a-z][\w ,]*): ([^\n%]+?) → ([^\n%]+?)\1,/g;
const THREE =
  /\[\s*'([a-z]\w*)',\s*(?:'([^'\n]+)'|"([^"\n]+)"),\s*(?:'([^'\n]+)'|"([^"\n]+)"),?\s*\]/g;
/** Other lists of threes are about keys, phases and the like. */
const FAULTS: ReadonlySet<string> = new Set(PAGE_FAULTS);

function rowOf(fault: string, noticed: string, done: string): Row {
  return { fault: fault.replaceAll('_', ' '), noticed, done };
}

function rowsOf(text: string): Row[] {
  const titles = [...text.matchAll(TITLE)].map(([, , fault = '', noticed = '', done = '']) =>
    rowOf(fault, noticed, done),
  );
  const threes = [...text.matchAll(THREE)]
    .filter(([, fault = '']) => FAULTS.has(fault))
    .map(([, fault = '', noticed, quoted = '', done, quotedDone = '']) =>
      rowOf(fault, noticed ?? quoted, done ?? quotedDone),
    );
  return [...titles, ...threes];
}

function escaped(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`);
}

function tableOf(root: string, driver: DriverName): string {
  const rows = DRIVERS[driver].flatMap((path) => rowsOf(readFileSync(join(root, path), 'utf8')));
  if (rows.length === 0) throw new Error(`the fault tests of ${driver} have no title that tells`);
  const lines = rows.map(({ fault, noticed, done }) =>
    ['', fault, escaped(noticed), escaped(done), ''].join(' | ').trim(),
  );
  return [
    '| what happens | how it is noticed | what planline does |',
    '|---|---|---|',
    ...lines,
  ].join('\n');
}

export function chatDocument(root: string): string {
  return `# What goes wrong at the chat page

Each row is a test that makes the fault happen at a page like ChatGPT's in a real Chromium and looks
at the reply and at how often the page's server took the prompt. The file is made from the tests'
names: \`node scripts/chat-doc.ts\`.

## \`browser\`

${tableOf(root, 'browser')}

## \`desktop\`

${tableOf(root, 'desktop')}
`;
}
