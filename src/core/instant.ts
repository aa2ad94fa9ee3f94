/** Epoch milliseconds and their ISO text: conversions only, the clock is a port. */

/** UTC with milliseconds, as event envelopes and rows carry it. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Epoch ms; NaN when the text is no instant. */
export function msOf(iso: string): number {
  return Date.parse(iso);
}

/** Never negative: a clock may be set back between two looks at it. */
export function elapsedMs(sinceMs: number, nowMs: number): number {
  return Math.max(0, nowMs - sinceMs);
}
