/** The frame of a chart by columns: axes, grid, labels. SVG made on the server, without a script. */
import { html, type Html } from '../html.ts';
import { labelEvery } from './scale.ts';

const SIZE = { width: 600, height: 240, left: 56, right: 12, top: 12, bottom: 34 };
const MOST_LABELS = 8;

export interface Plot {
  readonly bottom: number;
  /** Middle of a column. */
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly columnWidth: number;
}

export function plotOf(columns: number, top: number): Plot {
  const width = SIZE.width - SIZE.left - SIZE.right;
  const height = SIZE.height - SIZE.top - SIZE.bottom;
  const columnWidth = width / Math.max(1, columns);
  const bottom = SIZE.height - SIZE.bottom;
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    bottom,
    columnWidth,
    x: (index) => round(SIZE.left + (index + 0.5) * columnWidth),
    y: (value) => round(bottom - (value / top) * height),
  };
}

export interface Frame {
  readonly title: string;
  readonly labels: readonly string[];
  readonly ticks: readonly number[];
  readonly tickText: (value: number) => string;
  readonly plot: Plot;
}

export function plotSvg({ title, labels, ticks, tickText, plot }: Frame, marks: Html): Html {
  const every = labelEvery(labels.length, MOST_LABELS);
  // Counted from the newest, which is the one that people look for.
  const isLabelled = (index: number): boolean => (labels.length - 1 - index) % every === 0;
  return html`<svg
    class="chart"
    viewBox="0 0 ${SIZE.width} ${SIZE.height}"
    width="${SIZE.width}"
    height="${SIZE.height}"
    role="img"
    aria-label="${title}; the same as a table below"
  >
    <g class="axis">
      ${ticks.map(
        (tick) =>
          html`<line
              class="grid"
              x1="${SIZE.left}"
              x2="${SIZE.width - SIZE.right}"
              y1="${plot.y(tick)}"
              y2="${plot.y(tick)}"
            /><text x="${SIZE.left - 8}" y="${plot.y(tick) + 4}" text-anchor="end"
              >${tickText(tick)}</text
            >`,
      )}
      ${labels.map((label, index) =>
        isLabelled(index)
          ? html`<text x="${plot.x(index)}" y="${plot.bottom + 20}" text-anchor="middle"
              >${label}</text
            >`
          : '',
      )}
    </g>
    ${marks}
  </svg>`;
}
