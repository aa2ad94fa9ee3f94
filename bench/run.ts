/**
 * planline beside what a user would pick instead: `npm run bench [-- --only flag-to-start,steps]
 * [--rounds N] [--trial]`. Writes bench/RESULTS.md and bench/plots/, and keeps each suite's section in
 * bench/results/, from which the report is made: one suite can be run again without the others.
 * `--trial` measures next to nothing and writes below the system's temporary folder.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/core/errors.ts';
import { resultsMarkdown } from './report/markdown.ts';
import { storedSection, type StoredSection } from './report/stored.ts';
import { plotSvg } from './report/svg.ts';
import type { Suite } from './support/suite.ts';
import { machineText, versionsText } from './support/versions.ts';

/** In the order in which they are reported; a suite is loaded when its turn comes. */
const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  'flag-to-start': async () => (await import('./suites/flag-to-start.ts')).flagToStart,
  steps: async () => (await import('./suites/steps.ts')).steps,
  replay: async () => (await import('./suites/replay.ts')).replay,
  growth: async () => (await import('./suites/growth.ts')).growth,
  html: async () => (await import('./suites/html.ts')).html,
  start: async () => (await import('./suites/start.ts')).start,
  idle: async () => (await import('./suites/idle.ts')).idle,
};

/**
 * After all others, which run one by one: the ten minutes in which nobody has anything to do go by while
 * other suites take one core.
 */
const SIDE_BY_SIDE: readonly (readonly string[])[] = [['replay', 'html'], ['idle']];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    trial: { type: 'boolean', default: false },
    /** Makes the report anew from what was measured before. */
    'report-only': { type: 'boolean', default: false },
  },
});

const say = (line: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};

function wanted(): string[] {
  if (values['report-only']) return [];
  const names = values.only?.split(',') ?? Object.keys(SUITES);
  const unknown = names.filter((name) => !(name in SUITES));
  if (unknown.length === 0) return names;
  throw new Error(
    `There is no suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}.`,
  );
}

/** They are no part of planline's own `npm ci`. */
function installRivals(): void {
  const folder = join(import.meta.dirname, 'rivals');
  say('installing the systems to compare with');
  execFileSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], { stdio: 'inherit' });
  const tsc = join(import.meta.dirname, '../node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });
}

const folder = values.trial ? mkdtempSync(join(tmpdir(), 'planline-bench-')) : import.meta.dirname;
const pathOf = (name: string): string => join(folder, 'results', `${name}.json`);

async function measure(name: string, load: () => Promise<Suite>): Promise<void> {
  say(`${name} begins`);
  const beganMs = performance.now();
  const before = loadavg()[0] ?? 0;
  const rounds = Number(values.rounds);
  const suite = await load();
  const section = await suite({
    rounds,
    isTrial: values.trial,
    say: (line) => say(`${name}: ${line}`),
  });
  const stored: StoredSection = {
    section,
    measured_at: new Date().toISOString(),
    seconds: Math.round((performance.now() - beganMs) / 1_000),
    rounds,
    machine: machineText(),
    versions: versionsText(),
    load_average: { before, after: loadavg()[0] ?? 0 },
  };
  writeFileSync(pathOf(name), `${JSON.stringify(stored, null, 1)}\n`);
  say(`${name} took ${stored.seconds} s`);
}

async function inTurn(lane: readonly string[]): Promise<void> {
  for (const name of lane) {
    const load = SUITES[name];
    if (load === undefined || !names.includes(name)) continue;
    try {
      await measure(name, load);
    } catch (error) {
      // The others are worth their figures all the same; what was measured before stays.
      process.exitCode = 1;
      say(`${name} failed: ${error instanceof Error ? (error.stack ?? '') : messageOf(error)}`);
    }
  }
}

function report(): void {
  const stored = Object.keys(SUITES)
    .map(pathOf)
    .filter((path) => existsSync(path))
    .map((path) => storedSection.parse(JSON.parse(readFileSync(path, 'utf8'))));
  writeFileSync(join(folder, 'RESULTS.md'), resultsMarkdown(stored));
  for (const plot of stored.flatMap(({ section }) => section.plots)) {
    writeFileSync(join(folder, 'plots', `${plot.name}.svg`), plotSvg(plot));
  }
  say(`written: ${join(folder, 'RESULTS.md')}`);
}

const names = wanted();
for (const name of ['results', 'plots']) mkdirSync(join(folder, name), { recursive: true });
if (names.length > 0) installRivals();
await inTurn(Object.keys(SUITES).filter((name) => !SIDE_BY_SIDE.flat().includes(name)));
await Promise.all(SIDE_BY_SIDE.map(inTurn));
report();
