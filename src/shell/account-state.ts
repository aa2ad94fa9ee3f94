/** What becomes of the chat account's state, fact by fact. Pure: the chart says where, this says what. */
import { getNextSnapshot } from 'xstate';
import { chatMachine, type ChatAccountEvent } from '../../machines/chat.ts';
import type { ChatError } from '../core/errors.ts';
import { NO_SENDS } from '../core/pacing.ts';
import type { AccountState } from '../ports.ts';

/** A used-up plan without a stated end is probed after this long. */
const PROBE_AFTER_MS = 60 * 60_000;
/** A throttle without a stated end: this long at first, doubled each time up to the longest. */
const THROTTLE_MS = 5 * 60_000;
const MAX_THROTTLE_MS = 30 * 60_000;

export const READY: AccountState = {
  at: 'ready',
  untilMs: null,
  sinceMs: null,
  reason: null,
  untilPerson: false,
  probes: 0,
  strikes: 0,
  sends: NO_SENDS,
};

function nextAt(at: AccountState['at'], event: ChatAccountEvent): AccountState['at'] {
  const snapshot = chatMachine.resolveState({ value: at });
  return snapshot.can(event) ? getNextSnapshot(chatMachine, snapshot, event).value : at;
}

/** Until when a limit lasts that this error tells of. */
function limitEndMs(error: ChatError, strikes: number, nowMs: number): number {
  if (error.untilMs !== null) return error.untilMs;
  if (error.code === 'plan_cap') return nowMs + PROBE_AFTER_MS;
  return nowMs + Math.min(MAX_THROTTLE_MS, THROTTLE_MS * 2 ** strikes);
}

/** Unchanged while a person is needed. */
export function afterLimit(state: AccountState, error: ChatError, nowMs: number): AccountState {
  const at = nextAt(state.at, { type: 'limited' });
  if (at !== 'cooling_down') return state;
  const { message: reason } = error;
  const rest = { ...state, at, sinceMs: nowMs, reason, probes: 0 };
  // Prompts that were under way together hit one limit, not several.
  if (state.at === 'cooling_down') {
    const endMs = limitEndMs(error, state.strikes - 1, nowMs);
    return { ...rest, untilMs: Math.max(endMs, state.untilMs ?? 0) };
  }
  const untilMs = limitEndMs(error, state.strikes, nowMs);
  return { ...rest, untilMs, strikes: state.strikes + 1 };
}

/** The same trouble, back after a check that saw nothing wrong: it is no news. */
export function isKnownTrouble(state: AccountState, reason: string): boolean {
  return state.reason === reason && state.sinceMs !== null;
}

/** Whatever was wrong before is asked anew once the pause is over. */
export function afterPaused(state: AccountState, reason: string, nowMs: number): AccountState {
  const at = nextAt(state.at, { type: 'paused' });
  return { ...state, at, untilMs: null, sinceMs: nowMs, reason, untilPerson: false, probes: 0 };
}

/** What only a person ends is not covered by a lesser trouble that prompts under way still meet. */
export function afterTrouble(state: AccountState, error: ChatError, nowMs: number): AccountState {
  const at = nextAt(state.at, { type: 'needs_operator' });
  const { message: reason, untilPerson } = error;
  if (at !== 'needs_operator' || (state.untilPerson && !untilPerson)) return state;
  const rest = { ...state, at, untilMs: null, reason, untilPerson };
  return isKnownTrouble(state, reason) ? rest : { ...rest, sinceMs: nowMs, probes: 0 };
}

/**
 * Ready as far as can be seen; what was wrong is remembered until a prompt has been answered. What a
 * person has ended is over: when it comes back, it is news.
 */
export function afterUsable(state: AccountState): AccountState {
  const at = nextAt(state.at, { type: 'usable' });
  if (state.at === 'paused' || state.untilPerson) {
    const over = { untilMs: null, sinceMs: null, reason: null, untilPerson: false, probes: 0 };
    return { ...state, at, ...over };
  }
  const probes = state.at === 'needs_operator' ? state.probes + 1 : state.probes;
  return { ...state, at, untilMs: null, probes };
}

/** Unchanged while nothing is sent for another reason. */
export function afterPaced(state: AccountState, untilMs: number): AccountState {
  const at = nextAt(state.at, { type: 'paced' });
  const isKnown = state.at === 'pacing' && state.untilMs === untilMs;
  return at !== 'pacing' || isKnown ? state : { ...state, at, untilMs };
}

/** A prompt was answered: whatever was wrong is over. Unchanged when nothing was. */
export function afterAnswer(state: AccountState): AccountState {
  const isWell = state.at === 'ready' || state.at === 'pacing';
  if (!isWell || (state.reason === null && state.strikes === 0)) return state;
  const { at, untilMs, sends } = state;
  return { ...READY, at, untilMs, sends };
}
