import { describe, expect, it } from 'vitest';
import { missingPackage, type SystemPackage } from './system-packages.ts';

/**
 * A suite that needs something of the machine; `unavailable` says what to do when that is not there,
 * null when it is. Without it the suite is skipped with that line; with CI set it fails instead.
 */
export function describeWhere(unavailable: string | null, title: string, suite: () => void): void {
  const inCi = process.env['CI'] !== undefined;
  if (unavailable !== null && !inCi) process.stderr.write(`Skipped: ${title}. ${unavailable}\n`);
  describe.runIf(unavailable === null).each([title])('%s', () => {
    suite();
  });
  describe.runIf(unavailable !== null && inCi)(`${title} (not available here)`, () => {
    it('is available', () => {
      expect(unavailable).toBeNull();
    });
  });
}

/** A suite that needs these packages. */
export function describeWith(
  packages: readonly SystemPackage[],
  title: string,
  suite: () => void,
): void {
  const missing = packages.filter((one) => !one.present()).map(missingPackage);
  describeWhere(missing.length === 0 ? null : missing.join(' '), title, suite);
}
