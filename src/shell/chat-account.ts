/** The chat account at work: who may send now, and until when nobody may. Survives restarts. */
import { getNextSnapshot } from 'xstate';
import { chatMachine, type ChatAccountEvent } from '../../machines/chat.ts';
import type { ChatError } from '../core/errors.ts';
import type { AccountState, AccountStore, ChatDriver, Clock, Log } from '../ports.ts';

/** A limit without a stated end is probed after this long. */
const PROBE_AFTER_MS = 60 * 60_000;
/** An account that needs a person is looked at this often: it resumes by itself once it is well. */
const CHECK_EVERY_MS = 60_000;

const READY: AccountState = { at: 'ready', untilMs: null, sinceMs: null, reason: null };

export type Turn =
  | { readonly ready: true }
  | { readonly ready: false; readonly untilMs: number; readonly reason: string };

export interface ChatAccount {
  /** May a prompt be sent now? When not, when to ask again. */
  turn(signal: AbortSignal): Promise<Turn>;
  /** Keeps what a driver's error says of the whole account. */
  note(error: ChatError): Promise<void>;
  state(): AccountState;
}

export interface AccountDeps {
  readonly driver: ChatDriver;
  readonly store: AccountStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Told once each time the account begins to need a person. */
  readonly onNeedsOperator: (driver: string, reason: string, sinceMs: number) => Promise<void>;
}

function nextState(at: AccountState['at'], event: ChatAccountEvent): AccountState['at'] {
  const snapshot = chatMachine.resolveState({ value: at });
  return snapshot.can(event) ? getNextSnapshot(chatMachine, snapshot, event).value : at;
}

export async function openChatAccount(deps: AccountDeps): Promise<ChatAccount> {
  const { driver, store, clock, log } = deps;
  let state = (await store.load()) ?? READY;
  let checkedMs = 0;

  async function become(next: AccountState): Promise<void> {
    state = next;
    await store.save(next);
  }

  async function usable(): Promise<void> {
    log.info({ was: state.at }, 'The chat account is usable again');
    await become({ ...READY, at: nextState(state.at, { type: 'usable' }) });
  }

  /** Asks the driver itself, at most once in CHECK_EVERY_MS. */
  async function checkAgain(signal: AbortSignal): Promise<void> {
    if (clock.now() - checkedMs < CHECK_EVERY_MS) return;
    checkedMs = clock.now();
    const findings = await driver.check(signal);
    if (findings.every((finding) => finding.level !== 'error')) await usable();
  }

  return {
    state: () => state,

    async turn(signal) {
      if (state.at === 'cooling_down' && clock.now() >= (state.untilMs ?? 0)) await usable();
      if (state.at === 'needs_operator') await checkAgain(signal);
      if (state.at === 'ready') return { ready: true };
      return {
        ready: false,
        untilMs: state.untilMs ?? clock.now() + CHECK_EVERY_MS,
        reason: state.reason ?? state.at,
      };
    },

    async note(error) {
      const was = state.at;
      if (error.code === 'rate_limited' || error.code === 'plan_cap') {
        const at = nextState(was, { type: 'limited' });
        if (at !== 'cooling_down') return;
        const untilMs = Math.max(error.untilMs ?? clock.now() + PROBE_AFTER_MS, state.untilMs ?? 0);
        await become({ at, untilMs, sinceMs: clock.now(), reason: error.message });
        log.warn(
          { until: new Date(untilMs).toISOString(), reason: error.message },
          'The chat account cools down',
        );
      }
      if (error.code === 'needs_operator') {
        const sinceMs = clock.now();
        checkedMs = sinceMs;
        await become({ at: 'needs_operator', untilMs: null, sinceMs, reason: error.message });
        if (was === 'needs_operator') return;
        log.error({ reason: error.message }, 'The chat account needs you');
        await deps.onNeedsOperator(driver.name, error.message, sinceMs);
      }
    },
  };
}
