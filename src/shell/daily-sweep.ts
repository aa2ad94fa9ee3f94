/** The daily sweep: looks for leads whatever Realtime and the poll have found, and sums up the day. */
import { messageOf } from '../core/errors.ts';
import { summaryKey } from '../core/notification.ts';
import type { LeadDirectory, Outbox } from '../ports.ts';
import type { ShellDeps, ShellOptions } from './deps.ts';
import type { Dispatcher } from './dispatcher.ts';

/** The summary comes after the sweep's leads, but not tomorrow: they may take hours. */
const SUMMARY_WITHIN_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

export interface DailySweepDeps {
  readonly shell: Pick<ShellDeps, 'clock' | 'log' | 'crash'> & {
    readonly directory: Pick<LeadDirectory, 'summary'>;
    readonly options: Pick<ShellOptions, 'channels'>;
  };
  readonly outbox: Pick<Outbox, 'put' | 'summaryBefore'>;
  readonly dispatcher: Pick<Dispatcher, 'look' | 'idle' | 'taken'>;
  readonly pollMs: number;
  /** When this process began to look for leads. */
  readonly startedMs: number;
  /** The operator's calendar day (YYYY-MM-DD) at an instant. */
  readonly dayOf: (ms: number) => string;
  /** Erases what other machines left of people who are forgotten. */
  readonly eraseLeftOvers: () => Promise<void>;
}

export interface SweepReport {
  /** When it began. */
  readonly atMs: number;
  /** Leads that neither Realtime nor the poll had found. */
  readonly found: number;
}

/**
 * Leads that nothing but the sweep found: there was room for them, and they had been due for longer than
 * the poll of this process takes to look again.
 */
export function missed(
  duesMs: readonly number[],
  startedMs: number,
  nowMs: number,
  pollMs: number,
): number {
  const beforeMs = nowMs - 2 * pollMs;
  return duesMs.filter((dueMs) => Math.max(dueMs, startedMs) < beforeMs).length;
}

/** One a day, of all that ended since the one before: also of days on which the machine was off. */
async function sumUp({ shell, outbox, dayOf }: DailySweepDeps, dueMs: number) {
  const { clock, directory, crash, options } = shell;
  // A time that was slept through has its own day's summary: today's is still to come.
  const day = dayOf(dueMs);
  const last = await outbox.summaryBefore(day, options.channels);
  const untilMs = clock.now();
  const summary = await directory.summary(last?.untilMs ?? untilMs - DAY_MS, untilMs);
  const message = {
    kind: 'daily_summary',
    day,
    until: new Date(untilMs).toISOString(),
    ...(last === null ? {} : { since: last.day }),
    summary,
  } as const;
  await outbox.put(summaryKey(day), message, options.channels);
  crash.reached('notification_put', 'tell');
  return { day, ...summary };
}

async function sweepAndTell(
  deps: DailySweepDeps,
  dueMs: number,
  stopping: AbortSignal,
): Promise<SweepReport | null> {
  const { shell, dispatcher, startedMs, pollMs } = deps;
  const { clock, log } = shell;
  const before = dispatcher.taken();
  const nowMs = clock.now();
  const claims = await dispatcher.look();
  const duesMs = claims.map(({ lead }) => Date.parse(lead.next_attempt_at ?? ''));
  const found = missed(duesMs, startedMs, nowMs, pollMs);
  const waitMs = dueMs + SUMMARY_WITHIN_MS - clock.now();
  await Promise.race([dispatcher.idle(), clock.sleep(waitMs, stopping)]);
  if (stopping.aborted) return null;
  await deps.eraseLeftOvers();
  if (stopping.aborted) return null;
  const told = await sumUp(deps, dueMs);
  log.info({ taken: dispatcher.taken() - before, found, ...told }, 'Daily sweep');
  return { atMs: nowMs, found };
}

/**
 * The sweep that was due at `dueMs`. Null when it is to be repeated: it failed, which is logged, or
 * planline stops before its end.
 */
export async function dailySweep(
  deps: DailySweepDeps,
  dueMs: number,
  stopping: AbortSignal,
): Promise<SweepReport | null> {
  try {
    return await sweepAndTell(deps, dueMs, stopping);
  } catch (error) {
    const { log } = deps.shell;
    log.error({ reason: messageOf(error) }, 'The daily sweep failed; it is tried again');
    return null;
  }
}
