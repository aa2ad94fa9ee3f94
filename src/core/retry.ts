/** How long to wait before trying again. */

const MAX_BACKOFF_MS = 60 * 60_000;

/**
 * Exponential backoff with jitter: attempt 1 waits about `baseMs`, each further one twice as long, at
 * most an hour. `fraction` in [0, 1) takes up to half of it off, so that retries do not go in step.
 */
export function backoffMs(attempt: number, baseMs: number, fraction: number): number {
  const ceilingMs = Math.min(MAX_BACKOFF_MS, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceilingMs * (1 - fraction / 2));
}
