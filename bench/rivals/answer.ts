/** One question of JSON on stdin, one answer on stdout, timed in this process. */
import { readFileSync } from 'node:fs';

/** Passes go on for so long, after a warm-up of as many events or pages, so that no compiler is measured. */
const LEAST_MS = 1_500;

/** What the suite asks; it is of the same repository. */
export function asked(): unknown {
  return JSON.parse(readFileSync(0, 'utf8')) as unknown;
}

function median(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Median time of a pass, in ms. `warmUps` passes come before. */
export async function timed(warmUps: number, pass: () => Promise<void> | void): Promise<number> {
  for (let done = 0; done < warmUps; done += 1) await pass();
  const times: number[] = [];
  const startMs = performance.now();
  do {
    const beganMs = performance.now();
    await pass();
    times.push(performance.now() - beganMs);
  } while (performance.now() - startMs < LEAST_MS);
  return median(times);
}

/** Peak of this process so far, in MB of 10^6 bytes. */
export function maxRssMb(): number {
  return (process.resourceUsage().maxRSS * 1_024) / 1e6;
}

export function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
