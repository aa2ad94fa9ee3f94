/** The ports by which the daemon's work is counted: numbers only, nothing that tells of a person. */
import type { StoredEnvelope } from './core/events.ts';

/** Told of what happens in this process. */
export interface WorkMeter {
  appended(events: readonly StoredEnvelope[]): void;
  leaseRenewed(outcome: 'kept' | 'failed' | 'lost'): void;
}

/** What is so at the moment when somebody asks. */
export interface Levels {
  /** Leads by status, planline's own statuses only. */
  readonly leads: ReadonlyMap<string, number>;
  /** Leads that wait to be worked on, or are. */
  readonly queue: number;
  /** Notifications that wait to be told. */
  readonly outbox: number;
  /** Leads that this process works on; null where no daemon is in it. */
  readonly running: number | null;
  readonly daemon: string | null;
  readonly feed: string | null;
  readonly account: string | null;
  /** Epoch ms; null as long as there was none. */
  readonly lastSweepMs: number | null;
}

export interface Metrics {
  readonly meter: WorkMeter;
  /** In the text format of Prometheus. */
  text(levels: Levels | null): Promise<{ readonly contentType: string; readonly text: string }>;
}
