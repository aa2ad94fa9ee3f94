/**
 * What the drivers of ChatGPT's page add to each prompt: `npm run bench:chat [-- --prompts 10]`. Writes
 * bench/CHAT.md. Ends with an error when a reply is not exactly what was answered.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openFolder } from '../src/adapters/disk/folder.ts';
import { sha256Hex } from '../src/core/hash-chain.ts';
import type { ChatDriver } from '../src/ports.ts';
import { startBrowserRig } from '../test/support/chat-browser.ts';
import { askedIn, startDesktopRig } from '../test/support/chat-desktop.ts';
import type { ChatPage, ChatPageOptions, PageGeneration } from '../test/support/chat-page.ts';
import { findChromium } from '../test/support/programs.ts';
import { makeTempFolder } from '../test/support/temp-folder.ts';
import { quantile } from './report/statistics.ts';
import { machineText } from './support/versions.ts';
import { LENIENT } from '../test/support/lenient-journal.ts';

const { values } = parseArgs({ options: { prompts: { type: 'string', default: '10' } } });
const PROMPTS = Number(values.prompts);
const GENERATIONS: readonly PageGeneration[] = ['g2', 'g3'];
/** In characters, one after the other. */
const ANSWER_CHARS = [1_000, 6_000, 25_000];
const PROMPT_CHARS = 8_000;
const SENTENCE = 'Každý týždeň si naplánuj dve hodiny na **jednu** vec. ';

interface Sample {
  /** From the first key to the prompt's arrival at the page's server. */
  readonly sendMs: number;
  /** From the answer's last word to the reply on the disk. */
  readonly overheadMs: number;
}

interface Subject {
  readonly page: ChatPage;
  readonly driver: ChatDriver;
  stop(): Promise<void>;
}

function textOf(title: string, chars: number): string {
  const paragraph = `${SENTENCE.repeat(6).trim()}\n\n`;
  return `${title}\n\n${paragraph.repeat(Math.ceil(chars / paragraph.length))}`.trimEnd();
}

function answerOf(n: number): string {
  return textOf(`# Lekcia ${n}`, ANSWER_CHARS[n % ANSWER_CHARS.length] ?? 0);
}

/** The answer to a prompt of ours, begun and ended as the driver asks, where it does. */
function answers(prompt: string): string {
  const { begin, end, text } = askedIn(prompt);
  const answer = answerOf(Number(/^Zadanie (\d+)$/m.exec(text)?.[1] ?? 0));
  return text === prompt ? answer : `${begin}\n${answer}\n${end}`;
}

async function measure({ page, driver }: Subject, output: string, n: number): Promise<Sample> {
  const text = textOf(`Zadanie ${n}`, PROMPT_CHARS);
  const what = {
    requestId: `bench-${n}`,
    step: 'stage2',
    n,
    text,
    sha256: sha256Hex(text),
  } as const;
  const request = { ...what, spent: [], follows: null };
  const journal = { ...LENIENT, sent: () => Promise.resolve(), phase: () => undefined };
  const beganMs = Date.now();
  const reply = await driver.ask(request, journal, new AbortController().signal);
  await openFolder(output).write(`part${n}.txt`, reply.text);
  const savedMs = Date.now();
  const [taken, ...others] = page.sends().slice(n - 1);
  if (reply.text !== answerOf(n) || !reply.complete) throw new Error(`reply ${n} is not its own`);
  if (taken === undefined || others.length > 0) throw new Error(`prompt ${n} was sent again`);
  if (taken.answeredMs === null) throw new Error(`reply ${n} was taken before its end`);
  return { sendMs: taken.takenMs - beganMs, overheadMs: savedMs - taken.answeredMs };
}

/** The first prompt warms up and does not count. */
async function measureAll(subject: Subject): Promise<Sample[]> {
  const output = await makeTempFolder();
  try {
    const samples: Sample[] = [];
    for (let n = 1; n <= PROMPTS + 1; n += 1) {
      const sample = await measure(subject, output.path, n);
      process.stderr.write(`${JSON.stringify({ n, ...sample })}\n`);
      if (n > 1) samples.push(sample);
    }
    return samples;
  } finally {
    await subject.stop();
    await output.remove();
  }
}

function pageOf(generation: PageGeneration): ChatPageOptions {
  const pace = { delayMs: 500, chunkDelayMs: 20, copyDelayMs: 200, urlDelayMs: 500 };
  return { generation, answers, ...pace };
}

/** The tests wait shorter. */
const REAL_TIMINGS = { timings: {}, timeoutMs: 120_000 };

async function startBrowser(generation: PageGeneration): Promise<Subject> {
  const chrome = await startBrowserRig();
  const rig = await chrome.open(pageOf(generation), REAL_TIMINGS);
  return {
    ...rig,
    async stop() {
      await rig.close();
      await chrome.stop();
    },
  };
}

const STARTS = {
  browser: startBrowser,
  desktop: (generation: PageGeneration): Promise<Subject> =>
    startDesktopRig(pageOf(generation), REAL_TIMINGS),
};

function row(driver: string, generation: string, samples: readonly Sample[]): string {
  const overheads = samples.map(({ overheadMs }) => overheadMs);
  const sends = samples.map(({ sendMs }) => sendMs);
  const figures = [overheads, sends].flatMap((all) =>
    [0.5, 0.95, 1].map((at) => quantile(all, at)),
  );
  const cells = figures.map((ms) => (ms / 1_000).toFixed(2)).join(' | ');
  return `| ${driver} | ${generation} | ${samples.length} | ${cells} |`;
}

function chromiumVersion(): string {
  return execFileSync(findChromium() ?? 'chromium', ['--version'], { encoding: 'utf8' })
    .replace(/ built on .*/s, '')
    .trim();
}

const loads = [loadavg()[0] ?? 0];
const rows: string[] = [];
for (const [driver, start] of Object.entries(STARTS)) {
  for (const generation of GENERATIONS) {
    rows.push(row(driver, generation, await measureAll(await start(generation))));
    loads.push(loadavg()[0] ?? 0);
  }
}
const document = `# What the drivers of ChatGPT's page add to each prompt

Written by \`npm run bench:chat\` on ${new Date().toISOString().slice(0, 10)}. In seconds.

| driver | page | n | overhead, median | p95 | worst | until sent, median | p95 | worst |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

- **Overhead**: from the last word of the answer, as the page's server gave it to the page, until the reply
  is on the disk, fsynced as in a run. Most of it is waiting on purpose: until an answer that stands
  still counts as ended.
- **Until sent**: from the call of the driver until the page's server took the prompt: a new chat, a prompt
  of ${PROMPT_CHARS} characters written, read back and compared, send pressed.
- Prompts came one after the other, answers of ${ANSWER_CHARS.join(', ')} characters in turn, streamed. The page's
  copy came 200 ms late, a conversation's address 500 ms late. The first prompt of each row is not
  counted. Each reply was exactly what was answered, each prompt was taken once.
- The drivers waited as they do in use, not as in the tests. The page is that of the tests, in
  ${chromiumVersion()}: headless for \`browser\`, under Xvfb with openbox for \`desktop\`.
  ChatGPT's own page was not measured.
- Node.js ${process.version}, ${machineText()}; load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.
`;
writeFileSync(join(import.meta.dirname, 'CHAT.md'), document);
