/**
 * Where the chart's boxes and arrows go. The main way runs from left to right, a column a status; what
 * is reached from several statuses lies below as one bar; what leads back runs above in lanes.
 */
import type { ChartState } from '../../../machines/fold.ts';
import { boxOf, type ChartArrow, type ChartBox, type ChartModel } from './chart-model.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedState extends Rect {
  readonly at: ChartState;
  readonly name: string;
  /** Drawn as a frame around the states inside it. */
  readonly isFrame: boolean;
}

export interface PlacedArrow {
  readonly arrows: readonly ChartArrow[];
  /** SVG path data; the arrow's head is at its end. */
  readonly d: string;
}

export interface Lane {
  readonly label: string;
  readonly y: number;
  readonly fromX: number;
  readonly toX: number;
  readonly toY: number;
  readonly stubs: readonly (PlacedArrow & { readonly x: number })[];
  readonly to: ChartState;
}

export interface ChartLayout {
  readonly width: number;
  readonly height: number;
  readonly states: readonly PlacedState[];
  readonly arrows: readonly PlacedArrow[];
  readonly lanes: readonly Lane[];
}

const BOX = { width: 124, height: 30 };
const STEP_GAP = 16;
const COLUMN_GAP = 34;
const FRAME = { side: 10, head: 28, foot: 12 };
const MARGIN = 8;
const LANE_HEIGHT = 30;
const BAR_GAP = 40;

const right = (rect: Rect): number => rect.x + rect.width;
const bottom = (rect: Rect): number => rect.y + rect.height;
const centreX = (rect: Rect): number => rect.x + rect.width / 2;
const middleY = (rect: Rect): number => rect.y + rect.height / 2;

/** Where a state can be entered from by arrows of its own: the first states of the machine excepted. */
function sourcesOf(box: ChartBox, { arrows }: ChartModel): ReadonlySet<ChartState> {
  const into = arrows.filter(({ to }) => boxOf(to) === box.at);
  return new Set(into.map(({ from }) => boxOf(from)).filter((from) => from !== box.at));
}

/** A rest that several statuses lead to, or that is no station of any way: entered from anywhere only. */
function isBelow(box: ChartBox, model: ChartModel): boolean {
  const sources = sourcesOf(box, model);
  const leadsOn = model.arrows.filter(({ from }) => from === box.at).length;
  const isFirst = model.boxes[0] === box;
  return box.inside.length === 0 && leadsOn < 2 && !isFirst && sources.size !== 1;
}

/** Below the statuses that lead to it; below all of them when it is entered from anywhere. */
function bar(
  box: ChartBox,
  model: ChartModel,
  columns: readonly PlacedState[],
  y: number,
): PlacedState {
  const sources = sourcesOf(box, model);
  const above = sources.size === 0 ? columns : columns.filter(({ at }) => sources.has(at));
  const x = Math.min(...above.map((state) => state.x));
  const events = model.fromAnywhere.filter(({ to }) => to === box.at).flatMap((one) => one.events);
  const name = events.length === 0 ? box.name : `${box.name} (from anywhere: ${events.join(', ')})`;
  const width = Math.max(...above.map(right)) - x;
  return { at: box.at, name, x, y, width, height: BOX.height, isFrame: false };
}

function column(box: ChartBox, x: number, top: number): PlacedState[] {
  const { side, head, foot } = FRAME;
  if (box.inside.length === 0) {
    const y = top + head;
    return [{ at: box.at, name: box.name, x, y, ...BOX, isFrame: false }];
  }
  const inside = box.inside.map((state, index) => ({
    ...state,
    ...BOX,
    x: x + side,
    y: top + head + index * (BOX.height + STEP_GAP),
    isFrame: false,
  }));
  const count = inside.length;
  const height = head + count * BOX.height + (count - 1) * STEP_GAP + foot;
  const frame = { x, y: top, width: BOX.width + 2 * side, height };
  return [{ at: box.at, name: box.name, ...frame, isFrame: true }, ...inside];
}

function placeColumns(boxes: readonly ChartBox[], top: number): PlacedState[] {
  const placed: PlacedState[] = [];
  let x = MARGIN;
  for (const box of boxes) {
    const states = column(box, x, top);
    placed.push(...states);
    x += (states[0]?.width ?? 0) + COLUMN_GAP;
  }
  return placed;
}

/** Down within a column, else to the right by an elbow between the columns. */
function wayForward(from: PlacedState, to: PlacedState): string {
  if (boxOf(from.at) === boxOf(to.at)) {
    return `M${centreX(from)} ${bottom(from)} V${to.y}`;
  }
  const [y1, y2] = [middleY(from), middleY(to)];
  if (y1 === y2) return `M${right(from)} ${y1} H${to.x}`;
  // Between the two frames, so that it crosses neither name nor step.
  const bend = to.x - FRAME.side - COLUMN_GAP / 2;
  return `M${right(from)} ${y1} H${bend} V${y2} H${to.x}`;
}

interface Plan {
  readonly model: ChartModel;
  readonly main: readonly ChartBox[];
  readonly below: readonly ChartBox[];
  readonly find: (at: ChartState) => PlacedState | undefined;
}

const order = ({ main }: Plan, at: ChartState): number =>
  main.findIndex((box) => box.at === boxOf(at));

