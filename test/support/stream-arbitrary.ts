/** Streams as the chart allows them: each event is one of those that the lead's state takes. */
import * as fc from 'fast-check';
import { accepts, foldEvent, NEW_LEAD, type LeadState } from '../../machines/fold.ts';
import type { EventData, EventType, StoredEnvelope } from '../../src/core/events.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import {
  CHAT_STEPS,
  STATUS_OF_STEP,
  statusAfter,
  STEPS,
  type ChatStep,
  type Step,
} from '../../src/core/lifecycle.ts';
import { upcast } from '../../src/core/upcast.ts';
import { History } from './history.ts';

/** What one event is made of: which of those that may come now, and what its data says. */
const choice = fc.record({
  pick: fc.nat(9_999),
  n: fc.integer({ min: 1, max: 3 }),
  yes: fc.boolean(),
  text: fc.string({ unit: 'grapheme', maxLength: 12 }),
});
type Choice = typeof choice extends fc.Arbitrary<infer T> ? T : never;

interface Fact {
  readonly type: EventType;
  readonly data: EventData<EventType>;
  readonly statusTo: string | null;
  readonly runId?: string | null;
}

const instant = (n: number): string => `2026-11-23T10:0${n}:00.000Z`;

function fileOf(path: string, { text }: Choice) {
  return { path, sha256: sha256Hex(text), bytes: Buffer.byteLength(text) };
}

/** What people and the outbox say of a lead, whatever state it is in. */
function factsByOthers(choice_: Choice): Fact[] {
  const { text, n } = choice_;
  const description = { description_sha256: sha256Hex(text), description_chars: text.length };
  const notification = { notification_id: `x/${n}`, channel: 'slack' };
  const quiet = { statusTo: null, runId: null };
  return [
    { type: 'lead.flagged', data: description, statusTo: 'flagged', runId: null },
    { type: 'lead.edited', data: { ...description, columns: ['description'] }, ...quiet },
    { type: 'lead.withdrawn', data: {}, statusTo: 'on hold', runId: null },
    { type: 'lead.deleted', data: {}, ...quiet },
    {
      type: 'lead.erased',
      data: { runs: n, artifacts: n, pages: n, page_versions: n, notifications: n },
      statusTo: 'erased',
      runId: null,
    },
    {
      type: 'run.pruned',
      data: { zip_sha256: sha256Hex(text), artifacts: n, bytes: n },
      statusTo: null,
    },
    { type: 'notification.requested', data: { notification_id: `x/${n}`, kind: 'x' }, ...quiet },
    { type: 'notification.delivered', data: notification, ...quiet },
    { type: 'notification.abandoned', data: { ...notification, reason: text }, ...quiet },
  ];
}

function factsOfPrompt(step: ChatStep, choice_: Choice): Fact[] {
  const { n, yes, text } = choice_;
  const prompt = { step, n };
  const requestId = `${step}-${n}-${text.length}`;
  const asked = { ...prompt, request_id: requestId };
  const reply = fileOf(`${step}/reply_${n}.txt`, choice_);
  const all: readonly (readonly [EventType, EventData<EventType>])[] = [
    ['prompt.staged', { ...prompt, prompt: fileOf(`${step}/prompt_${n}.txt`, choice_) }],
    ['prompt.send_intended', { ...asked, prompt_sha256: sha256Hex(text), driver: 'rehearsal' }],
    ['prompt.sent', { ...asked, ref: { kind: 'test', id: requestId } }],
    [
      'prompt.answered',
      {
        ...asked,
        reply_sha256: reply.sha256,
        chars: text.length,
        capture: 'api',
        complete: yes,
        duration_ms: n,
      },
    ],
    ['prompt.saved', { ...prompt, reply, meta: { ...reply, path: `${reply.path}.meta.json` } }],
    [
      'prompt.refused',
      {
        ...asked,
        repairs: n,
        reason: text,
        reply,
        repair: { ...reply, path: `${reply.path}.repair.txt` },
      },
    ],
  ];
  return all.map(([type, data]) => ({ type, data, statusTo: null }));
}

