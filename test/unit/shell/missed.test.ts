import { expect, it } from 'vitest';
import { missed } from '../../../src/shell/daemon.ts';

it('only what was due for longer than the poll takes counts as found by the sweep alone', () => {
  const nowMs = 1_000_000;
  const due = (agoMs: number): number => nowMs - agoMs;
  expect(missed([due(0), due(119_000), due(121_000), due(900_000)], nowMs, 60_000)).toBe(2);
  expect(missed([], nowMs, 60_000)).toBe(0);
  // A row without a time says nothing.
  expect(missed([Number.NaN], nowMs, 60_000)).toBe(0);
});
