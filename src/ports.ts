/**
 * Everything planline needs from the outside, on one page. `shell` acts through these ports only;
 * `adapters` implement them; `wire.ts` puts the two together.
 */
import type { CrashPhase, CrashPoint } from './core/crash-points.ts';
import type { ChatError } from './core/errors.ts';
import type { ArtifactRef, NewEvent, SentRef, StoredEnvelope } from './core/events.ts';
import type { ChatStep, Step } from './core/lifecycle.ts';
import type { LeadSummary, Notification, StoredNotification } from './core/notification.ts';
import type { SendHistory } from './core/pacing.ts';
import type { Page } from './core/page.ts';
import type { TemplateName } from './core/template.ts';

// --- time, ids -------------------------------------------------------------------------------

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  uuid(): string;
  /** In [0, 1). */
  fraction(): number;
}

/** Instants at which tests end the process; nothing happens at them unless one is armed. */
export interface CrashPoints {
  /** What follows belongs to this phase. */
  during(phase: CrashPhase): void;
  /** `phase` for what goes on beside the leads. Does not return when this is the armed one. */
  reached(point: CrashPoint, phase?: CrashPhase): void;
}

// --- the database ----------------------------------------------------------------------------

/** A row of `junior_leads`: the columns planline knows; the user's own come along in `extra`. */
export interface LeadRow {
  readonly id: string;
  readonly status: string | null;
  readonly description: string | null;
  readonly last_error: string | null;
  readonly retry_count: number;
  readonly claimed_by: string | null;
  readonly lease_expires_at: string | null;
  readonly claim_epoch: number;
  readonly next_attempt_at: string | null;
  readonly processing_started_at: string | null;
  readonly processing_completed_at: string | null;
  readonly pipeline_progress: LeadProgress | null;
  readonly pipeline_updated_at: string | null;
  /** The whole row as the database gave it, for the run's snapshot. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface Claim {
  readonly lead: LeadRow;
  /** The fencing token: every append must show it. */
  readonly epoch: number;
}

/** Content of a file of the run that travels with the append, so that another machine can carry on. */
export interface Artifact extends ArtifactRef {
  readonly content: string;
}

/** Columns of the lead's row that an append may set beside its status. */
export interface LeadPatch {
  readonly input_transform?: unknown;
  readonly plan?: string;
  readonly processing_started_at?: string | null;
  readonly processing_completed_at?: string | null;
  readonly last_error?: string | null;
  readonly retry_count?: number;
  /** ISO; null for now. */
  readonly next_attempt_at?: string | null;
  readonly pipeline_progress?: LeadProgress;
}

/** Of a row what a table of many shows; the texts of a thousand leads are megabytes. */
export type LeadGlance = Pick<
  LeadRow,
  'id' | 'status' | 'last_error' | 'retry_count' | 'pipeline_progress' | 'pipeline_updated_at'
>;

/** Where a run stands, as lists show it without folding each stream. */
export interface LeadProgress {
  readonly run_id: string | null;
  readonly step: Step | null;
  readonly prompts_done: number;
  readonly prompts_total: number;
}

/** A notification that goes into the outbox in the append's own transaction. */
export interface OutboxEntry {
  /** Unique per notification; a second entry with the same key changes nothing. */
  readonly key: string;
  readonly payload: StoredNotification;
  readonly channels: readonly string[];
}

export interface AppendRequest {
  readonly leadId: string;
  readonly epoch: number;
  /** The seq of the last event that the author has folded. */
  readonly expectedSeq: number;
  readonly events: readonly NewEvent[];
  readonly runId: string | null;
  readonly artifacts?: readonly Artifact[];
  readonly patch?: LeadPatch;
  /** All pages of the run; given only with the event that completes the upload. */
  readonly pages?: readonly Page[];
  readonly notifications?: readonly OutboxEntry[];
}

/**
 * The lead's row, its stream and its artifacts. Every method throws PlanlineError: `unavailable` when
 * the database cannot be reached, `setup` when it lacks something.
 */
export interface StreamPart {
  readonly events: StoredEnvelope[];
  /** How many come after these, as counted when the reading began; 0 at the end. */
  readonly left: number;
}

