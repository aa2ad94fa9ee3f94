/** The coded errors of planline. A message says what happened, to which lead or file, and what to do now. */

export type ErrorCode =
  /** The caller or the environment is wrong: the process ends with exit code 2. */
  | 'usage'
  | 'config'
  /** The database lacks something (migrations, grants, a valid key). */
  | 'setup'
  /** Another daemon holds the lead: the fencing token is no longer ours. */
  | 'stale_lease'
  /** Somebody else appended to the stream: read on, fold, decide again. */
  | 'stale_stream'
  /** The row is gone, or its status is not what the event claims. */
  | 'lead_moved'
  /** The store cannot be reached just now; nothing was lost and the same call may be made again. */
  | 'unavailable'
  /** A stored event, artifact or file contradicts another. */
  | 'corrupt'
  /** The work itself cannot succeed as it stands: block the lead at once. */
  | 'permanent'
  /** The work failed this time; an attempt is spent. */
  | 'retryable'
  /** The process is stopping. */
  | 'stopping';

export class PlanlineError extends Error {
  override readonly name = 'PlanlineError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
  }
}

/** What a chat driver throws; see the table in the README for what each code leads to. */
export type ChatErrorCode =
  | 'retryable'
  | 'rate_limited'
  | 'plan_cap'
  | 'needs_operator'
  | 'permanent';

/** What a driver saw when something went wrong, for a file beside the failure. */
export interface Evidence {
  /** With its ending: `page.png`, `page.html`. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface ChatErrorOptions {
  readonly untilMs?: number | null;
  readonly untilPerson?: boolean;
  readonly evidence?: readonly Evidence[];
  readonly cause?: unknown;
}

export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ChatErrorCode;
  /** Epoch milliseconds until which the whole account rests; only with rate_limited and plan_cap. */
  readonly untilMs: number | null;
  /** Only a person may say that it is over, whatever a check finds; only with needs_operator. */
  readonly untilPerson: boolean;
  /** Private to the runtime, as it shows personal data: nothing that prints an error prints it. */
  readonly #evidence: readonly Evidence[];

  constructor(code: ChatErrorCode, message: string, options: ChatErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.untilMs = options.untilMs ?? null;
    this.untilPerson = options.untilPerson ?? false;
    this.#evidence = options.evidence ?? [];
  }

  /** For the run's own folder, never for a log. */
  evidence(): readonly Evidence[] {
    return this.#evidence;
  }
}

export function isPlanlineError(error: unknown, code: ErrorCode): error is PlanlineError {
  return error instanceof PlanlineError && error.code === code;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
