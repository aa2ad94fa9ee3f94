/** Epoch milliseconds as UTC in a file's name: YYYYMMDD_HHMMSS, as run ids are. */
export function stampOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
}
