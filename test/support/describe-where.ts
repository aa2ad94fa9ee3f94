import { describe, expect, it } from 'vitest';

/**
 * `describe` where `unavailable` is null. Elsewhere the suite is skipped with a line that says what to
 * install; with CI set it fails instead.
 */
export function describeWhere(unavailable: string | null): (typeof describe)['only'] {
  const inCi = process.env['CI'] !== undefined;
  if (unavailable !== null && !inCi) process.stderr.write(`Skipped: ${unavailable}\n`);
  describe.runIf(unavailable !== null && inCi)('What the next suite needs', () => {
    it('is available', () => {
      expect(unavailable).toBeNull();
    });
  });
  return describe.runIf(unavailable === null);
}
