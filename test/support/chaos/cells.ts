/** The cells of the crash matrix: where a process is killed, and what else befalls its lead. */
import {
  CRASH_POINTS,
  parseCrashOrder,
  type CrashPhase,
  type CrashPoint,
} from '../../../src/core/crash-points.ts';
import { STEPS, type Step } from '../../../src/core/lifecycle.ts';
import type { Environment } from '../planline.ts';
import type { Treatment } from '../gateway.ts';
import { calm, faulty, faultyOnce, sloppy, type Mood } from './moods.ts';

export interface Kill {
  readonly point: CrashPoint;
  readonly phase: CrashPhase;
  /** From 1: which time the point is reached in that phase. */
  readonly nth: number;
}

export interface Scenario {
  readonly name: string;
  /** For the table. */
  readonly told: string;
  readonly command: 'daemon' | 'sweep';
  readonly env: Environment;
  /** What the chat model does in this phase; in every one when it is null. */
  readonly mood: (phase: CrashPhase | null) => Mood;
  /** Killed first, so that the cell's own kill hits a process that resumes. */
  readonly before: (kill: Kill) => readonly Kill[];
  /** The instant itself, where the table shows it under another phase. */
  readonly at: (kill: Kill) => Kill;
  /** Between the first kill and the next start. */
  readonly meanwhile: 'nothing' | 'log torn' | 'log forged';
  /** How the database treats the calls of a lead, by what they carry. */
  readonly treatment: (kill: Kill) => ((body: string) => Treatment | null) | null;
}

export interface Cell extends Kill {
  readonly scenario: Scenario;
}

const PLAIN: Scenario = {
  name: 'plain',
  told: 'an ordinary run',
  command: 'daemon',
  env: {},
  mood: calm,
  before: () => [],
  at: (kill) => kill,
  meanwhile: 'nothing',
  treatment: () => null,
};

const SLOW_MS = 900;

/** Appends of one phase take so long that the lease is renewed meanwhile. */
function slowIn(phase: CrashPhase): (body: string) => Treatment | null {
  const mark = phase === 'begin' ? '"type":"run.started"' : `"step":"${phase}"`;
  return (body) =>
    body.includes(mark)
      ? {
          as: 'slow',
          hold: 'request',
          until: new Promise((resolve) => {
            setTimeout(resolve, SLOW_MS);
          }),
        }
      : null;
}

export const SCENARIOS = {
  plain: { ...PLAIN, env: { BLOCK_COUNT: '2' } },
  telling: { ...PLAIN, name: 'telling', told: 'a sweep that tells the operator', command: 'sweep' },
  blind: {
    ...PLAIN,
    name: 'blind',
    told: 'Chat Completions, which cannot be asked for an answer that was given',
    env: { OPENAI_API: 'chat' },
  },
  silent: {
    ...PLAIN,
    name: 'silent',
    told: 'nobody is to be told',
    env: { SLACK_WEBHOOK_URL: '' },
  },
  sloppy: {
    ...PLAIN,
    name: 'sloppy',
    told: 'the first answer to each prompt is unusable and sent back',
    mood: sloppy,
  },
  failing: {
    ...PLAIN,
    name: 'failing',
    told: 'each prompt fails once at the provider',
    mood: (phase) => faulty('server_error', phase),
  },
  limited: {
    ...PLAIN,
    name: 'limited',
    told: 'the account meets a rate limit',
    mood: () => faultyOnce({ name: 'rate_limit', headers: { 'retry-after': '1' } }),
  },
  person: {
    ...PLAIN,
    name: 'person',
    told: 'the account needs a person',
    mood: () => faultyOnce('bad_key'),
  },
  sweeping: {
    ...PLAIN,
    name: 'sweeping',
    told: 'the daily sweep comes each second, and sums up the day',
    env: { SWEEP_CRON: '* * * * * *' },
  },
  slow: {
    ...PLAIN,
    name: 'slow',
    told: 'the database is slow, and the lease is renewed meanwhile',
    treatment: ({ phase }) => slowIn(phase),
  },
  again: {
    ...PLAIN,
    name: 'again',
    told: 'killed in the step named, and once more as soon as the next start has claimed the lead',
    before: ({ phase }) => [{ point: 'append_sending', phase, nth: 1 }],
    at: ({ point, nth }) => ({ point, phase: 'begin', nth }),
  },
  recovered: {
    ...PLAIN,
    name: 'recovered',
    told: 'killed while an answer was being made, and once more when it had been fetched',
    before: ({ phase }) => [{ point: 'sent_recorded', phase, nth: 1 }],
  },
  torn: {
    ...PLAIN,
    name: 'torn',
    told: 'the last line of events.jsonl is torn, then killed while it is mended',
    before: () => [{ point: 'log_written', phase: 'stage2', nth: 1 }],
    meanwhile: 'log torn',
  },
  forged: {
    ...PLAIN,
    name: 'forged',
    told: 'a line of events.jsonl was edited, then killed while it is set aside and written anew',
    before: () => [{ point: 'log_written', phase: 'stage2', nth: 1 }],
    meanwhile: 'log forged',
  },
} as const satisfies Readonly<Record<string, Scenario>>;

