import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationsSvg, leadsSvg, reasonsSvg } from '../../../../src/dashboard/charts/charts-svg.ts';
import { lastDays, leadsByDay, sinceMs } from '../../../../src/dashboard/charts/counts.ts';
import { labelEvery, ticks } from '../../../../src/dashboard/charts/scale.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 15, 30);

describe('an axis', () => {
  it('begins at nought, ends at or above the most, in round steps', () => {
    expect(ticks(7, 4, true)).toEqual([0, 2, 4, 6, 8]);
    expect(ticks(1, 4, true)).toEqual([0, 1]);
    expect(ticks(0, 4, true)).toEqual([0, 1]);
    expect(ticks(930, 4, false)).toEqual([0, 500, 1000]);
  });

  it('is short and covers what is drawn, whatever that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (max) => {
        const marks = ticks(max, 4, true);
        expect(marks.at(-1)).toBeGreaterThanOrEqual(max);
        expect(marks.length).toBeLessThanOrEqual(6);
        expect(marks.every(Number.isInteger)).toBe(true);
      }),
    );
  });

  it('writes no more labels than fit', () => {
    expect(labelEvery(90, 8)).toBe(12);
    expect(labelEvery(5, 8)).toBe(1);
  });
});

describe('days', () => {
  it('are without gaps and end today, in UTC', () => {
    expect(lastDays(NOW_MS, 3)).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
    expect(sinceMs(NOW_MS, 3)).toBe(Date.UTC(2026, 10, 22));
  });

  it('count nought where nothing happened', () => {
    const known = { day: '2026-11-23', started: 2, archived: 1, blocked: 1 };
    const counts = { leads: [known], durationsByDay: [], durationsByStep: [], reasons: [] };
    expect(leadsByDay(counts, lastDays(NOW_MS, 2))).toEqual([
      known,
      { day: '2026-11-24', started: 0, archived: 0, blocked: 0 },
    ]);
  });
});

describe('a chart', () => {
  it('has a bar for each count that is not nought, with its numbers', async () => {
    const day = { day: '2026-11-24', started: 4, archived: 2, blocked: 0 };
    const svg = String(await leadsSvg([day]));
    expect(svg.match(/class="bar /g)).toHaveLength(2);
    expect(svg).toContain('2026-11-24: 4 runs started');
    const heights = [...svg.matchAll(/height="([\d.]+)"\s*>\s*<title>/g)].map(([, text]) =>
      Number(text),
    );
    expect(heights[0]).toBeCloseTo((heights[1] ?? 0) * 2, 0);
  });

  it('spans from median to 95th percentile', async () => {
    const column = { name: 'plan', prompts: 3, p50Ms: 1_000, p95Ms: 61_000 };
    const svg = String(await durationsSvg('Durations', [column, null], ['plan', 'stage2']));
    expect(svg.match(/class="range"/g)).toHaveLength(1);
    expect(svg.replaceAll(/\s+/g, ' ')).toContain('p50 1 s, p95 1 min 1 s, 3 prompts');
  });

  it('shows a reason as text, whatever stands in it', async () => {
    const reason = { reason: '<script>x</script>', retried: 2, repaired: 0, blocked: 1 };
    const svg = String(await reasonsSvg([reason]));
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).not.toContain('<script>');
    expect(svg.match(/class="bar /g)).toHaveLength(2);
  });
});
