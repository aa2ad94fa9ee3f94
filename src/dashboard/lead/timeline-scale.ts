/**
 * Time to the right. A long time in which nothing happened takes a fixed width, marked as left out: a
 * lead that was blocked overnight would else be a line of two dots.
 */
import type { Timeline } from './timeline.ts';

export interface Break {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Shorter ones are never left out. */
const LEAST_BREAK_MS = 30_000;
/** A gap is left out when it is longer than this share of all the rest. */
const BREAK_SHARE = 0.3;

/** Times with no event, and no prompt with the model, that would crowd out all else; ascending. */
export function breaksOf({ instantsMs, rows, toMs }: Timeline): Break[] {
  const asked = rows
    .flatMap(({ spans }) => spans)
    .filter(({ kind, end }) => (kind === 'asking' || kind === 'repairing') && end !== 'open');
  const edges = [...new Set([...instantsMs, toMs])];
  const gaps = edges
    .slice(1)
    .map((edge, index) => ({ fromMs: edges[index] ?? edge, toMs: edge }))
    .filter(
      (gap) =>
        gap.toMs - gap.fromMs >= LEAST_BREAK_MS &&
        !asked.some((span) => span.fromMs < gap.toMs && span.toMs > gap.fromMs),
    )
    .toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs));
  let restMs = toMs - (instantsMs[0] ?? toMs);
  const breaks: Break[] = [];
  for (const gap of gaps) {
    const lengthMs = gap.toMs - gap.fromMs;
    if (lengthMs < BREAK_SHARE * (restMs - lengthMs)) break;
    restMs -= lengthMs;
    breaks.push(gap);
  }
  return breaks.toSorted((a, b) => a.fromMs - b.fromMs);
}

export interface TimeScale {
  /** Pixels from the left of the plot. */
  readonly x: (ms: number) => number;
  readonly breaks: readonly Break[];
  readonly ticksMs: readonly number[];
}

const TICK_STEPS_MS = [
  100, 250, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000,
];
const BREAK_WIDTH = 28;
const TICK_WIDTH = 90;

function isIn({ fromMs, toMs }: Break, ms: number): boolean {
  return ms > fromMs && ms < toMs;
}

/** `width`: pixels of the plot. */
export function timeScale(timeline: Timeline, width: number): TimeScale {
  const { fromMs, toMs } = timeline;
  const breaks = breaksOf(timeline);
  const leftOutMs = breaks.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0);
  const shownMs = Math.max(1, toMs - fromMs - leftOutMs);
  const perMs = Math.max(1, width - breaks.length * BREAK_WIDTH) / shownMs;
  const x = (ms: number): number => {
    let at = (ms - fromMs) * perMs;
    for (const gap of breaks) {
      if (ms <= gap.fromMs) break;
      const inside = Math.min(ms, gap.toMs) - gap.fromMs;
      at += (inside / (gap.toMs - gap.fromMs)) * BREAK_WIDTH - inside * perMs;
    }
    return Math.round(at * 10) / 10;
  };
  const stepMs = TICK_STEPS_MS.find((step) => step * perMs >= TICK_WIDTH) ?? 2_592_000_000;
  const ticksMs: number[] = [];
  for (let ms = fromMs; ms <= toMs; ms += stepMs) {
    const gap = breaks.find((one) => isIn(one, ms));
    // On to the first tick behind what is left out.
    if (gap !== undefined) ms += Math.floor((gap.toMs - ms) / stepMs) * stepMs;
    else ticksMs.push(ms);
  }
  return { x, breaks, ticksMs };
}