export interface EventStore {
  /**
   * Takes the next lead whose turn has come: flagged or under way, not leased by a living daemon,
   * not waiting for its next attempt, and not among `running`. Null when there is none.
   */
  claim(options: {
    daemon: string;
    leaseMs: number;
    running: readonly string[];
    only?: string;
  }): Promise<Claim | null>;
  /** Throws `stale_lease` when the lease is no longer ours. */
  renew(leadId: string, epoch: number, leaseMs: number): Promise<void>;
  /**
   * Gives the lead back, to be claimed after `delayMs` by the database's clock; at once when it was
   * flagged after `seenSeq`, the end of the stream as the caller knows it.
   */
  release(
    leadId: string,
    epoch: number,
    after: { delayMs: number; seenSeq: number },
  ): Promise<void>;
  /**
   * One transaction: fencing token and seq are checked, events inserted (idempotent by event_id),
   * artifacts stored, the row patched, pages uploaded. Returns the events as stored.
   * Throws `stale_lease`, `stale_stream`, `lead_moved`.
   */
  append(request: AppendRequest): Promise<StoredEnvelope[]>;
  /** The stream after `afterSeq`, in order. */
  read(leadId: string, afterSeq: number): Promise<StoredEnvelope[]>;
  /**
   * As many of these as come in one answer. `left` as the part before told it: to count what is left of
   * a long stream for each part takes longer than to read it.
   */
  readSome(leadId: string, afterSeq: number, left?: number): Promise<StreamPart>;
  artifact(leadId: string, runId: string, ref: ArtifactRef): Promise<string | null>;
  pages(leadId: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** A row of `pipeline_artifacts`: what it is recorded as, and what its content amounts to now. */
export interface StoredArtifact extends ArtifactRef {
  readonly runId: string;
  readonly found: { readonly sha256: string; readonly bytes: number };
}

/** A whole stream as it is stored, even when somebody has been at it. */
export interface StoredStream {
  readonly events: readonly StoredEnvelope[];
  /** Rows that are no events any more. */
  readonly unreadable: readonly { readonly seq: number; readonly problem: string }[];
}

export interface RestoreRequest {
  readonly leadId: string;
  /** From seq 1; begins with everything that the database has of the lead. */
  readonly events: readonly StoredEnvelope[];
  /** The row as it is to be; null leaves the one that is there, or is not, alone. */
  readonly row: Readonly<Record<string, unknown>> | null;
  /** Null leaves the pages alone. */
  readonly pages: { readonly runId: string; readonly pages: readonly Page[] } | null;
}

/** The database as `verify` and `rebuild` need it: streams as a whole, not the next step of one. */
export interface RecoveryStore {
  /** Ids of all streams, also of leads whose row is gone. */
  streamIds(): AsyncIterable<string>;
  stream(leadId: string): Promise<StoredStream>;
  artifacts(leadId: string): Promise<StoredArtifact[]>;
  /** Stores those that are missing, and replaces content that does not fit its sha256. */
  putArtifacts(leadId: string, runId: string, artifacts: readonly Artifact[]): Promise<void>;
  /**
   * One transaction; idempotent. Throws `stale_lease` while a daemon holds the lead, `corrupt` when
   * the hash chain does not hold, `stale_stream` when the database has an event that the request
   * lacks. Nothing that is stored is ever changed.
   */
  restore(request: RestoreRequest): Promise<{
    /** Events that the database lacked. */
    readonly added: number;
    /** Keys of the row for which `junior_leads` has no column. */
    readonly leftOut: readonly string[];
  }>;
}

/** Pages put up by hand, outside a run; the database keeps what they replace. */
export interface PageStore {
  /** The lead has exactly these pages afterwards. */
  replace(leadId: string, pages: readonly Page[]): Promise<void>;
}

/** What commands and the daemon ask about leads, apart from running one. */
export interface LeadDirectory {
  get(leadId: string): Promise<LeadRow | null>;
  /** The latest change first; at most `limit`. */
  list(options: { statuses?: readonly string[]; limit: number }): Promise<LeadGlance[]>;
  count(statuses?: readonly string[]): Promise<number>;
  /** Ids of all leads, a page at a time. */
  ids(): AsyncIterable<string>;
  /** Inserts a lead with status `flagged`; returns its id. */
  add(lead: { id?: string; description: string }): Promise<string>;
  /** Sets status `flagged`; `lead_moved` when there is no such row. */
  flag(leadId: string): Promise<void>;
  /** Epoch ms of the earliest `next_attempt_at` among leads under way, or null. */
  nextDue(): Promise<number | null>;
  /** Leads at rest that this daemon still holds: it was killed before it gave them back. */
  heldAtRest(daemon: string): Promise<LeadRow[]>;
  /** Names that clients gave, of those of these leads whose profile is there. */
  names(leadIds: readonly string[]): Promise<Names>;
  /** How leads ended from `sinceMs` up to `untilMs`, and stand, for the daily summary. */
  summary(sinceMs: number, untilMs: number): Promise<LeadSummary>;
}

/** Says that something about some lead changed; never what. */
export interface LeadFeed {
  start(onChange: () => void): void;
  health(): FeedHealth;
  stop(): Promise<void>;
}

export interface FeedHealth {
  readonly state: 'connecting' | 'live' | 'down';
  readonly lastEventMs: number | null;
  readonly lastHeartbeatMs: number | null;
  readonly detail: string | null;
}

// --- the disk --------------------------------------------------------------------------------

/** Something of a lead on this disk, cold storage included, other than its log and what is made of it. */
export interface LeadEntry {
  /** Absolute; a file or a folder. */
  readonly path: string;
  /** The run that it is of; null when its name does not tell. */
  readonly runId: string | null;
}

/** events.jsonl as it lies there. */
export interface EventsView {
  /** The whole events, in order. */
  readonly events: readonly StoredEnvelope[];
  /** More follows that is no whole line: a crash tore it, somebody edited it, or it is being written. */
  readonly isTorn: boolean;
}

/** Files of one lead under RUNS_DIR. Paths are relative to the run's folder, with forward slashes. */
export interface LeadFiles {
  /** The lead's folder, absolute. */
  readonly directory: string;
  /**
   * The whole events of events.jsonl, in order; a torn end is cut off and set aside. Only for the one
   * process that works on the lead: what looks torn may be a line that another one is writing.
   */
  readEvents(): Promise<StoredEnvelope[]>;
  /** The same, some at a time: a stream of any length is read in little memory. */
  scanEvents(take: (events: readonly StoredEnvelope[]) => void): Promise<void>;
  /** Changes nothing: for whoever looks on, also while another process writes. Throws `corrupt`. */
  viewEvents(): Promise<EventsView>;
  /** Appends and fsyncs. */
  appendEvents(events: readonly StoredEnvelope[]): Promise<void>;
  /** Moves events.jsonl out of the way under a name that says why; returns the new name. */
  setEventsAside(reason: string): Promise<string>;
  writeSummary(summary: unknown): Promise<void>;
  run(runId: string): RunFiles;
  /** Names of the run folders and zips that exist, sorted. */
  runIds(): Promise<string[]>;
  /** Renames a run's folder and zips out of the way; returns the new names. */
  setRunAside(runId: string): Promise<string[]>;
  /** Everything that may hold a text of the lead. */
  entries(): Promise<LeadEntry[]>;
  /** Removes entries for good. */
  removeEntries(entries: readonly LeadEntry[]): Promise<void>;
}

/** Files below one folder. Paths are relative to it, with forward slashes. */
export interface Folder {
  /** Absolute. */
  readonly directory: string;
  read(path: string): Promise<string | null>;
  /** The file appears whole or not at all. Returns its ref. */
  write(path: string, content: string | Uint8Array): Promise<ArtifactRef>;
  /** Paths below a folder of the run, sorted; empty when there is none. */
  list(folder: string): Promise<string[]>;
  /** Copies a file to `snapshots/` under a name that is not taken; nothing when it is not there. */
  snapshot(path: string): Promise<string | null>;
}

/** The zip of a run, read whole. */
export interface ZippedRun {
  /** Absolute. */
  readonly path: string;
  /** Of the zip itself. */
  readonly sha256: string;
  readonly bytes: number;
  /** By path inside the run. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * `keeps_all`: it is there as it was made, and holds every file of the run's folder, if that is there.
 * `lacks_files`: as it was made, but the folder has more, or something else. `changed`: it is not what
 * was made.
 */
export type ZipState = 'keeps_all' | 'lacks_files' | 'changed' | 'not_there';

export interface RunFiles extends Folder {
  appendLog(stage: string, entry: Readonly<Record<string, unknown>>): Promise<void>;
  /**
   * Zips the folder, reads the zip back and compares every file by sha256. With cold storage the zip
   * lands there. Returns where it is (absolute) and its sha256.
   */
  archive(): Promise<{ path: string; sha256: string; bytes: number; files: number }>;
  /** Of the zip at `path` that had this sha256 when it was made. */
  stateOfZip(zip: { path: string; sha256: string }): Promise<ZipState>;
  /** Removes the folder if the zip at `path` still has this sha256. Without cold storage it stays. */
  retire(zip: { path: string; sha256: string }): Promise<void>;
  /** Removes the folder if `zip` still has this sha256 and every file of the folder, cold storage or not. */
  removeFolder(zip: { path: string; sha256: string }): Promise<void>;
  /** Removes the zip at `path` if it has this sha256; `unreachable` when the disk that holds it is away. */
  removeZip(zip: {
    path: string;
    sha256: string;
  }): Promise<'removed' | 'not_there' | 'differs' | 'unreachable'>;
  /** The run's zip, from cold storage or beside the lead; null when there is none. Throws `corrupt`. */
  readZip(): Promise<ZippedRun | null>;
}

export interface ArtifactStore {
  lead(leadId: string): LeadFiles;
  /** Ids of the leads that have a folder. */
  leadIds(): Promise<string[]>;
}

/** The four prompt templates, as the user has them now. */
export interface TemplateSource {
  /** Throws PlanlineError('permanent') naming file and line when one is missing or wrong. */
  load(): Promise<Templates>;
}
export type Templates = Readonly<Record<TemplateName, string>>;

// --- the chat model --------------------------------------------------------------------------

export interface ChatRequest {
  /** Unique per attempt; drivers that can, send it along. */
  readonly requestId: string;
  readonly step: ChatStep;
  readonly n: number;
  readonly text: string;
  readonly sha256: string;
  /**
   * Conversations of earlier attempts at this prompt, whose answers were of no use: a search for a
   * prompt whose sending is uncertain passes them over.
   */
  readonly spent: readonly SentRef[];
  /** The exchange that this prompt goes on from; null begins a conversation of its own. */
  readonly follows: ChatExchange | null;
}

/** One prompt and its answer. */
export interface ChatExchange {
  /** The conversation, for drivers that can go on in it. */
  readonly ref: SentRef | null;
  readonly prompt: string;
  readonly reply: string;
}

/** Where a driver is within one prompt; shown to the operator, never stored. */
export type ChatPhase = 'opening' | 'writing' | 'sending' | 'answering' | 'copying' | 'looking';

export interface ChatReply {
  readonly text: string;
  /** How the text was taken: `api`, `page_copy`, `dom`, `clipboard`, `rehearsal` … */
  readonly capture: string;
  /** False when the driver could not see that the answer had ended. */
  readonly complete: boolean;
  readonly ref: SentRef | null;
  readonly model: string | null;
}

export interface ChatJournal {
  /**
   * To be awaited within the driver's own turn, before page, keyboard or provider are touched, and again
   * before each further try to send. Throws when the prompt may not be sent any more, as the account or
   * the process was stopped while it waited: nothing is sent then, and the error passes through.
   */
  begin(): Promise<void>;
  /** To be awaited before the driver's turn passes on: whoever is next must know of it. */
  failed(error: ChatError): Promise<void>;
  /** To be awaited as soon as the provider has taken the prompt, before waiting for the answer. */
  sent(ref: SentRef): Promise<void>;
  /** Told for the live progress; drivers without phases need not. */
  phase(phase: ChatPhase): void;
}

export type ChatRecovery =
  | { readonly kind: 'answered'; readonly reply: ChatReply }
  /** Certainly never received, or lost for good: it may be asked. */
  | { readonly kind: 'not_sent' }
  /** The provider cannot be asked what it received. */
  | { readonly kind: 'unknown' };

/** A way to ask the chat model. Throws ChatError, and what the journal throws. */
export interface ChatDriver {
  readonly name: string;
  /** Sends once; retries are the shell's. The signal aborts waiting. */
  ask(request: ChatRequest, journal: ChatJournal, signal: AbortSignal): Promise<ChatReply>;
  /** After a crash: looks for a prompt whose sending was intended. `ref` is what `sent` recorded. */
  recover(request: ChatRequest, ref: SentRef | null, signal: AbortSignal): Promise<ChatRecovery>;
  /** Is the account usable? For `doctor`. */
  check(signal: AbortSignal): Promise<Finding[]>;
  close(): Promise<void>;
}

/** What is known of the chat account, kept over restarts. */
export interface AccountState {
  readonly at: 'ready' | 'pacing' | 'cooling_down' | 'needs_operator' | 'paused';
  /** Epoch ms; only while pacing or cooling down. */
  readonly untilMs: number | null;
  /** Since when the trouble of `reason` is known. */
  readonly sinceMs: number | null;
  /** Of the last trouble, also while ready, until a prompt has been answered. */
  readonly reason: string | null;
  /** Only a person ends this stop: no check does. */
  readonly untilPerson: boolean;
  /** How often a check found the account usable since, and no prompt was answered. */
  readonly probes: number;
  /** Limits in a row: each without a stated end is waited for longer than the one before. */
  readonly strikes: number;
  readonly sends: SendHistory;
}

export interface AccountStore {
  load(): Promise<AccountState | null>;
  save(state: AccountState): Promise<void>;
  /** A person says that the trouble noted at `sinceMs` is over; from any process. */
  requestResume(sinceMs: number): Promise<void>;
  /** True once after that was said of this trouble. */
  takeResume(sinceMs: number): Promise<boolean>;
}

/** Until when the times of the daily sweep were seen to, by whichever process of this home. */
export interface SweepMemory {
  /** Epoch milliseconds; null in a new home. */
  load(): Promise<number | null>;
  save(ms: number): Promise<void>;
}

// --- telling the operator --------------------------------------------------------------------

/** What a notifier is asked to deliver. */
export interface Delivery {
  /** The same for every try: an e-mail's Message-ID is made from it. */
  readonly id: string;
  readonly notification: Notification;
  /** Names of clients by lead id: empty unless the operator wants them told. */
  readonly names: Names;
  /** True when an earlier try may have arrived: its end was never recorded. */
  readonly maybeRepeated: boolean;
}

/** Names of clients by lead id. */
export type Names = ReadonlyMap<string, string>;

export interface Notifier {
  /** `slack`, `email` … */
  readonly channel: string;
  /** Throws NotifyError; resolves when the other side took it. */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /** For `doctor`. */
  check(signal: AbortSignal): Promise<Finding[]>;
  close(): Promise<void>;
}

/** A row of the outbox, as whoever took it knows it. */
export interface OutboxRow {
  readonly id: string;
  readonly leadId: string | null;
  /** Which try this is, from 1: a row that somebody else has taken since is no longer ours. */
  readonly attempts: number;
}

/** One message on one channel, and the rows that it tells. */
export interface OutboxItem extends Omit<Delivery, 'names'> {
  readonly channel: string;
  readonly rows: readonly OutboxRow[];
}

/** When leads that ended are told one by one, and when together. */
export interface DigestPace {
  /** Messages about ended leads within `windowMs`; what is more waits for its end, in one message. */
  readonly singles: number;
  /** 0 holds nothing back. */
  readonly windowMs: number;
}

/** Which day a daily summary is of, and up to when it counts. */
export interface SummaryMark {
  readonly day: string;
  readonly untilMs: number;
}

/** Rows of `pipeline_notifications`; leads' rows are put there by `append` itself. */
export interface Outbox {
  /** Idempotent by `key`. */
  put(key: string, notification: StoredNotification, channels: readonly string[]): Promise<void>;
  /** Takes the next message that is due, for `leaseMs`; marks its rows as being tried. */
  take(channel: string, leaseMs: number, pace: DigestPace): Promise<OutboxItem | null>;
  delivered(item: OutboxItem): Promise<void>;
  /** Tries again at `retryAt` (ISO), or gives up when it is null. */
  failed(item: OutboxItem, reason: string, retryAt: string | null): Promise<void>;
  /** How many wait, or are being tried. */
  waiting(): Promise<number>;
  /** The daily summary of the latest day before `day` on any of these channels; null without one. */
  summaryBefore(day: string, channels: readonly string[]): Promise<SummaryMark | null>;
}

// --- seeing what goes on ---------------------------------------------------------------------

/** In-process facts for the terminal; losing them loses nothing. */
export type Progress =
  | { readonly kind: 'claimed'; readonly leadId: string }
  | {
      readonly kind: 'step';
      readonly leadId: string;
      readonly runId: string;
      readonly step: Step;
      readonly blockCount: number;
    }
  | {
      readonly kind: 'prompts';
      readonly leadId: string;
      readonly step: ChatStep;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly kind: 'phase';
      readonly leadId: string;
      readonly phase: ChatPhase;
    }
  | {
      readonly kind: 'retry';
      readonly leadId: string;
      readonly reason: string;
      readonly atMs: number;
    }
  | { readonly kind: 'parked'; readonly leadId: string; readonly reason: string }
  /** Not this process's any more: withdrawn by hand, or taken over by another daemon. */
  | { readonly kind: 'left'; readonly leadId: string; readonly reason: string }
  | { readonly kind: 'blocked'; readonly leadId: string; readonly reason: string }
  | {
      readonly kind: 'archived';
      readonly leadId: string;
      readonly runId: string;
      readonly pages: number;
      readonly directory: string;
    };

/** What `doctor` found about one thing, with the exact next action when it is not well. */
export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warning' | 'error';
  readonly detail: string;
  readonly action: string | null;
}

/** Structured logging. Values must not hold keys or personal data; known ones are scrubbed besides. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  child(fields: Readonly<Record<string, unknown>>): Log;
}
