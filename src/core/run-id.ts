/** Run ids: UTC start as YYYYMMDD_HHMMSS, unique within a lead. */
import { isoOf } from './instant.ts';

function runIdAt(ms: number): string {
  const digits = isoOf(ms).replaceAll(/[^0-9]/g, '');
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`;
}

/** The first id from `nowMs` on that is not taken: two runs may start within one second. */
export function newRunId(nowMs: number, taken: ReadonlySet<string>): string {
  let ms = nowMs;
  while (taken.has(runIdAt(ms))) ms += 1_000;
  return runIdAt(ms);
}
