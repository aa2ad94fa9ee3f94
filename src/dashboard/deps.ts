/** What the dashboard shows and does things with; built in cli/dashboard-server.ts. */
import type {
  AccountState,
  ArtifactStore,
  Clock,
  EventStore,
  LeadDirectory,
  Log,
  Outbox,
} from '../ports.ts';
import type { ChartReader, LeadMover, LeadReader } from '../ports-dashboard.ts';
import type { Metrics } from '../ports-metrics.ts';
import type { DaemonView } from '../shell/daemon.ts';
import type { LeftHere } from '../shell/erase-here.ts';
import type { Times } from '../core/times.ts';

/** Says that something about a lead changed, never what; null when it may be any lead. */
export interface Changes {
  /** Returns what ends the subscription. */
  subscribe(listener: (leadId: string | null) => void): () => void;
}

/** The daemon that serves the dashboard, as seen from within its process. */
export interface DaemonStatus extends Omit<DaemonView, 'poke' | 'copyErasure'> {
  readonly name: string;
  readonly startedMs: number;
  readonly account: {
    readonly driver: string;
    state(): AccountState;
    pause(): Promise<void>;
    resume(): Promise<void>;
  };
}

export interface DashboardDeps {
  readonly version: string;
  readonly store: EventStore;
  readonly directory: LeadDirectory;
  readonly artifacts: ArtifactStore;
  /** For /metrics. */
  readonly outbox: Pick<Outbox, 'waiting'>;
  readonly metrics: Pick<Metrics, 'text'>;
  readonly reader: LeadReader;
  readonly charts: ChartReader;
  readonly clock: Clock;
  /** In the operator's time zone. */
  readonly times: Times;
  readonly log: Log;
  readonly changes: Changes;
  /** Null when `planline dashboard` serves alone: it reads only, and nothing can be done. */
  readonly daemon: DaemonStatus | null;
  /** Null when nothing can be done here. */
  readonly actions: LeadActions | null;
  readonly access: Access;
}

/** What an operator does to a lead, recorded with them as its actor. Throw PlanlineError. */
export interface LeadActions extends LeadMover {
  /** For good. Returns the files of this machine that are left to a person. */
  forget(leadId: string, actor: string): Promise<LeftHere>;
}

/** Who may use the dashboard, and under which names it is known. */
export interface Access {
  /** Null where only this machine can connect. */
  readonly token: string | null;
  /** Names in a Host header that are this server, lower case, without port. */
  readonly isOwnHost: (name: string) => boolean;
  /** `https://host` of DASHBOARD_URL; null without one. */
  readonly ownOrigin: string | null;
}
