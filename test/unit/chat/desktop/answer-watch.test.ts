import { describe, expect, it } from 'vitest';
import {
  type AnswerWatch,
  beginWatch,
  copied,
  diagnosed,
  glanced,
  nextLook,
  verdictOf,
} from '../../../../src/adapters/chat/desktop/answer-watch.ts';
import type { Unframed } from '../../../../src/adapters/chat/desktop/framing.ts';
import { TIMINGS } from '../../../../src/adapters/chat/desktop/timings.ts';

const timings = {
  ...TIMINGS,
  restMs: 600,
  lookMs: 8_000,
  diagnoseMs: 15_000,
  stuckMs: 120_000,
  incompleteMs: 60_000,
};
const COMPLETE: Unframed = { kind: 'complete', text: 'Hello' };
const OPEN: Unframed = { kind: 'open', text: 'Hel' };
const FOREIGN: Unframed = { kind: 'foreign' };
const MOVING = { changed: 5_000, stopSign: true };
const STILL = { changed: 12, stopSign: false };
const STILL_WITH_SIGN = { changed: 0, stopSign: true };

/** Looks every 100 ms from `fromMs` to `toMs`, all the same. */
function looked(
  watch: AnswerWatch,
  fromMs: number,
  toMs: number,
  glance: { changed: number; stopSign: boolean } | null,
): AnswerWatch {
  let after = watch;
  for (let ms = fromMs; ms <= toMs; ms += 100) after = glanced(after, ms, glance);
  return after;
}

const next = (watch: AnswerWatch, nowMs: number) => nextLook(watch, nowMs, timings);
const verdict = (watch: AnswerWatch, nowMs: number) => verdictOf(watch, nowMs, timings);

