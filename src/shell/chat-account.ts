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
import { openMemory, type AccountMemory } from './account-memory.ts';
import {
  afterAnswer,
  afterLimit,
  afterPaced,
  afterPaused,
  afterTrouble,
  afterUsable,
  isKnownTrouble,
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
  /**
   * May what was reserved still be sent? Looks at no pace and asks the driver nothing, so that a driver
   * may ask within its own turn.
   */
  standing(): Promise<Turn>;
  /** Keeps what a driver's error says of the whole account; the same error again says no more. */
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

/** Nothing is sent, whatever the pace. */
function isStopped({ at }: AccountState): boolean {
  return at !== 'ready' && at !== 'pacing';
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
  readonly onNeedsOperator: (
    driver: string,
    reason: string,
    sinceMs: number,
    untilPerson: boolean,
  ) => Promise<void>;
}

/** A limit that was met in the future was met before the clock was set back: asking will tell. */
function isLimitOver({ untilMs, sinceMs }: AccountState, nowMs: number): boolean {
  return nowMs >= (untilMs ?? 0) || nowMs < (sinceMs ?? 0);
}

interface Slots {
  readonly turn: ChatAccount['turn'];
  readonly paceWait: () => PacingWait | null;
  /** False when another process was faster. */
  readonly take: () => Promise<boolean>;
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
        if (await slots.take()) return now;
        continue;
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

/** The stop that was looked at, and no other that has come since. */
function isSameStop(a: AccountState, b: AccountState): boolean {
  return a.at === b.at && a.sinceMs === b.sinceMs && a.reason === b.reason;
}

/** What stops the account, and what ends that. */
function createTrouble(deps: AccountDeps, { state, refresh, become }: AccountMemory) {
  const { driver, store, clock, log } = deps;
  let checkedMs = 0;
  let told: string | null = null;

  /** Ends this stop, unless another has taken its place meanwhile. */
  async function usable(stop: AccountState): Promise<void> {
    await become((now) => (isSameStop(now, stop) ? afterUsable(now) : now));
    if (state().at === 'ready') log.info({ was: stop.at }, 'The chat account seems usable again');
  }

  /** A check that sees nothing wrong with an account that fails all the same is trusted ever less. */
  function checkEveryMs(): number {
    return Math.min(MAX_CHECK_EVERY_MS, CHECK_EVERY_MS * 2 ** Math.max(0, state().probes - 1));
  }

  async function checkAgain(stop: AccountState, signal: AbortSignal): Promise<void> {
    const agoMs = clock.now() - checkedMs;
    if (agoMs >= 0 && agoMs < checkEveryMs()) return;
    checkedMs = clock.now();
    const findings = await driver.check(signal);
    if (findings.every((finding) => finding.level !== 'error')) await usable(stop);
  }

  async function tellOperator(): Promise<void> {
    const { at, reason, sinceMs, untilPerson } = state();
    const news = `${sinceMs ?? 0} ${reason ?? at}`;
    if (told === news || at !== 'needs_operator') return;
    await deps.onNeedsOperator(driver.name, reason ?? at, sinceMs ?? 0, untilPerson);
    deps.crash.reached('notification_put', 'tell');
    told = news;
  }

  async function needOperator(error: ChatError): Promise<void> {
    const { message: reason } = error;
    checkedMs = clock.now();
    let isNews = false;
    await become((now) => {
      const next = afterTrouble(now, error, checkedMs);
      isNews = next !== now && !isKnownTrouble(now, reason);
      return next;
    });
    if (isNews) log.error({ reason }, 'The chat account needs you');
    await tellOperator();
  }

  async function coolDown(error: ChatError): Promise<void> {
    await become((now) => afterLimit(now, error, clock.now()));
    const { at, untilMs, reason } = state();
    const until = new Date(untilMs ?? 0).toISOString();
    if (at === 'cooling_down') log.warn({ until, reason }, 'The chat account cools down');
  }

  async function isResumed({ sinceMs }: AccountState): Promise<boolean> {
    return sinceMs !== null && (await store.takeResume(sinceMs));
  }

  /** Leaves what is over: a limit whose end has come, trouble that a check or a person calls mended. */
  async function recover(signal: AbortSignal): Promise<void> {
    const stop = await refresh();
    if (stop.at === 'ready' || stop.at === 'pacing') return;
    if (await isResumed(stop)) {
      log.info({}, 'The chat account was resumed by hand');
      await usable(stop);
    } else if (stop.at === 'needs_operator' && !stop.untilPerson) {
      await checkAgain(stop, signal);
    } else if (stop.at === 'cooling_down' && isLimitOver(stop, clock.now())) {
      await usable(stop);
    }
  }

  function restingTurn({ at, untilMs, untilPerson, reason }: AccountState): Turn {
    const lookMs =
      at === 'paused' || untilPerson ? clock.now() + CHECK_EVERY_MS : checkedMs + checkEveryMs();
    return { ready: false, untilMs: untilMs ?? lookMs, reason: reason ?? at };
  }

  return { recover, tellOperator, needOperator, coolDown, restingTurn };
}

/** How often the account is asked while nothing stops it. */
function createPace({ pacing, clock, random, log }: AccountDeps, { state, become }: AccountMemory) {
  function paceWait(): PacingWait | null {
    return pacing === null ? null : pacingWait(pacing, state().sends, clock.now());
  }

  /** Notes a prompt that is about to be sent. */
  async function take(): Promise<boolean> {
    if (pacing === null) return true;
    let isTaken = false;
    await become((now) => {
      isTaken = pacingWait(pacing, now.sends, clock.now()) === null;
      if (!isTaken) return now;
      return { ...now, sends: afterSend(pacing, now.sends, clock.now(), random.fraction()) };
    });
    return isTaken;
  }

  async function keep(): Promise<Turn> {
    await become((now) => {
      const sends = withoutFuture(now.sends, clock.now());
      return sends === now.sends ? now : { ...now, sends };
    });
    const wait = paceWait();
    const isLong = wait !== null && wait.untilMs - clock.now() > PATIENCE_MS;
    if (!isLong || pacing === null) {
      await become((now) => (now.at === 'pacing' ? afterUsable(now) : now));
      return { ready: true };
    }
    const reason = pacingReason(wait, pacing);
    if (state().at === 'ready') {
      const until = new Date(wait.untilMs).toISOString();
      log.info({ until, reason }, 'The chat account keeps its pace');
    }
    await become((now) => afterPaced(now, wait.untilMs));
    return { ready: false, untilMs: wait.untilMs, reason };
  }

  return { paceWait, take, keep };
}

export async function openChatAccount(deps: AccountDeps): Promise<ChatAccount> {
  const { clock, log } = deps;
  const memory = await openMemory(deps);
  const { state, refresh, become } = memory;
  const trouble = createTrouble(deps, memory);
  const pace = createPace(deps, memory);
  const noted = new WeakSet<ChatError>();

  async function turn(signal: AbortSignal): Promise<Turn> {
    await trouble.recover(signal);
    await trouble.tellOperator();
    return isStopped(state()) ? trouble.restingTurn(state()) : await pace.keep();
  }

  return {
    state,
    turn,
    reserve: createReserve(deps, { turn, ...pace }),

    async standing() {
      const now = await refresh();
      return isStopped(now) ? trouble.restingTurn(now) : { ready: true };
    },

    async note(error) {
      if (noted.has(error)) return;
      if (error.code === 'rate_limited' || error.code === 'plan_cap') await trouble.coolDown(error);
      if (error.code === 'needs_operator') await trouble.needOperator(error);
      noted.add(error);
    },

    async pause(reason) {
      log.info({ was: state().at, reason }, 'The chat account was paused');
      await become((now) => afterPaused(now, reason, clock.now()));
    },

    async resume() {
      if ((await refresh()).at === 'ready') return;
      log.info({ was: state().at }, 'The chat account was resumed by hand');
      await become(afterUsable);
    },

    succeeded: () => become(afterAnswer),
  };
}
