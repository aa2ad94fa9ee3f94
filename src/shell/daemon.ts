/** The long-running daemon: wakes by Realtime, by a poll, by the next due attempt and once a day. */
import { getNextSnapshot } from 'xstate';
import { daemonMachine, type DaemonEvent } from '../../machines/daemon.ts';
import { messageOf } from '../core/errors.ts';
import type { FeedHealth, LeadFeed, Notifier, Outbox } from '../ports.ts';
import type { TellingOptions } from './deliver.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { copyErasure, copyErasures, eraseLeftOvers } from './erase-here.ts';
import { settleLeftOvers } from './left-over.ts';
import { tell } from './tell.ts';

const OUTBOX_EVERY_MS = 15_000;
const FEED_LOOK_EVERY_MS = 1_000;
/** An erasure may be committed this much later than its event says. */
const ERASURE_MS = 60_000;
const SUMMARY_WITHIN_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

export interface DaemonDeps {
  readonly shell: ShellDeps;
  readonly feed: LeadFeed;
  readonly outbox: Outbox;
  readonly notifiers: readonly Notifier[];
  readonly telling: TellingOptions;
  readonly pollMs: number;
  /** Calls back at each daily sweep until the signal aborts, and again when it says false. */
  readonly schedule: (onTick: (dueMs: number) => Promise<boolean>, signal: AbortSignal) => void;
  /** The operator's calendar day (YYYY-MM-DD) at an instant: summaries are told once a day. */
  readonly dayOf: (ms: number) => string;
}

export type DaemonState = 'starting' | 'live' | 'polling' | 'draining' | 'stopped';

export interface SweepReport {
  /** When it began. */
  readonly atMs: number;
  /** Leads that neither Realtime nor the poll had found. */
  readonly found: number;
}

/** The daemon as its operator looks at it; asked while it runs. */
export interface DaemonView {
  state(): DaemonState;
  feed(): FeedHealth;
  /** Null as long as there was none since the start. */
  lastSweep(): SweepReport | null;
  /** Ids of the leads that it works on. */
  running(): readonly string[];
  /** Leads taken since the start. */
  taken(): number;
  /** Looks for leads now. */
  poke(): void;
  /** Copies an erasure that this process has made to its disk. Never throws. */
  copyErasure(leadId: string): Promise<void>;
}

interface Life {
  state(): DaemonState;
  send(event: DaemonEvent): void;
}

function createLife(deps: ShellDeps): Life {
  let state: DaemonState = 'starting';
  return {
    state: () => state,
    send(event) {
      const snapshot = daemonMachine.resolveState({ value: state });
      if (!snapshot.can(event)) return;
      const was = state;
      state = getNextSnapshot(daemonMachine, snapshot, event).value;
      if (state !== was) deps.log.info({ was, now: state }, 'Daemon');
    },
  };
}

/** Repeats until the signal aborts; a failing round is logged and the next one comes all the same. */
async function every(
  shell: ShellDeps,
  what: string,
  signal: AbortSignal,
  round: () => Promise<number>,
): Promise<void> {
  while (!signal.aborted) {
    let waitMs = OUTBOX_EVERY_MS;
    try {
      waitMs = await round();
    } catch (error) {
      shell.log.error({ reason: messageOf(error) }, `${what} failed; it is tried again`);
    }
    await shell.clock.sleep(waitMs, signal);
  }
}

/** Pokes at the poll's pace, or sooner when an attempt is due and the chat account may be asked. */
function polling({ shell, pollMs }: DaemonDeps, dispatcher: Dispatcher, signal: AbortSignal) {
  let lookedMs = shell.clock.now();
  return every(shell, 'The poll', signal, async () => {
    dispatcher.poke();
    const nowMs = shell.clock.now();
    await copyErasures(shell, dispatcher, Math.max(nowMs - lookedMs, 0) + ERASURE_MS);
    lookedMs = nowMs;
    const dueMs = await shell.directory.nextDue();
    const turn = await shell.account.turn(signal);
    const wakeMs = Math.max(dueMs ?? Infinity, turn.ready ? 0 : turn.untilMs);
    return Math.min(pollMs, Math.max(wakeMs - shell.clock.now(), 1_000));
  });
}

