/** The chat account at work: who may send now, and until when nobody may. Survives restarts. */
import type { ChatError } from '../core/errors.ts';
import {
  afterSend,
  pacingReason,
  pacingWait,
  withoutFuture,
  type Pacing,
  type PacingWait,
} from '../core/pacing.ts';
import type {
  AccountState,
  AccountStore,
  ChatDriver,
  Clock,
  CrashPoints,
  Log,
  Random,
} from '../ports.ts';
import {
  afterAnswer,
  afterLimit,
  afterPaced,
  afterPaused,
  afterTrouble,
  afterUsable,
  isKnownTrouble,
  READY,
} from './account-state.ts';

/** An account that needs a person is looked at this often: it resumes by itself once it is well. */
const CHECK_EVERY_MS = 60_000;
const MAX_CHECK_EVERY_MS = 60 * 60_000;
/** A pause up to this long is waited for with the lead in hand; for a longer one it is given back. */
const PATIENCE_MS = 60_000;

export type Turn =
  | { readonly ready: true }
  | { readonly ready: false; readonly untilMs: number; readonly reason: string };

export interface ChatAccount {
  /** May prompts be sent now? Short pauses do not count. When not, when to ask again. */
  turn(signal: AbortSignal): Promise<Turn>;
  /**
   * Takes the turn for one prompt, waiting out a short pause. Not ready when the account rests, or
   * when the signal aborts first.
   */
  reserve(signal: AbortSignal): Promise<Turn>;
  /** Keeps what a driver's error says of the whole account. */
  note(error: ChatError): Promise<void>;
  /** A prompt was answered: whatever was wrong is over. */
  succeeded(): Promise<void>;
  /** Nothing more is sent until `resume`; prompts under way are answered. Kept over restarts. */
  pause(reason: string): Promise<void>;
  /** A person says that what the account waits for is over. */
  resume(): Promise<void>;
  state(): AccountState;
}

/** An account that does not come back by itself. */
export function isWithPerson({ at }: AccountState): boolean {
  return at === 'needs_operator' || at === 'paused';
}

export interface AccountDeps {
  readonly driver: ChatDriver;
  readonly store: AccountStore;
  /** Null for no pace at all. */
  readonly pacing: Pacing | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crash: CrashPoints;
  /**
   * Called when the account begins to need a person, and again with the same `sinceMs` after a
   * restart or a failure: only then is it certain that nobody was left untold.
   */
  readonly onNeedsOperator: (driver: string, reason: string, sinceMs: number) => Promise<void>;
}

/** A limit that was met in the future was met before the clock was set back: asking will tell. */
function isLimitOver({ untilMs, sinceMs }: AccountState, nowMs: number): boolean {
  return nowMs >= (untilMs ?? 0) || nowMs < (sinceMs ?? 0);
}

interface Slots {
  readonly turn: ChatAccount['turn'];
  readonly paceWait: () => PacingWait | null;
  readonly take: () => Promise<void>;
}

/** One after the other: two prompts that wait for the same moment must not both take it. */
function createReserve({ clock, pacing }: AccountDeps, slots: Slots): ChatAccount['reserve'] {
  let reserving: Promise<unknown> = Promise.resolve();

  async function takeSlot(signal: AbortSignal): Promise<Turn> {
    for (;;) {
      const now = await slots.turn(signal);
      if (!now.ready || pacing === null) return now;
      const wait = slots.paceWait();
      if (wait === null) {
        await slots.take();
        return now;
      }
      await clock.sleep(wait.untilMs - clock.now(), signal);
      if (signal.aborted) {
        return { ready: false, untilMs: wait.untilMs, reason: pacingReason(wait, pacing) };
      }
    }
  }

  return (signal) => {
    const slot = reserving.then(() => takeSlot(signal));
    reserving = slot.catch(() => undefined);
    return slot;
  };
}

