/** What a notifier throws. Neither message nor cause holds an address, a password or a webhook's URL. */
export class NotifyError extends Error {
  override readonly name = 'NotifyError';
  /** True when the same delivery may succeed later. */
  readonly retryable: boolean;
  /** How long the other side asked to wait; null when it did not. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    options: { retryable: boolean; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
