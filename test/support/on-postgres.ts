import { describe, expect, it } from 'vitest';
import { postgresUnavailable } from './postgres.ts';

/**
 * A suite on PostgreSQL alone. Where there is none it is skipped with a line that says what to install;
 * with CI set it fails instead. `alsoNeeded` says the same of something else that the suite needs.
 */
export function describeOnPostgres(
  title: string,
  suite: () => void,
  alsoNeeded: string | null = null,
): void {
  const unavailable = postgresUnavailable() ?? alsoNeeded;
  const inCi = process.env['CI'] !== undefined;
  if (unavailable !== null && !inCi) process.stderr.write(`Skipped: ${title}. ${unavailable}\n`);
  describe.runIf(unavailable === null)(`${title} on PostgreSQL`, () => {
    suite();
  });
  describe.runIf(unavailable !== null && inCi)(`${title} (not available here)`, () => {
    it('is available', () => {
      expect(unavailable).toBeNull();
    });
  });
}
