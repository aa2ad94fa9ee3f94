/** The long-running daemon: wakes by Realtime, by a poll, by the next due attempt and once a day. */
import { getNextSnapshot } from 'xstate';
import { daemonMachine, type DaemonEvent } from '../../machines/daemon.ts';
import { messageOf } from '../core/errors.ts';
import type { FeedHealth, LeadFeed, Notifier, Outbox } from '../ports.ts';
import { dailySweep, type DailySweepDeps, type SweepReport } from './daily-sweep.ts';
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

export interface DaemonDeps {
  readonly shell: ShellDeps;
  readonly feed: LeadFeed;
  readonly outbox: Outbox;
  readonly notifiers: readonly Notifier[];
  readonly telling: TellingOptions;
  readonly pollMs: number;
  /** Calls back at each daily sweep until the signal aborts, and again when it says false. */
  readonly schedule: (
    onTick: (dueMs: number) => Promise<boolean>,
    signal: AbortSignal,
  ) => Promise<void>;
  /** The operator's calendar day (YYYY-MM-DD) at an instant: summaries are told once a day. */
  readonly dayOf: (ms: number) => string;
}

export type DaemonState = 'starting' | 'live' | 'polling' | 'draining' | 'stopped';

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
  const sweeps: DailySweepDeps = {
    ...deps,
    dispatcher,
    startedMs: shell.clock.now(),
    eraseLeftOvers: () => eraseLeftOvers(shell, dispatcher),
  };
  const sweep = async (dueMs: number): Promise<boolean> => {
    const report = await dailySweep(sweeps, dueMs, stopping);
    lastSweep = report ?? lastSweep;
    return report !== null;
  };
  await Promise.all([
    deps.schedule(sweep, stopping),
    polling(deps, dispatcher, stopping),
    delivering(deps, dispatcher, signals),
    watchingFeed(deps, life, stopping),
  ]);

  await feed.stop();
  await dispatcher.idle();
  life.send({ type: 'drained' });
}
