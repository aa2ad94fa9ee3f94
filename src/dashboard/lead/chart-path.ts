/** What the chart shows of one lead: where it stands, and the way that led there. */
import type { ChartState } from '../../../machines/fold.ts';
import type { Moment } from './replay.ts';

export interface ChartPath {
  readonly now: ChartState;
  /** Seq of the event that last entered a state, by state. */
  readonly entered: ReadonlyMap<ChartState, number>;
  /** How often an arrow was taken, by `arrowKey`. */
  readonly taken: ReadonlyMap<string, number>;
  /** States entered by resuming a run, and how often. */
  readonly resumed: ReadonlyMap<ChartState, number>;
}

export function arrowKey(from: ChartState, to: ChartState): string {
  return `${from} ${to}`;
}

export function pathOf(now: ChartState, moments: readonly Moment[]): ChartPath {
  const entered = new Map<ChartState, number>();
  const taken = new Map<string, number>();
  const resumed = new Map<ChartState, number>();
  const count = (map: Map<string, number>, key: string): void => {
    map.set(key, (map.get(key) ?? 0) + 1);
  };
  for (const { event, from, to } of moments) {
    if (from === to) continue;
    entered.set(to, event.seq);
    count(taken, arrowKey(from, to));
    if (event.type === 'run.resumed') count(resumed, to);
  }
  return { now, entered, taken, resumed };
}
