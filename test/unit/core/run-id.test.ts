import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRunId } from '../../../src/core/run-id.ts';

const ms = (iso: string): number => Date.parse(iso);
const NONE: ReadonlySet<string> = new Set();

describe('newRunId', () => {
  it('is the start in UTC, to the second', () => {
    expect(newRunId(ms('2026-11-23T17:45:01.999Z'), NONE)).toBe('20261123_174501');
    expect(newRunId(ms('2026-01-02T03:04:05+14:00'), NONE)).toBe('20260101_130405');
  });

  it('takes the next second that is free, over the end of a year too', () => {
    const taken = new Set(['20261231_235959', '20270101_000000']);
    expect(newRunId(ms('2026-12-31T23:59:59.500Z'), taken)).toBe('20270101_000001');
    expect(newRunId(ms('2026-12-31T23:59:58.000Z'), taken)).toBe('20261231_235958');
  });

  it('is never taken, and sorts after all that were taken from the same start on', () => {
    const starts = fc.date({
      min: new Date('2001-01-01T00:00:00Z'),
      max: new Date('2099-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(starts, fc.integer({ min: 0, max: 50 }), (start, count) => {
        const taken = new Set<string>();
        for (let run = 0; run < count; run += 1) taken.add(newRunId(start.getTime(), taken));
        expect(taken.size).toBe(count);
        const id = newRunId(start.getTime(), taken);
        expect(id).toMatch(/^\d{8}_\d{6}$/);
        expect(taken.has(id)).toBe(false);
        for (const earlier of taken) expect(id > earlier).toBe(true);
      }),
    );
  });
});