function factsOfStep(step: Step, choice_: Choice): Fact[] {
  const { n, yes, text } = choice_;
  const after = statusAfter(step);
  const outputs = [fileOf(`${step}/output_${n}.txt`, choice_)];
  const completed: Fact = {
    type: 'step.completed',
    data: { step, outputs, duration_ms: n, warnings: [] },
    statusTo: after === STATUS_OF_STEP[step] ? null : after,
  };
  const resumed: Fact = {
    type: 'run.resumed',
    data: { step, artifacts: yes ? [fileOf('input/prompts/block.txt', choice_)] : [] },
    statusTo: STATUS_OF_STEP[step],
  };
  const place = { step, n: yes ? n : null };
  const failed: Fact = {
    type: 'attempt.failed',
    data: {
      ...place,
      attempt: n,
      code: 'retryable',
      reason: text,
      retry_at: yes ? instant(n) : null,
      keeps_request: yes,
    },
    statusTo: null,
  };
  // Twice: a walk is to come to the end of a run now and then.
  return [completed, completed, resumed, failed];
}

function factsOfRun(choice_: Choice, runs: number): Fact[] {
  const { n, text } = choice_;
  const started: Fact = {
    type: 'run.started',
    data: {
      description_sha256: sha256Hex(text),
      description_chars: text.length,
      block_count: n,
      driver: 'rehearsal',
      artifacts: [fileOf('input/lead.json', choice_)],
    },
    statusTo: 'processing',
    runId: `20261123_1000${String(runs % 60).padStart(2, '0')}`,
  };
  const claimed: Fact = {
    type: 'lead.claimed',
    data: { daemon: 'd1', epoch: runs + n, lease_expires_at: instant(n) },
    statusTo: null,
  };
  const blocked: Fact = {
    type: 'lead.blocked',
    data: { step: null, n: null, code: 'permanent', reason: text },
    statusTo: 'blocked',
  };
  return [started, started, claimed, blocked];
}

function everyFact(choice_: Choice, runs: number): Fact[] {
  return [
    ...STEPS.flatMap((step) => factsOfStep(step, choice_)),
    ...CHAT_STEPS.flatMap((step) => factsOfPrompt(step, choice_)),
    ...factsOfRun(choice_, runs),
    ...factsByOthers(choice_),
  ];
}

const ANY_CHOICE: Choice = { pick: 0, n: 1, yes: true, text: '' };

/** Places in `everyFact` of what may come, by state: the chart asks for no more than the kind. */
const possible = new Map<string, readonly number[]>();

function possibleIn(state: LeadState): readonly number[] {
  const known = possible.get(state.at);
  if (known !== undefined) return known;
  const places = everyFact(ANY_CHOICE, 0).flatMap(({ type, data, statusTo }, place) => {
    const [event] = new History().add(type, data, { statusTo }).events;
    return event !== undefined && accepts(state, upcast(event)) ? [place] : [];
  });
  possible.set(state.at, places);
  return places;
}

function walk(choices: readonly Choice[]): StoredEnvelope[] {
  const history = new History();
  let state: LeadState = NEW_LEAD;
  for (const next of choices) {
    const places = possibleIn(state);
    const place = places[next.pick % places.length] ?? -1;
    const fact = everyFact(next, state.runIds.length)[place];
    if (fact === undefined) throw new Error(`no event may come in ${state.at}`);
    if (fact.type === 'run.started') history.runId = fact.runId ?? null;
    const { runId } = fact;
    history.add(fact.type, fact.data, {
      statusTo: fact.statusTo,
      ...(runId === undefined ? {} : { runId }),
    });
    const event = history.events.at(-1);
    if (event !== undefined) state = foldEvent(state, upcast(event));
  }
  return history.events;
}

/** Shrinks to the shortest walk that still shows the fault. */
export function streams(options: { maxLength: number } = { maxLength: 60 }) {
  return fc.array(choice, { ...options, size: 'max' }).map(walk);
}

/** The events of a stream as a network may bring them: in pieces, twice, late, in any order. */
export function deliveriesOf(events: readonly StoredEnvelope[]): fc.Arbitrary<StoredEnvelope[][]> {
  if (events.length === 0) return fc.constant([[]]);
  return fc.array(fc.array(fc.constantFrom(...events), { maxLength: 12 }), { maxLength: 12 });
}