/** From each step to the next; from a status without steps to the first place that it leads to. */
function forwardArrows(plan: Plan): PlacedArrow[] {
  const placed: PlacedArrow[] = [];
  const begun = new Set<ChartState>();
  for (const arrow of plan.model.arrows) {
    const [from, to] = [plan.find(arrow.from), plan.find(arrow.to)];
    const gap = order(plan, arrow.to) - order(plan, arrow.from);
    if (from === undefined || to === undefined || from.isFrame || gap < 0 || gap > 1) continue;
    // What resumes is shown at the state that it enters: eleven arrows more would hide the way.
    const isResume = arrow.events.every((event) => event.startsWith('run.resumed:'));
    if (order(plan, arrow.to) < 0 || isResume || begun.has(arrow.from)) continue;
    begun.add(arrow.from);
    placed.push({ arrows: [arrow], d: wayForward(from, to) });
  }
  return placed;
}

/** Straight up from the first bar, around it from those further down. */
function wayUp({ below }: Plan, from: PlacedState, to: PlacedState): string {
  if (from.at === below[0]?.at) return `M${centreX(to) + 12} ${from.y} V${bottom(to)}`;
  return `M${to.x - 14} ${from.y} V${middleY(to) + 9} H${to.x}`;
}

/** Straight down to a bar, and up from it again, side by side where both are. */
function barArrows(plan: Plan): PlacedArrow[] {
  const placed: PlacedArrow[] = [];
  for (const arrow of plan.model.arrows) {
    const [from, to] = [plan.find(arrow.from), plan.find(arrow.to)];
    if (from === undefined || to === undefined) continue;
    if (plan.below.some(({ at }) => at === arrow.to)) {
      placed.push({ arrows: [arrow], d: `M${centreX(from) - 12} ${bottom(from)} V${to.y}` });
    } else if (plan.below.some(({ at }) => at === arrow.from)) {
      placed.push({ arrows: [arrow], d: wayUp(plan, from, to) });
    }
  }
  return placed;
}

function lanesOf(plan: Plan, tops: readonly number[]): Lane[] {
  const back = new Map<ChartState, ChartArrow[]>();
  for (const arrow of plan.model.arrows) {
    const [from, to] = [order(plan, arrow.from), order(plan, arrow.to)];
    if (to >= 0 && from > to) back.set(arrow.to, [...(back.get(arrow.to) ?? []), arrow]);
  }
  for (const { to, events } of plan.model.fromAnywhere) {
    if (order(plan, to) < 0) continue;
    const others = plan.main.filter((box) => box.at !== to);
    back.set(to, [
      ...(back.get(to) ?? []),
      ...[...others, ...plan.below].map(({ at: from }) => ({ from, to, events })),
    ]);
  }
  // The nearest state has the lane nearest to the boxes.
  const targets = [...back].toSorted(([a], [b]) => order(plan, a) - order(plan, b));
  return targets.flatMap(([at, arrows], index) => {
    const [to, y] = [plan.find(at), tops[index]];
    if (to === undefined || y === undefined) return [];
    const toX = centreX(to) - 12 * index;
    const stubs = arrows.flatMap((arrow) => {
      const from = plan.find(arrow.from);
      if (from === undefined || order(plan, arrow.from) < 0) return [];
      const x = centreX(from) + 14 - 12 * index;
      return [{ arrows: [arrow], d: `M${x} ${from.y} V${y}`, x }];
    });
    const label = [...new Set(arrows.flatMap(({ events }) => events))].join(', ');
    const fromX = Math.max(...stubs.map(({ x }) => x));
    return [{ label, y, fromX, toX, toY: to.y, stubs, to: at }];
  });
}

function countLanes(model: ChartModel, main: readonly ChartBox[]): number {
  const at = (state: ChartState): number => main.findIndex((box) => box.at === boxOf(state));
  const back = model.arrows.filter(({ from, to }) => at(to) >= 0 && at(from) > at(to));
  const anywhere = model.fromAnywhere.filter(({ to }) => at(to) >= 0);
  return new Set([...back, ...anywhere].map(({ to }) => to)).size;
}

export function layOut(model: ChartModel): ChartLayout {
  const below = model.boxes.filter((box) => isBelow(box, model));
  const main = model.boxes.filter((box) => !below.includes(box));
  const tops = Array.from(
    { length: countLanes(model, main) },
    (_, index) => MARGIN + 16 + index * LANE_HEIGHT,
  );
  const columns = placeColumns(main, MARGIN + tops.length * LANE_HEIGHT + 8);
  const lowest = Math.max(...columns.map(bottom));
  const states = [...columns];
  for (const [index, box] of below.entries()) {
    const y = lowest + BAR_GAP + index * (BOX.height + STEP_GAP);
    states.push(bar(box, model, columns, y));
  }
  const find = (at: ChartState) => states.find((state) => state.at === at);
  const plan: Plan = { model, main, below, find };
  return {
    width: Math.max(...states.map(right)) + MARGIN,
    height: Math.max(...states.map(bottom)) + MARGIN,
    states,
    arrows: [...forwardArrows(plan), ...barArrows(plan)],
    lanes: lanesOf(plan, tops),
  };
}