describe('when to look at the answer', () => {
  it('is when the page has come to rest', () => {
    const writing = looked(beginWatch(0), 0, 3_000, MOVING);
    expect(next(writing, 3_000)).toBe('wait');
    expect(next(looked(writing, 3_100, 3_500, STILL), 3_500)).toBe('wait');
    expect(next(looked(writing, 3_100, 3_700, STILL), 3_700)).toBe('copy');
  });

  it('is not while the stop sign is shown, however still the page is', () => {
    const thinking = looked(beginWatch(0), 0, 7_900, STILL_WITH_SIGN);
    expect(next(thinking, 7_900)).toBe('wait');
  });

  it('is every 8 s all the same', () => {
    expect(next(looked(beginWatch(0), 0, 8_000, MOVING), 8_000)).toBe('copy');
    const before = copied(looked(beginWatch(0), 0, 8_000, MOVING), 8_000, OPEN);
    expect(next(looked(before, 8_100, 15_900, MOVING), 15_900)).toBe('wait');
    expect(next(looked(before, 8_100, 16_000, MOVING), 16_000)).toBe('copy');
  });

  it('is every 8 s while another window is in front', () => {
    const hidden = looked(beginWatch(0), 0, 7_900, null);
    expect(next(hidden, 7_900)).toBe('wait');
    expect(next(hidden, 8_000)).toBe('copy');
  });

  it('comes at growing distances on a page at rest', () => {
    let watch = looked(beginWatch(0), 0, 1_000, STILL);
    const atMs: number[] = [];
    for (let ms = 1_000; ms < 14_000; ms += 100) {
      watch = glanced(watch, ms, STILL);
      if (next(watch, ms) !== 'copy') continue;
      atMs.push(ms);
      watch = copied(watch, ms, FOREIGN);
    }
    expect(atMs).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('is followed by a look for reasons once nothing has changed for long, less and less often', () => {
    let watch = copied(looked(beginWatch(0), 0, 1_000, STILL), 1_000, FOREIGN);
    watch = looked(watch, 1_100, 15_900, STILL);
    expect(next(watch, 15_900)).not.toBe('diagnose');
    expect(next(watch, 16_000)).toBe('diagnose');
    watch = copied(looked(diagnosed(watch, 16_000), 16_000, 45_900, STILL), 45_900, FOREIGN);
    expect(next(watch, 45_900)).toBe('wait');
    expect(next(looked(watch, 46_000, 46_000, STILL), 46_000)).toBe('diagnose');
  });

  it('needs much longer without a change for that on a page that looks busy', () => {
    const watch = copied(looked(beginWatch(0), 0, 8_000, MOVING), 8_000, OPEN);
    expect(next(looked(watch, 8_100, 127_900, STILL_WITH_SIGN), 127_900)).not.toBe('diagnose');
    expect(next(looked(watch, 8_100, 128_000, STILL_WITH_SIGN), 128_000)).toBe('diagnose');
  });
});

/** So often that a page which refuses a copy now and then has had its chances. */
function copiedAgain(watch: AnswerWatch, nowMs: number, unframed: Unframed): AnswerWatch {
  const all = [unframed, unframed, unframed, unframed];
  return all.reduce((seen, one) => copied(seen, nowMs, one), watch);
}

describe('whether the answer is taken', () => {
  it('is so when it is complete and the page rests', () => {
    const resting = looked(looked(beginWatch(0), 0, 900, MOVING), 1_000, 2_000, STILL);
    expect(verdict(copied(resting, 2_000, COMPLETE), 2_000)).toBe('complete');
  });

  it('is so when it is complete twice, though the page never rests', () => {
    const first = copied(looked(beginWatch(0), 0, 8_000, MOVING), 8_000, COMPLETE);
    expect(verdict(first, 8_000)).toBe('going');
    expect(next(looked(first, 8_100, 9_000, MOVING), 9_000)).toBe('copy');
    expect(verdict(copied(first, 9_000, COMPLETE), 9_000)).toBe('complete');
    const other: Unframed = { kind: 'complete', text: 'Other' };
    expect(verdict(copied(first, 9_000, other), 9_000)).toBe('going');
  });

  it('is not so for a part, however long the page rests, when it never showed a stop sign', () => {
    const watch = copied(looked(beginWatch(0), 0, 1_000, STILL), 1_000, OPEN);
    expect(verdict(looked(watch, 1_100, 300_000, STILL), 300_000)).toBe('going');
  });

  it.each([
    ['incomplete', OPEN],
    ['nothing_came', FOREIGN],
  ] as const)('is %s long after the stop sign went', (expected, unframed) => {
    const written = looked(beginWatch(0), 0, 5_000, MOVING);
    const watch = copiedAgain(looked(written, 5_100, 6_000, STILL), 6_000, unframed);
    expect(verdict(looked(watch, 6_100, 65_900, STILL), 65_900)).toBe('going');
    expect(verdict(looked(watch, 6_100, 66_000, STILL), 66_000)).toBe(expected);
  });

  it('is not so while few copies were tried, however long that took', () => {
    const written = looked(beginWatch(0), 0, 5_000, MOVING);
    let watch = looked(written, 5_100, 6_000, STILL);
    for (let copies = 1; copies <= 3; copies += 1) {
      watch = looked(copied(watch, 6_000, FOREIGN), 6_100, 90_000, STILL);
      expect(verdict(watch, 90_000)).toBe('going');
    }
    expect(verdict(copied(watch, 90_000, FOREIGN), 90_000)).toBe('nothing_came');
  });

  it('waits again from each copy that is another one', () => {
    const written = looked(beginWatch(0), 0, 5_000, MOVING);
    const first = copied(looked(written, 5_100, 6_000, STILL), 6_000, OPEN);
    const longer: Unframed = { kind: 'open', text: 'Hello, w' };
    const second = copiedAgain(looked(first, 6_100, 60_000, STILL), 60_000, longer);
    expect(verdict(looked(second, 60_100, 119_900, STILL), 119_900)).toBe('going');
    expect(verdict(looked(second, 60_100, 120_000, STILL), 120_000)).toBe('incomplete');
  });
});