/** One line of a trace. */
export function parseKill(line: string): Kill {
  const order = parseCrashOrder(line);
  if (order?.do !== 'kill') throw new Error(`${line} is not a crash point`);
  const { point, phase, nth } = order;
  return { point, phase, nth };
}

export function keyOf({ point, phase, nth }: Kill): string {
  return `${point}:${phase}:${nth}`;
}

const cellsOf = (scenario: Scenario, kills: readonly Kill[]): Cell[] =>
  kills.map((kill) => ({ ...kill, scenario }));

const CHAT: readonly Step[] = ['input_transform', 'plan', 'stage2', 'stage3'];

/** Scenarios whose every instant is known beforehand. */
function fixedCells(): Cell[] {
  const inEach = (phases: readonly CrashPhase[], point: CrashPoint): Kill[] =>
    phases.map((phase) => ({ point, phase, nth: 1 }));
  return [
    ...cellsOf(SCENARIOS.slow, inEach(['begin', ...STEPS], 'lease_renewed')),
    ...cellsOf(SCENARIOS.again, inEach(['begin', ...STEPS], 'claimed')),
    ...cellsOf(SCENARIOS.recovered, inEach(CHAT, 'answer_recovered')),
    ...cellsOf(SCENARIOS.blind, inEach(CHAT, 'sent_recorded')),
    ...cellsOf(SCENARIOS.blind, inEach(CHAT, 'answered')),
    ...cellsOf(SCENARIOS.torn, inEach(['begin'], 'log_written')),
    ...cellsOf(SCENARIOS.forged, inEach(['begin'], 'log_set_aside')),
    ...cellsOf(SCENARIOS.person, inEach(['tell'], 'notification_put')),
    ...cellsOf(SCENARIOS.sweeping, inEach(['tell'], 'notification_put')),
    ...cellsOf(SCENARIOS.sweeping, inEach(['tell'], 'sweep_noted')),
    ...cellsOf(SCENARIOS.silent, [
      ...inEach(['notify'], 'append_sent'),
      ...inEach(['notify'], 'append_committed'),
      ...inEach(['notify'], 'log_written'),
      ...inEach(['rest'], 'released'),
    ]),
  ];
}

export type Traces = Readonly<
  Record<'plain' | 'telling' | 'sloppy' | 'failing' | 'limited', Kill[]>
> & {
  /** An ordinary run of one block, as those of the other scenarios are. */
  readonly single: Kill[];
};

/** What a prompt that goes wrong passes besides: its files are written as an ordinary run's are. */
const OF_PROMPTS: ReadonlySet<CrashPoint> = new Set([
  'send_intended',
  'prompt_taken',
  'append_sent',
  'append_committed',
  'sent_recorded',
  'answered',
  'reply_saved',
  'refusal_recorded',
  'failure_recorded',
  'account_saved',
]);

/** Every instant that a run of each scenario passes; what an ordinary run passes too only once. */
export function allCells(traces: Traces): Cell[] {
  const ordinary = new Set(traces.single.map(keyOf));
  // Whether a lease is renewed depends on how long a run takes; it has cells of its own.
  const isSteady = ({ point }: Kill): boolean => point !== 'lease_renewed';
  const fresh = (kills: readonly Kill[]): Kill[] =>
    kills.filter((kill) => OF_PROMPTS.has(kill.point) && !ordinary.has(keyOf(kill)));
  const telling = traces.telling.filter(({ phase }) => phase === 'tell');
  return [
    ...cellsOf(SCENARIOS.plain, traces.plain.filter(isSteady)),
    ...cellsOf(SCENARIOS.telling, telling),
    ...cellsOf(SCENARIOS.sloppy, fresh(traces.sloppy)),
    ...cellsOf(SCENARIOS.failing, fresh(traces.failing)),
    ...cellsOf(SCENARIOS.limited, fresh(traces.limited)),
    ...fixedCells(),
  ];
}

/** Boundaries that no cell covers: there must be none. */
export function uncovered(cells: readonly Cell[]): string[] {
  const covered = new Set<string>(cells.map(({ point }) => point));
  return Object.keys(CRASH_POINTS).filter((point) => !covered.has(point));
}
