/** How long a server asks its client to wait, read from the headers of a 429 reply. */

/** What OpenAI's own limits are counted by: a minute is over by then, whatever the limit. */
export const DEFAULT_WAIT_MS = 60_000;
/** Asking again within the same second would only count against the limit. */
const SHORTEST_WAIT_MS = 1_000;

/** The part of Headers that is read here. */
export interface HeaderSource {
  get(name: string): string | null;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** A duration such as `1m30s`, `6ms`, `2h0m0.5s` or plain seconds, in milliseconds; null when it is neither. */
export function parseDurationMs(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1_000;
  if (!/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(trimmed)) return null;
  let total = 0;
  for (const [, amount = '0', unit = 's'] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return Math.ceil(total);
}

/** `Retry-After` as seconds or as an HTTP date; the latter is measured by the server's own clock. */
function parseRetryAfterMs(headers: HeaderSource, nowMs: number): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds)) return seconds * 1_000;
  const at = Date.parse(value);
  if (Number.isNaN(at)) return null;
  const serverNow = Date.parse(headers.get('date') ?? '');
  return at - (Number.isNaN(serverNow) ? nowMs : serverNow);
}

/** The reset of the limit that is used up; of all limits when the reply does not say which one. */
function parseResetMs(headers: HeaderSource): number | null {
  const limits = ['requests', 'tokens'].flatMap((what) => {
    const reset = headers.get(`x-ratelimit-reset-${what}`);
    const resetMs = reset === null ? null : parseDurationMs(reset);
    if (resetMs === null) return [];
    return [{ resetMs, usedUp: headers.get(`x-ratelimit-remaining-${what}`)?.trim() === '0' }];
  });
  const usedUp = limits.filter((limit) => limit.usedUp);
  const relevant = (usedUp.length > 0 ? usedUp : limits).map((limit) => limit.resetMs);
  return relevant.length > 0 ? Math.max(...relevant) : null;
}

function parseMessageMs(message: string): number | null {
  const found = /try again in ((?:\d+(?:\.\d+)?(?:ms|[dhms]))+)/i.exec(message);
  return found?.[1] === undefined ? null : parseDurationMs(found[1]);
}

/** Milliseconds to wait, at least a second; a minute when the server does not say. */
export function retryWaitMs(
  headers: HeaderSource | undefined,
  message: string,
  nowMs: number,
): number {
  const exact = headers?.get('retry-after-ms');
  const exactMs =
    exact === null || exact === undefined || exact.trim() === '' ? NaN : Number(exact);
  const waitMs = Number.isFinite(exactMs)
    ? exactMs
    : ((headers === undefined
        ? null
        : (parseRetryAfterMs(headers, nowMs) ?? parseResetMs(headers))) ??
      parseMessageMs(message) ??
      DEFAULT_WAIT_MS);
  return Math.max(SHORTEST_WAIT_MS, Math.ceil(waitMs));
}
