/** How the daemon and what it needs are, for whoever watches over it. */
import { STATUSES, UNDER_WAY_STATUSES } from '../core/lifecycle.ts';
import type { AccountState, Clock, FeedHealth, LeadDirectory, Outbox } from '../ports.ts';
import type { Levels } from '../ports-metrics.ts';

export interface HealthDeps {
  readonly directory: Pick<LeadDirectory, 'count'>;
  readonly outbox: Pick<Outbox, 'waiting'>;
  readonly clock: Clock;
  /** The daemon of this process; null when there is none. */
  readonly daemon: {
    state(): string;
    feed(): Pick<FeedHealth, 'state'>;
    readonly account: { state(): Pick<AccountState, 'at'> };
    running(): readonly string[];
    /** Null as long as there was none. */
    lastSweep(): { readonly atMs: number } | null;
  } | null;
}

/** Nobody waits longer for an answer about health. */
const PATIENCE_MS = 5_000;
const WORKING: ReadonlySet<string> = new Set(['live', 'polling']);

export interface Health {
  /** Can leads be taken now? */
  readonly isReady: boolean;
  readonly checks: {
    readonly database: 'ok' | 'unreachable';
    readonly daemon: string | null;
    readonly feed: string | null;
    /** `needs_operator` waits for a person, but is no fault of the process. */
    readonly chat_account: string | null;
  };
}

/** Null when the database does not answer in time. */
async function inTime<T>(clock: Clock, ask: Promise<T>): Promise<T | null> {
  const done = new AbortController();
  const late = clock.sleep(PATIENCE_MS, done.signal).then(() => null);
  try {
    return await Promise.race([ask.catch(() => null), late]);
  } finally {
    done.abort();
  }
}

export async function readHealth({ directory, clock, daemon }: HealthDeps): Promise<Health> {
  const flagged = await inTime(clock, directory.count(['flagged']));
  const state = daemon?.state() ?? null;
  return {
    isReady: flagged !== null && (state === null || WORKING.has(state)),
    checks: {
      database: flagged === null ? 'unreachable' : 'ok',
      daemon: state,
      feed: daemon?.feed().state ?? null,
      chat_account: daemon?.account.state().at ?? null,
    },
  };
}

async function countAll({ directory, outbox }: HealthDeps) {
  const leads = new Map<string, number>();
  // One after the other: whoever scrapes is in no hurry, and the leads' own calls are.
  for (const status of STATUSES) leads.set(status, await directory.count([status]));
  const queue = UNDER_WAY_STATUSES.reduce((sum, status) => sum + (leads.get(status) ?? 0), 0);
  return { leads, queue, outbox: await outbox.waiting() };
}

/** Null when the database does not answer. */
export async function readLevels(deps: HealthDeps): Promise<Levels | null> {
  const counted = await inTime(deps.clock, countAll(deps));
  if (counted === null) return null;
  const { daemon } = deps;
  return {
    ...counted,
    running: daemon?.running().length ?? null,
    daemon: daemon?.state() ?? null,
    feed: daemon?.feed().state ?? null,
    account: daemon?.account.state().at ?? null,
    lastSweepMs: daemon?.lastSweep()?.atMs ?? null,
  };
}