function delivering(deps: DaemonDeps, dispatcher: Dispatcher, signals: StopSignals) {
  const rests = new Map<string, number>();
  return every(deps.shell, 'The outbox', signals.stopping, async () => {
    await tell({ ...deps, rests }, dispatcher, signals);
    return OUTBOX_EVERY_MS;
  });
}

function watchingFeed({ shell, feed }: DaemonDeps, life: Life, signal: AbortSignal) {
  return every(shell, 'The look at Realtime', signal, () => {
    const { state } = feed.health();
    if (state !== 'connecting') life.send({ type: state === 'live' ? 'feed_live' : 'feed_down' });
    return Promise.resolve(FEED_LOOK_EVERY_MS);
  });
}

/**
 * Leads that nothing but the sweep found: there was room for them, and they had been due for longer than
 * the poll takes to look again.
 */
export function missed(duesMs: readonly number[], nowMs: number, pollMs: number): number {
  const beforeMs = nowMs - 2 * pollMs;
  return duesMs.filter((dueMs) => dueMs < beforeMs).length;
}

/** Looks for leads whatever Realtime and the poll have found, and sums up the day. */
async function dailySweep(
  { shell, outbox, dayOf, pollMs }: DaemonDeps,
  dispatcher: Dispatcher,
  dueMs: number,
): Promise<SweepReport> {
  const { clock, directory, log, crash, options } = shell;
  const before = dispatcher.taken();
  const nowMs = clock.now();
  const claims = await dispatcher.look();
  const duesMs = claims.map(({ lead }) => Date.parse(lead.next_attempt_at ?? ''));
  const found = missed(duesMs, nowMs, pollMs);
  // The summary comes after the sweep's leads, but not tomorrow: they may take hours.
  await Promise.race([dispatcher.idle(), clock.sleep(SUMMARY_WITHIN_MS)]);
  await eraseLeftOvers(shell, dispatcher);
  // A time that was slept through has its own day's summary: today's is still to come.
  const day = dayOf(dueMs);
  const summary = await directory.summary(nowMs - DAY_MS);
  await outbox.put(
    `daily_summary/${day}`,
    { kind: 'daily_summary', day, summary },
    options.channels,
  );
  crash.reached('notification_put', 'tell');
  const taken = dispatcher.taken() - before;
  log.info({ day, taken, found, ...summary }, 'Daily sweep');
  return { atMs: nowMs, found };
}

/** Runs until `stopping` aborts and every lead is finished or parked. */
export async function runDaemon(
  deps: DaemonDeps,
  signals: StopSignals,
  /** Given the view before the first lead is taken. */
  onStart: (view: DaemonView) => void = () => undefined,
): Promise<void> {
  const { shell, feed } = deps;
  const life = createLife(shell);
  const dispatcher = createDispatcher(shell, signals);
  const { stopping } = signals;
  let lastSweep: SweepReport | null = null;
  onStart({
    state: () => life.state(),
    feed: () => feed.health(),
    lastSweep: () => lastSweep,
    running: () => dispatcher.running(),
    taken: () => dispatcher.taken(),
    poke: () => dispatcher.poke(),
    copyErasure: (leadId) => copyErasure(leadId, shell, dispatcher),
  });
  stopping.addEventListener('abort', () => life.send({ type: 'stop' }), { once: true });

  try {
    await settleLeftOvers(shell);
    await eraseLeftOvers(shell, dispatcher);
  } catch (error) {
    shell.log.warn({ reason: messageOf(error) }, 'What the last stop left was not looked at');
  }
  feed.start(() => dispatcher.poke());
  deps.schedule(async (dueMs) => {
    try {
      lastSweep = await dailySweep(deps, dispatcher, dueMs);
      return true;
    } catch (error) {
      shell.log.error({ reason: messageOf(error) }, 'The daily sweep failed; it is tried again');
      return false;
    }
  }, stopping);
  await Promise.all([
    polling(deps, dispatcher, stopping),
    delivering(deps, dispatcher, signals),
    watchingFeed(deps, life, stopping),
  ]);

  await feed.stop();
  await dispatcher.idle();
  life.send({ type: 'drained' });
}
