/**
 * Looks for inputs that break a promise of the content path: replies in, pages out. Bounded by time,
 * reproducible by its seed. Exit code 1 when something was found; each finding is printed with the
 * input that caused it.
 *
 *   node scripts/fuzz-content.ts --minutes 60 --seed 1 --report fuzz.json
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { mutated, repeated } from '../test/content/support/mutate.ts';
import { faultsOfSource } from '../test/content/support/page-invariants.ts';
import { faultsOfReply } from '../test/content/support/reply-invariants.ts';
import { allRehearsalReplies } from '../test/content/support/seeds.ts';
import { WRAPPINGS } from '../test/unit/core/reply-wrappings.ts';
import { htmlTree } from '../test/unit/steps/support/html-arbitrary.ts';
import { htmlSoup } from '../test/unit/steps/support/html-soup.ts';
import { PLACES, VECTORS } from '../test/unit/steps/support/xss-vectors.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    report: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const firstSeed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(firstSeed)) {
  process.stderr.write('--minutes takes a number above 0, --seed a whole number.\n');
  process.exit(2);
}

/** Inputs of one target in one turn. */
const BATCH = 25;
/** An input that takes longer has found a loop. */
const SLOW_MS = 5_000;
const MAX_SHOWN_CHARS = 1_500;

interface Target {
  readonly name: string;
  readonly inputs: fc.Arbitrary<string>;
  readonly faultsOf: (input: string) => string[];
}

const replies = allRehearsalReplies();
const pages = replies.flatMap((reply) => reply.pages);
const wholeReplies = replies.flatMap(({ profile, plan, lessons, pages: html }) =>
  [profile, plan].concat(lessons, html),
);
const wrapped = wholeReplies.flatMap((reply) =>
  Object.values(WRAPPINGS).map((wrap) => wrap(reply)),
);
const vectors = VECTORS.flatMap((vector) => Object.values(PLACES).map((place) => place(vector)));

const faultsOfBoth = (input: string): string[] => [
  ...faultsOfReply(input),
  ...faultsOfSource(input),
];

const TARGETS: readonly Target[] = [
  {
    name: 'broken replies',
    inputs: mutated([...wholeReplies, ...wrapped]),
    faultsOf: faultsOfReply,
  },
  {
    name: 'any text as a reply',
    inputs: fc.string({ unit: 'binary', maxLength: 400 }),
    faultsOf: faultsOfReply,
  },
  { name: 'broken pages', inputs: mutated(pages), faultsOf: faultsOfSource },
  { name: 'broken XSS vectors', inputs: mutated(vectors), faultsOf: faultsOfSource },
  { name: 'well-nested HTML', inputs: htmlTree, faultsOf: faultsOfSource },
  { name: 'a soup of HTML tokens', inputs: htmlSoup, faultsOf: faultsOfSource },
  { name: 'one token thousands of times', inputs: repeated, faultsOf: faultsOfBoth },
];

interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly fault: string;
  readonly input: string;
}

const runs = new Map<string, number>(TARGETS.map(({ name }) => [name, 0]));
const findings = new Map<string, Finding>();
let slowestMs = 0;

function faultsOrCrash({ faultsOf }: Target, input: string): string[] {
  // Processor time: other programs may hold this one up.
  const started = process.cpuUsage();
  try {
    const faults = faultsOf(input);
    const { user, system } = process.cpuUsage(started);
    const tookMs = (user + system) / 1_000;
    slowestMs = Math.max(slowestMs, tookMs);
    return tookMs > SLOW_MS ? [...faults, `slow: ${Math.round(tookMs)} ms`] : faults;
  } catch (error) {
    return [`crash: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}

/** Words and numbers of an input differ from one finding to the next; its kind does not. */
function kindOf(target: Target, fault: string): string {
  return `${target.name}: ${fault.split(/ at |\n|: \d/)[0] ?? fault}`;
}

function runBatch(target: Target, seed: number): void {
  const details = fc.check(
    fc.property(target.inputs, (input) => {
      runs.set(target.name, (runs.get(target.name) ?? 0) + 1);
      const fault = faultsOrCrash(target, input).find((one) => !findings.has(kindOf(target, one)));
      if (fault !== undefined) throw new Error(fault);
    }),
    { seed, numRuns: BATCH, interruptAfterTimeLimit: 120_000 },
  );
  const input = details.counterexample?.[0];
  if (!details.failed || input === undefined) return;
  const fault = faultsOrCrash(target, input).find((one) => !findings.has(kindOf(target, one)));
  if (fault === undefined) return;
  findings.set(kindOf(target, fault), { target: target.name, seed, fault, input });
  process.stdout.write(
    `\n${target.name}, seed ${seed}: ${fault}\n${JSON.stringify(input.slice(0, MAX_SHOWN_CHARS))}\n`,
  );
}

const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();

process.stdout.write(`Fuzzing for ${minutes} minutes from seed ${firstSeed}.\n`);
const startedMs = performance.now();
const endMs = startedMs + minutes * 60_000;
for (let turn = 0; performance.now() < endMs; turn += 1) {
  const target = TARGETS[turn % TARGETS.length];
  if (target !== undefined) runBatch(target, firstSeed + turn);
}

function foundBy(target: string, isCounted: (finding: Finding) => boolean = () => true): number {
  return [...findings.values()].filter((one) => one.target === target && isCounted(one)).length;
}

const report = {
  revision,
  minutes: Math.round((performance.now() - startedMs) / 6_000) / 10,
  seed: firstSeed,
  node: process.version,
  slowest_ms: Math.round(slowestMs),
  targets: TARGETS.map(({ name }) => ({
    name,
    inputs: runs.get(name) ?? 0,
    findings: foundBy(name),
    crashes: foundBy(name, ({ fault }) => fault.startsWith('crash')),
  })),
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
if (values.report !== undefined)
  writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = findings.size === 0 ? 0 : 1;
