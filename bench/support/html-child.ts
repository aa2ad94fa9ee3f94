/** planline's own two steps over a corpus, alone in their process; what a pass takes in ms. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { cleanPage } from '../../src/steps/clean.ts';
import { htmlToPage } from '../../src/steps/html-to-json.ts';
import type { Page } from '../../src/core/page.ts';
import { median } from '../report/statistics.ts';
import { corpusFile, htmlQuestion, type HtmlAnswer } from './html-corpus.ts';

const LEAST_MS = 1_500;

function pageOf(html: string): Page | null {
  const result = htmlToPage(html, { pageIndex: 1, language: null });
  return result.ok ? result.value : null;
}

const asked = htmlQuestion.parse(JSON.parse(await text(process.stdin)));
const sources = corpusFile.parse(JSON.parse(readFileSync(asked.corpus, 'utf8')));
const pages = sources.map(pageOf).filter((page) => page !== null);

const STEPS = {
  convert: () => sources.map((html) => JSON.stringify(pageOf(html))),
  clean: () => pages.map((page) => JSON.stringify(cleanPage(page).page)),
} as const;

const step = STEPS[asked.step];
// The first passes are the compiler's.
for (let warmUps = 0; warmUps < 2; warmUps += 1) step();
const times: number[] = [];
const startMs = performance.now();
do {
  const beganMs = performance.now();
  step();
  times.push(performance.now() - beganMs);
} while (performance.now() - startMs < LEAST_MS);
const answer: HtmlAnswer = { passMs: median(times), converted: pages.length };
process.stdout.write(`${JSON.stringify(answer)}\n`);
