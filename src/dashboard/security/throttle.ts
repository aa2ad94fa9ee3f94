/** How often a wrong token may be tried: per address, and over all of them. Pure but for its memory. */

const WINDOW_MS = 10 * 60_000;
const PER_ADDRESS = 10;
const IN_ALL = 100;

export interface Throttle {
  /** Milliseconds until this address may try again; 0 when it may now. */
  waitMs(address: string, nowMs: number): number;
  failed(address: string, nowMs: number): void;
}

export function createThrottle(): Throttle {
  let failures: { readonly address: string; readonly atMs: number }[] = [];

  /** When the oldest of the last `most` failures leaves the window. */
  function freeAtMs(atMs: readonly number[], most: number): number {
    return atMs.length < most ? 0 : (atMs.at(-most) ?? 0) + WINDOW_MS;
  }

  return {
    waitMs(address, nowMs) {
      failures = failures.filter(({ atMs }) => atMs > nowMs - WINDOW_MS && atMs <= nowMs);
      const own = failures.filter((one) => one.address === address).map(({ atMs }) => atMs);
      const all = failures.map(({ atMs }) => atMs);
      return Math.max(0, freeAtMs(own, PER_ADDRESS) - nowMs, freeAtMs(all, IN_ALL) - nowMs);
    },
    failed(address, nowMs) {
      failures.push({ address, atMs: nowMs });
    },
  };
}
