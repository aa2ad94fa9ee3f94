/** State as a fold over events: the chart says where a lead stands, the facts what is known of it. */
import { getNextSnapshot, type StateValue } from 'xstate';
import { PlanlineError } from '../src/core/errors.ts';
import type { StoredEnvelope, StoredEvent } from '../src/core/events.ts';
import { foldFacts, NO_FACTS, type LeadFacts, type Own } from '../src/core/lead-state.ts';
import { GENESIS_HASH } from '../src/core/hash-chain.ts';
import { upcast } from '../src/core/upcast.ts';
import { leadMachine, type Effect } from './lead.ts';

/** A state of the chart by its path: `flagged`, `processing.plan` … */
export type ChartState = string;

export interface LeadState extends LeadFacts {
  readonly at: ChartState;
  /** The row's status as the stream tells it; null before the first event that names one. */
  readonly status: string | null;
  readonly seq: number;
  readonly hash: string;
}

export const NEW_LEAD: LeadState = {
  ...NO_FACTS,
  at: 'idle',
  status: null,
  seq: 0,
  hash: GENESIS_HASH,
};

/** The chart's name for an event: events about a step carry it, as each step has its own arrow. */
function chartEventType(event: StoredEvent): string {
  return event.type === 'step.completed' || event.type === 'run.resumed'
    ? `${event.type}:${event.data.step}`
    : event.type;
}

function pathOf(value: StateValue): ChartState {
  if (typeof value === 'string') return value;
  const [entry] = Object.entries(value);
  if (entry === undefined || entry[1] === undefined) throw new Error('the chart has no such state');
  return `${entry[0]}.${pathOf(entry[1])}`;
}

function valueOf(at: ChartState): StateValue {
  const [status = at, step] = at.split('.');
  return step === undefined ? status : { [status]: step };
}

/**
 * Where the chart goes, by state and event; null when it refuses. The chart holds no context and no
 * guard, so each pair has one answer for ever: asking XState once a pair makes long folds cheap.
 */
const moves = new Map<string, ChartState | null>();

function move(at: ChartState, eventType: string): ChartState | null {
  const key = `${at} ${eventType}`;
  const known = moves.get(key);
  if (known !== undefined) return known;
  const snapshot = leadMachine.resolveState({ value: valueOf(at) });
  const event = { type: eventType };
  // XState drops an event that no state takes without a word, so it is asked first.
  const next = snapshot.can(event)
    ? pathOf(getNextSnapshot(leadMachine, snapshot, event).value)
    : null;
  moves.set(key, next);
  return next;
}

/** Would the chart take this event now? */
export function accepts(state: LeadState, event: StoredEvent): boolean {
  return move(state.at, chartEventType(event)) !== null;
}

function foldOne(state: LeadState, event: StoredEvent, own: Own): LeadState {
  const at = move(state.at, chartEventType(event));
  if (at === null) {
    throw new PlanlineError(
      'corrupt',
      `Event ${event.seq} of lead ${event.lead_id} (${event.type}) cannot follow in state ${state.at}.`,
    );
  }
  return {
    ...foldFacts(state, event, own),
    at,
    status: event.status_to ?? state.status,
    seq: event.seq,
    hash: event.hash,
  };
}

/** Folds one checked event. Throws `corrupt` when the chart does not take it. */
export function foldEvent(state: LeadState, event: StoredEvent): LeadState {
  return foldOne(state, event, new WeakSet());
}

/** Folds stored events onto a state, which stays as it is. */
export function fold(events: Iterable<StoredEnvelope>, from: LeadState = NEW_LEAD): LeadState {
  let state = from;
  const own: Own = new WeakSet();
  for (const envelope of events) state = foldOne(state, upcast(envelope), own);
  return state;
}

/** What the shell is to do next. */
export function nextEffect(state: LeadState): Effect {
  const snapshot = leadMachine.resolveState({ value: valueOf(state.at) });
  for (const meta of Object.values(snapshot.getMeta())) {
    if (meta !== undefined) return meta;
  }
  throw new Error(`state ${state.at} of the lead's chart names no effect`);
}