export async function openChatAccount(deps: AccountDeps): Promise<ChatAccount> {
  const { driver, store, pacing, clock, random, log, crash } = deps;
  let state = (await store.load()) ?? READY;
  let checkedMs = 0;
  let told = false;

  async function become(next: AccountState): Promise<void> {
    if (next === state) return;
    state = next;
    await store.save(next);
    crash.reached('account_saved');
  }

  async function usable(): Promise<void> {
    if (state.at !== 'pacing') {
      log.info({ was: state.at }, 'The chat account seems usable again');
    }
    await become(afterUsable(state));
  }

  /** A check that sees nothing wrong with an account that fails all the same is trusted ever less. */
  function checkEveryMs(): number {
    return Math.min(MAX_CHECK_EVERY_MS, CHECK_EVERY_MS * 2 ** Math.max(0, state.probes - 1));
  }

  async function checkAgain(signal: AbortSignal): Promise<void> {
    const agoMs = clock.now() - checkedMs;
    if (agoMs >= 0 && agoMs < checkEveryMs()) return;
    checkedMs = clock.now();
    const findings = await driver.check(signal);
    if (findings.every((finding) => finding.level !== 'error')) await usable();
  }

  async function tellOperator(): Promise<void> {
    if (told || state.at !== 'needs_operator') return;
    await deps.onNeedsOperator(driver.name, state.reason ?? state.at, state.sinceMs ?? 0);
    crash.reached('notification_put', 'tell');
    told = true;
  }

  async function needOperator(reason: string): Promise<void> {
    checkedMs = clock.now();
    if (state.at !== 'paused' && !isKnownTrouble(state, reason)) {
      told = false;
      log.error({ reason }, 'The chat account needs you');
    }
    await become(afterTrouble(state, reason, checkedMs));
    await tellOperator();
  }

  async function coolDown(error: ChatError): Promise<void> {
    await become(afterLimit(state, error, clock.now()));
    const { at, untilMs, reason } = state;
    const until = new Date(untilMs ?? 0).toISOString();
    if (at === 'cooling_down') log.warn({ until, reason }, 'The chat account cools down');
  }

  async function isResumed(): Promise<boolean> {
    const { sinceMs } = state;
    return sinceMs !== null && (await store.takeResume(sinceMs));
  }

  /** Leaves what is over: a limit whose end has come, trouble that a check or a person calls mended. */
  async function recover(signal: AbortSignal): Promise<void> {
    if (state.at === 'ready' || state.at === 'pacing') return;
    if (await isResumed()) {
      log.info({}, 'The chat account was resumed by hand');
      await usable();
    } else if (state.at === 'needs_operator') {
      await checkAgain(signal);
    } else if (state.at === 'cooling_down' && isLimitOver(state, clock.now())) {
      await usable();
    }
  }

  function restingTurn(): Turn {
    const lookMs =
      state.at === 'paused' ? clock.now() + CHECK_EVERY_MS : checkedMs + checkEveryMs();
    const untilMs = state.untilMs ?? lookMs;
    return { ready: false, untilMs, reason: state.reason ?? state.at };
  }

  function paceWait(): PacingWait | null {
    return pacing === null ? null : pacingWait(pacing, state.sends, clock.now());
  }

  /** Notes a prompt that is about to be sent. */
  async function take(): Promise<void> {
    if (pacing === null) return;
    const sends = afterSend(pacing, state.sends, clock.now(), random.fraction());
    await become({ ...state, sends });
  }

  async function keepPace(): Promise<Turn> {
    const sends = withoutFuture(state.sends, clock.now());
    if (sends !== state.sends) await become({ ...state, sends });
    const wait = paceWait();
    const isLong = wait !== null && wait.untilMs - clock.now() > PATIENCE_MS;
    if (!isLong || pacing === null) {
      if (state.at === 'pacing') await usable();
      return { ready: true };
    }
    const reason = pacingReason(wait, pacing);
    if (state.at !== 'pacing' || state.untilMs !== wait.untilMs) {
      const until = new Date(wait.untilMs).toISOString();
      if (state.at !== 'pacing') log.info({ until, reason }, 'The chat account keeps its pace');
      await become(afterPaced(state, wait.untilMs));
    }
    return { ready: false, untilMs: wait.untilMs, reason };
  }

  async function turn(signal: AbortSignal): Promise<Turn> {
    await recover(signal);
    await tellOperator();
    if (state.at !== 'ready' && state.at !== 'pacing') return restingTurn();
    return await keepPace();
  }

  return {
    state: () => state,
    turn,
    reserve: createReserve(deps, { turn, paceWait, take }),

    async note(error) {
      if (error.code === 'rate_limited' || error.code === 'plan_cap') await coolDown(error);
      if (error.code === 'needs_operator') await needOperator(error.message);
    },

    async pause(reason) {
      log.info({ was: state.at, reason }, 'The chat account was paused');
      await become(afterPaused(state, reason, clock.now()));
    },

    async resume() {
      if (state.at === 'ready') return;
      log.info({ was: state.at }, 'The chat account was resumed by hand');
      await usable();
    },

    succeeded: () => become(afterAnswer(state)),
  };
}
