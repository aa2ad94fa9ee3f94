/**
 * Emmett replays the same stream: its lines are parsed, put into its in-memory event store, and
 * aggregated by `aggregateStream` with an `evolve` that keeps what planline's fold keeps of a run. Timed
 * are parsing and aggregating; putting the events in is Emmett's stand-in for a database.
 */
import { readFileSync } from 'node:fs';
import { getInMemoryEventStore, type Event } from '@event-driven-io/emmett';
import { answer, asked, maxRssMb, timed } from './answer.ts';

interface File {
  readonly path: string;
}

/** What is read of an event's data; nothing is checked, as Emmett checks nothing. */
type Data = {
  readonly step: string;
  readonly n: number | null;
  readonly prompt: File;
  readonly reply: File;
  readonly meta: File;
  readonly repair: File;
  readonly outputs: readonly File[];
  readonly artifacts: readonly File[];
  readonly reason: string;
  readonly attempt: number;
  readonly run_id: string | null;
  readonly status_to: string | null;
};

interface Envelope {
  readonly type: string;
  readonly run_id: string | null;
  readonly status_to: string | null;
  readonly data: Data;
}

type Stored = Event<string, Data>;

interface State {
  status: string | null;
  runId: string | null;
  artifacts: Map<string, File>;
  prompts: Map<string, string>;
  failures: Map<string, { reason: string; attempt: number }>;
  completed: string[];
}

const initialState = (): State => ({
  status: null,
  runId: null,
  artifacts: new Map(),
  prompts: new Map(),
  failures: new Map(),
  completed: [],
});

function filesOf({ type, data }: Stored): readonly File[] {
  switch (type) {
    case 'run.started':
    case 'run.resumed':
      return data.artifacts;
    case 'prompt.staged':
      return [data.prompt];
    case 'prompt.saved':
      return [data.reply, data.meta];
    case 'prompt.refused':
      return [data.reply, data.repair];
    case 'step.completed':
      return data.outputs;
    default:
      return [];
  }
}

/** It writes into the state, which nobody else holds: what copies it takes several times as long. */
function evolve(state: State, event: Stored): State {
  const { type, data } = event;
  if (data.status_to !== null) state.status = data.status_to;
  if (type === 'run.started') {
    Object.assign(state, { ...initialState(), status: state.status, runId: data.run_id });
  }
  for (const file of filesOf(event)) state.artifacts.set(file.path, file);
  const key = `${data.step}/${data.n}`;
  if (type.startsWith('prompt.')) state.prompts.set(key, type);
  if (type === 'attempt.failed')
    state.failures.set(key, { reason: data.reason, attempt: data.attempt });
  if (type === 'step.completed') state.completed.push(data.step);
  return state;
}

/** A file of a million events is longer than a string may be. */
function linesOf(bytes: Buffer): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return lines;
}

const WARM_UP_EVENTS = 20_000;

const { file, events } = asked() as { file: string; events: number };
const lines = linesOf(readFileSync(file));
if (lines.length !== events) throw new Error(`${lines.length} events in ${file}, not ${events}`);
const warmUps = events < WARM_UP_EVENTS ? Math.ceil(WARM_UP_EVENTS / events) : 0;

const parseMs = await timed(warmUps, () => {
  for (const line of lines) JSON.parse(line);
});
const store = getInMemoryEventStore();
const stored = lines.map((line): Stored => {
  const { type, data, run_id, status_to } = JSON.parse(line) as Envelope;
  return { type, data: { ...data, run_id, status_to } };
});
await store.appendToStream('lead', stored);
const aggregateMs = await timed(warmUps, async () => {
  const { currentStreamVersion } = await store.aggregateStream<State, Stored>('lead', {
    evolve,
    initialState,
  });
  if (currentStreamVersion !== BigInt(events)) throw new Error('not all events were folded');
});
answer({
  usPerEvent: ((parseMs + aggregateMs) * 1_000) / events,
  maxRssMb: maxRssMb(),
});
