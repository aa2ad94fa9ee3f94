/** The lead's chart as a picture needs it, read from the machine's own definition. */
import { leadMachine } from '../../../machines/lead.ts';
import type { ChartState } from '../../../machines/fold.ts';

export interface ChartArrow {
  readonly from: ChartState;
  readonly to: ChartState;
  /** The events that move the chart along here. */
  readonly events: readonly string[];
}

export interface ChartBox {
  readonly at: ChartState;
  readonly name: string;
  /** The states inside, in the machine's order; empty when it has none. */
  readonly inside: readonly { readonly at: ChartState; readonly name: string }[];
}

export interface ChartModel {
  readonly boxes: readonly ChartBox[];
  readonly arrows: readonly ChartArrow[];
  /** Arrows that leave every state alike. */
  readonly fromAnywhere: readonly Omit<ChartArrow, 'from'>[];
}

type Definition = typeof leadMachine.definition;
type Transitions = Definition['on'];

function arrowsOf(on: Transitions): Omit<ChartArrow, 'from'>[] {
  const byTarget = new Map<ChartState, string[]>();
  for (const [event, transitions] of Object.entries(on)) {
    for (const target of transitions.flatMap((transition) => transition.target ?? [])) {
      const to = target.path.join('.');
      byTarget.set(to, [...(byTarget.get(to) ?? []), event]);
    }
  }
  return [...byTarget].map(([to, events]) => ({ to, events }));
}

/** An arrow of the chart is one of the machine; a kept fact moves nothing and has none. */
export function modelOf({ states, on }: Definition): ChartModel {
  const boxes: ChartBox[] = [];
  const arrows: ChartArrow[] = [];
  for (const [name, state] of Object.entries(states)) {
    const inside = Object.entries(state.states);
    boxes.push({
      at: name,
      name,
      inside: inside.map(([key]) => ({ at: `${name}.${key}`, name: key })),
    });
    for (const arrow of arrowsOf(state.on)) {
      if (arrow.to !== name) arrows.push({ from: name, ...arrow });
    }
    for (const [key, child] of inside) {
      for (const arrow of arrowsOf(child.on)) arrows.push({ from: `${name}.${key}`, ...arrow });
    }
  }
  return { boxes, arrows, fromAnywhere: arrowsOf(on) };
}

export const LEAD_CHART = modelOf(leadMachine.definition);

/** `processing.plan` → `processing`. */
export function boxOf(at: ChartState): ChartState {
  return at.split('.')[0] ?? at;
}
