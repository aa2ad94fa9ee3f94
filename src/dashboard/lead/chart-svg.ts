/** The chart as SVG. Colours are the style sheet's; what is lit is also written, for those who see none. */
import type { ChartState } from '../../../machines/fold.ts';
import { html, type Html } from '../html.ts';
import { layOut, type Lane, type PlacedArrow, type PlacedState } from './chart-layout.ts';
import { LEAD_CHART, type ChartModel } from './chart-model.ts';
import { arrowKey, type ChartPath } from './chart-path.ts';

const isTaken = (path: ChartPath, { arrows }: PlacedArrow): boolean =>
  arrows.some(({ from, to }) =>
    [...path.taken.keys()].some((key) => key === arrowKey(from, to) || isBetween(key, from, to)),
  );

/** An arrow that leaves a frame is taken from any state inside it. */
function isBetween(key: string, from: ChartState, to: ChartState): boolean {
  const [start = '', end] = key.split(' ');
  return end === to && start.startsWith(`${from}.`);
}

function arrowSvg(path: ChartPath, arrow: PlacedArrow): Html {
  const taken = isTaken(path, arrow);
  const [first] = arrow.arrows;
  const title = `${first?.from ?? ''} → ${first?.to ?? ''}: ${first?.events.join(', ') ?? ''}`;
  return html`<path
    class="chart-arrow${taken ? ' taken' : ''}"
    d="${arrow.d}"
    marker-end="url(#chart-head${taken ? '-taken' : ''})"
    ><title>${title}${taken ? ' (taken)' : ''}</title></path
  >`;
}

/** The lane is lit from the state that was left, not from its far end. */
function laneSvg(path: ChartPath, lane: Lane): Html {
  const way = (fromX: number): string => `M${fromX} ${lane.y} H${lane.toX} V${lane.toY}`;
  const taken = lane.stubs.filter((stub) => isTaken(path, stub));
  const lit = taken.map(
    ({ d, x }) =>
      html`<path class="chart-arrow taken" d="${d}" /><path
          class="chart-arrow taken"
          d="${way(x)}"
          marker-end="url(#chart-head-taken)"
        />`,
  );
  return html`<g class="chart-lane">
    <path class="chart-arrow" d="${way(lane.fromX)}" marker-end="url(#chart-head)">
      <title>${lane.label} → ${lane.to}</title>
    </path>
    ${lane.stubs.map(({ d }) => html`<path class="chart-arrow" d="${d}" />`)}${lit}
    <text x="${lane.toX + 10}" y="${lane.y - 5}">${lane.label}</text>
  </g>`;
}

type Standing = 'now' | 'passed' | 'untouched';

function standingOf(path: ChartPath, state: PlacedState): Standing {
  const inside = `${state.at}.`;
  if (path.now === state.at || (state.isFrame && path.now.startsWith(inside))) return 'now';
  const entered = [...path.entered.keys()];
  return entered.some((at) => at === state.at || (state.isFrame && at.startsWith(inside)))
    ? 'passed'
    : 'untouched';
}

const MARK: Readonly<Record<Standing, string>> = { now: '● ', passed: '✓ ', untouched: '' };

/** `leadHref(seq)` leads to the moment at which a state was entered. */
export type MomentLink = (seq: number) => string;

function stateSvg(path: ChartPath, state: PlacedState, link: MomentLink): Html {
  const standing = standingOf(path, state);
  const classes = `chart-state ${state.isFrame ? 'frame' : 'box'} ${standing} at-${state.at.replaceAll('.', '-')}`;
  const resumed = path.resumed.get(state.at) ?? 0;
  const mark = resumed > 0 && standing === 'passed' ? '↻ ' : MARK[standing];
  const label = `${state.isFrame ? '' : mark}${state.name}`;
  const [x, y] = state.isFrame
    ? [state.x + state.width / 2, state.y + 18]
    : [state.x + state.width / 2, state.y + state.height / 2 + 4];
  const drawn = html`<rect
      x="${state.x}"
      y="${state.y}"
      width="${state.width}"
      height="${state.height}"
      rx="${state.isFrame ? 10 : 7}"
    /><text x="${x}" y="${y}" text-anchor="middle">${label}</text>`;
  const seq = path.entered.get(state.at);
  if (seq === undefined || state.isFrame) return html`<g class="${classes}">${drawn}</g>`;
  const title = `${state.name}: entered by event ${seq}${resumed === 0 ? '' : `, resumed ${resumed} times`}`;
  return html`<a href="${link(seq)}" class="${classes}" aria-label="${title}"
    ><title>${title}</title>${drawn}</a
  >`;
}

const head = (id: string): Html =>
  html`<marker
    id="${id}"
    viewBox="0 0 8 8"
    refX="7"
    refY="4"
    markerWidth="9"
    markerHeight="9"
    markerUnits="userSpaceOnUse"
    orient="auto-start-reverse"
    ><path d="M0 0 L8 4 L0 8 z"
  /></marker>`;

/** The way in words: `idle → flagged → processing.input_transform`. */
export function wayText(path: ChartPath): string {
  const order = [...path.entered].toSorted(([, a], [, b]) => a - b).map(([at]) => at);
  return order.length === 0 ? path.now : order.join(' → ');
}

export function chartSvg(path: ChartPath, link: MomentLink, model: ChartModel = LEAD_CHART): Html {
  const layout = layOut(model);
  const frames = layout.states.filter(({ isFrame }) => isFrame);
  const boxes = layout.states.filter(({ isFrame }) => !isFrame);
  return html`<svg
    class="statechart"
    viewBox="0 0 ${layout.width} ${layout.height}"
    width="${layout.width}"
    height="${layout.height}"
    role="group"
    aria-labelledby="chart-title chart-desc"
  >
    <title id="chart-title">Statechart of the lead: now ${path.now}</title>
    <desc id="chart-desc">The way so far: ${wayText(path)}</desc>
    <defs>${head('chart-head')}${head('chart-head-taken')}</defs>
    ${layout.lanes.map((lane) => laneSvg(path, lane))}
    ${frames.map((state) => stateSvg(path, state, link))}
    ${layout.arrows.map((arrow) => arrowSvg(path, arrow))}
    ${boxes.map((state) => stateSvg(path, state, link))}
  </svg>`;
}
