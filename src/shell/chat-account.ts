/** The chat account at work: who may send now, and until when nobody may. Survives restarts. */
import { getNextSnapshot } from 'xstate';
import { chatMachine, type ChatAccountEvent } from '../../machines/chat.ts';
import type { ChatError } from '../core/errors.ts';
import type { AccountState, AccountStore, ChatDriver, Clock, Log } from '../ports.ts';

/** A limit without a stated end is probed after this long. */
const PROBE_AFTER_MS = 60 * 60_000;
/** An account that needs a person is looked at this often: it resumes by itself once it is well. */
const CHECK_EVERY_MS = 60_000;
const MAX_CHECK_EVERY_MS = 60 * 60_000;

const READY: AccountState = {
  at: 'ready',
  untilMs: null,
  sinceMs: null,
  reason: null,
  probes: 0,
};

export type Turn =
  | { readonly ready: true }
  | { readonly ready: false; readonly untilMs: number; readonly reason: string };

export interface ChatAccount {
  /** May a prompt be sent now? When not, when to ask again. */
  turn(signal: AbortSignal): Promise<Turn>;
  /** Keeps what a driver's error says of the whole account. */
  note(error: ChatError): Promise<void>;
  /** A prompt was answered: whatever was wrong is over. */
  succeeded(): Promise<void>;
  state(): AccountState;
}

export interface AccountDeps {
  readonly driver: ChatDriver;
  readonly store: AccountStore;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Called when the account begins to need a person, and again with the same `sinceMs` after a
   * restart or a failure: only then is it certain that nobody was left untold.
   */
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
  let told = false;

  async function become(next: AccountState): Promise<void> {
    state = next;
    await store.save(next);
  }

  /** Ready as far as can be seen; what was wrong is remembered until a prompt has been answered. */
  async function usable(): Promise<void> {
    log.info({ was: state.at }, 'The chat account seems usable again');
    const at = nextState(state.at, { type: 'usable' });
    const probes = state.at === 'needs_operator' ? state.probes + 1 : state.probes;
    await become({ ...state, at, untilMs: null, probes });
  }

  /** A check that sees nothing wrong with an account that fails all the same is trusted ever less. */
  function checkEveryMs(): number {
    return Math.min(MAX_CHECK_EVERY_MS, CHECK_EVERY_MS * 2 ** Math.max(0, state.probes - 1));
  }

  async function checkAgain(signal: AbortSignal): Promise<void> {
    if (clock.now() - checkedMs < checkEveryMs()) return;
    checkedMs = clock.now();
    const findings = await driver.check(signal);
    if (findings.every((finding) => finding.level !== 'error')) await usable();
  }

  async function tellOperator(): Promise<void> {
    if (told || state.at !== 'needs_operator') return;
    await deps.onNeedsOperator(driver.name, state.reason ?? state.at, state.sinceMs ?? 0);
    told = true;
  }

  async function needOperator(reason: string): Promise<void> {
    checkedMs = clock.now();
    // The same trouble, back after a check that saw nothing wrong, is no news.
    const known = state.reason === reason && state.sinceMs !== null;
    if (!known) {
      told = false;
      log.error({ reason }, 'The chat account needs you');
    }
    await become({
      at: 'needs_operator',
      untilMs: null,
      sinceMs: known ? state.sinceMs : checkedMs,
      reason,
      probes: known ? state.probes : 0,
    });
    await tellOperator();
  }

  async function coolDown(error: ChatError): Promise<void> {
    const at = nextState(state.at, { type: 'limited' });
    if (at !== 'cooling_down') return;
    const untilMs = Math.max(error.untilMs ?? clock.now() + PROBE_AFTER_MS, state.untilMs ?? 0);
    await become({ at, untilMs, sinceMs: clock.now(), reason: error.message, probes: 0 });
    log.warn(
      { until: new Date(untilMs).toISOString(), reason: error.message },
      'The chat account cools down',
    );
  }

  return {
    state: () => state,

    async turn(signal) {
      if (state.at === 'cooling_down' && clock.now() >= (state.untilMs ?? 0)) await usable();
      if (state.at === 'needs_operator') await checkAgain(signal);
      await tellOperator();
      if (state.at === 'ready') return { ready: true };
      return {
        ready: false,
        untilMs: state.untilMs ?? checkedMs + checkEveryMs(),
        reason: state.reason ?? state.at,
      };
    },

    async note(error) {
      if (error.code === 'rate_limited' || error.code === 'plan_cap') await coolDown(error);
      if (error.code === 'needs_operator') await needOperator(error.message);
    },

    async succeeded() {
      if (state.at === 'ready' && state.reason !== null) await become(READY);
    },
  };
}
