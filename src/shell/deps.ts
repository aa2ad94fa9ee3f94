/** What the shell acts with: ports and settings, built once in wire.ts. */
import type {
  ArtifactStore,
  ChatDriver,
  Clock,
  CrashPoints,
  EventStore,
  LeadDirectory,
  Log,
  Progress,
  Random,
  TemplateSource,
} from '../ports.ts';
import type { RetentionStore } from '../ports-retention.ts';
import type { ChatAccount } from './chat-account.ts';
import type { HeldUp } from './held-up.ts';

export interface ShellOptions {
  /** Who holds leases and writes events: stable for one PLANLINE_HOME. */
  readonly daemon: string;
  readonly leaseMs: number;
  readonly maxRetries: number;
  readonly retryBaseMs: number;
  /** How often an answer that cannot be used is sent back to be mended, before an attempt is spent. */
  readonly maxRepairs: number;
  readonly blockCount: number;
  readonly leadConcurrency: number;
  readonly chatConcurrency: number;
  /** Where notifications go: `slack`, `email`. */
  readonly channels: readonly string[];
}

export interface ShellDeps {
  readonly store: EventStore;
  readonly directory: LeadDirectory;
  readonly retention: RetentionStore;
  readonly artifacts: ArtifactStore;
  readonly templates: TemplateSource;
  readonly driver: ChatDriver;
  readonly account: ChatAccount;
  readonly heldUp: HeldUp;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crash: CrashPoints;
  readonly progress: (event: Progress) => void;
  /** A personal value that no log may show from now on. Returns what lifts that again. */
  readonly keepOut: (value: string) => () => void;
  readonly options: ShellOptions;
}

/** How a run is told to end: `stopping` takes nothing new, `abort` drops what is under way. */
export interface StopSignals {
  readonly stopping: AbortSignal;
  readonly abort: AbortSignal;
}
