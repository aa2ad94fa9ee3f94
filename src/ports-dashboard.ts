/** What the dashboard asks of the database, beside the ports that a run needs. */
import type { LeadProgress } from './ports.ts';

export type LeadSort = 'changed' | 'started';

/** Where a page of the list begins: behind the row that the one before it ended with. */
export interface LeadCursor {
  readonly key: string;
  readonly id: string;
}

export interface LeadQuery {
  /** Words of id, name or last error, or their beginnings; empty for all leads. */
  readonly text: string;
  /** Null for all; empty for rows without a status. */
  readonly status: string | null;
  readonly sort: LeadSort;
  readonly isDescending: boolean;
  readonly after: LeadCursor | null;
  readonly limit: number;
}

/** A row of the list; instants are ISO. */
export interface LeadItem {
  readonly id: string;
  readonly status: string | null;
  /** Out of the profile, once there is one. */
  readonly name: string | null;
  readonly lastError: string | null;
  readonly retryCount: number;
  readonly claimedBy: string | null;
  readonly leaseExpiresAt: string | null;
  readonly nextAttemptAt: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly changedAt: string | null;
  readonly progress: LeadProgress | null;
  readonly cursor: LeadCursor;
}

export interface StatusCount {
  readonly status: string | null;
  readonly leads: number;
}

export interface Lease {
  readonly leadId: string;
  readonly status: string | null;
  readonly step: string | null;
  readonly daemon: string;
  readonly epoch: number;
  readonly expiresAt: string | null;
}

export interface Overview {
  /** By the database's clock, which leases go by. */
  readonly now: string;
  readonly leases: readonly Lease[];
  readonly queue: {
    /** Could be taken now. */
    readonly due: number;
    /** Wait for their next attempt. */
    readonly later: number;
    /** A daemon works on them. */
    readonly held: number;
    readonly nextAt: string | null;
  };
  /** Notifications that were not delivered yet. */
  readonly untold: number;
}

/** Every method throws PlanlineError as EventStore's do. */
export interface LeadReader {
  list(query: LeadQuery): Promise<readonly LeadItem[]>;
  /** Most leads first. */
  counts(text: string): Promise<readonly StatusCount[]>;
  overview(): Promise<Overview>;
  /** Differs whenever a lead has changed, by whomever. */
  changeMark(): Promise<string>;
}

/** What an operator does to a lead; each is recorded as an event with its actor. */
export interface LeadMover {
  /** Throws `lead_moved` when the lead has none of the statuses `from` any more. */
  move(leadId: string, from: readonly string[], to: string, actor: string): Promise<void>;
}

/** Runs and leads of one day, in UTC. */
export interface DayCount {
  /** `2026-11-24`. */
  readonly day: string;
  readonly started: number;
  readonly archived: number;
  readonly blocked: number;
}

/** How long answers took: of one day, or of one step. */
export interface DurationCount {
  readonly name: string;
  readonly prompts: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface ReasonCount {
  /** Numbers in it are `#`: reasons that differ by them alone are one. */
  readonly reason: string;
  readonly retried: number;
  readonly repaired: number;
  readonly blocked: number;
}

export interface ChartCounts {
  /** Days on which something happened, oldest first; so are the durations by day. */
  readonly leads: readonly DayCount[];
  readonly durationsByDay: readonly DurationCount[];
  readonly durationsByStep: readonly DurationCount[];
  /** Most frequent first. */
  readonly reasons: readonly ReasonCount[];
}

/** Throws PlanlineError as EventStore's methods do. */
export interface ChartReader {
  counts(options: { readonly sinceMs: number; readonly reasons: number }): Promise<ChartCounts>;
}
