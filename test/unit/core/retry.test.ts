import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../src/core/retry.ts';

const HOUR = 60 * 60_000;

const attempts = fc.integer({ min: 1, max: 10_000 });
const bases = fc.integer({ min: 1, max: HOUR });
const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoffMs', () => {
  it('doubles from the base, and jitter takes at most half', () => {
    expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, 30_000, 0))).toEqual([
      30_000, 60_000, 120_000, 240_000,
    ]);
    expect(backoffMs(1, 30_000, 0.5)).toBe(22_500);
    expect(backoffMs(20, 30_000, 0)).toBe(HOUR);
  });

  it('is a whole number from half its ceiling to all of it, and at most an hour', () => {
    fc.assert(
      fc.property(attempts, bases, fractions, (attempt, baseMs, fraction) => {
        const ceilingMs = Math.min(HOUR, baseMs * 2 ** (attempt - 1));
        const waitMs = backoffMs(attempt, baseMs, fraction);
        expect(Number.isSafeInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(Math.floor(ceilingMs / 2));
        expect(waitMs).toBeLessThanOrEqual(ceilingMs);
      }),
    );
  });

  it('never shrinks from one attempt to the next', () => {
    fc.assert(
      fc.property(attempts, bases, fractions, (attempt, baseMs, fraction) => {
        const next = backoffMs(attempt + 1, baseMs, fraction);
        expect(next).toBeGreaterThanOrEqual(backoffMs(attempt, baseMs, fraction));
      }),
    );
  });

  it('grows with the base and shrinks with the fraction', () => {
    fc.assert(
      fc.property(attempts, bases, fractions, fractions, (attempt, baseMs, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(backoffMs(attempt, baseMs, high)).toBeLessThanOrEqual(
          backoffMs(attempt, baseMs, low),
        );
        expect(backoffMs(attempt, baseMs + 1, low)).toBeGreaterThanOrEqual(
          backoffMs(attempt, baseMs, low),
        );
      }),
    );
  });
});
