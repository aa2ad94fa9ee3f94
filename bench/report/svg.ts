/**
 * A plot as SVG, for README and RESULTS.md: bars for a few figures side by side, lines for a figure
 * over a size. Pure. Colours read on light and on dark ground, which the reader's page may have.
 */
import { escapeText } from '../../src/core/escape.ts';
import { figure } from './figures.ts';
import type { Plot } from './section.ts';

const WIDTH = 760;
const LABEL_WIDTH = 200;
const VALUE_WIDTH = 90;
const BAR = { height: 16, gap: 4, groupGap: 16 };
const HEAD_HEIGHT = 44;
const LINES = { height: 260, left: 70, right: 170, bottom: 36 };
/** With figures further apart than this, the small ones would not be seen on an even scale. */
const EVEN_UP_TO = 25;
const COLOURS = ['#2563eb', '#d97706', '#059669', '#9333ea', '#dc2626', '#0891b2', '#64748b'];

const STYLE = `text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#57606a}
.title{font-size:15px;font-weight:600;fill:#24292f}
.axis{stroke:#8b949e;stroke-opacity:.5}
@media (prefers-color-scheme:dark){text{fill:#9ea7b3}.title{fill:#e6edf3}}`;

const px = (value: number): string => String(Number(value.toFixed(1)));

interface Scale {
  readonly isEven: boolean;
  /** Share of the way from the axis to the largest figure, from 0 to 1. */
  readonly of: (value: number) => number;
}

function scaleFor(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  if (positive.length === 0) return { isEven: true, of: () => 0 };
  if (most / least <= EVEN_UP_TO) return { isEven: true, of: (value) => Math.max(0, value) / most };
  // A decade below the least, so that its bar can be seen.
  const from = Math.log10(least) - 0.5;
  const span = Math.log10(most) - from;
  return { isEven: false, of: (value) => (value > 0 ? (Math.log10(value) - from) / span : 0) };
}

function frame(plot: Plot, height: number, isEven: boolean, body: string): string {
  const scaleNote = isEven ? '' : ', logarithmic';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${px(height)}" role="img" aria-labelledby="title">
<title id="title">${escapeText(`${plot.title} (${plot.unit}${scaleNote})`)}</title>
<style>${STYLE}</style>
<text class="title" x="0" y="18">${escapeText(plot.title)}</text>
<text x="0" y="36">${escapeText(`${plot.unit}${scaleNote}`)}</text>
${body}
</svg>
`;
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#64748b';
}

/** Labels that are sizes, such as 1000 or 10⁵: what lies between them means something. */
function isOverSizes({ series }: Plot): boolean {
  const labels = series.flatMap(({ points }) => points.map(({ label }) => label));
  const isSize = (label: string): boolean => /^(?:\d[\d,. ]*|10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.test(label);
  return (
    labels.length > 0 && labels.every(isSize) && series.some(({ points }) => points.length > 1)
  );
}

function labelsOf({ series }: Plot): string[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ label }) => label)))];
}

function barsSvg(plot: Plot): string {
  const scale = scaleFor(plot.series.flatMap(({ points }) => points.map(({ value }) => value)));
  const room = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  let y = HEAD_HEIGHT;
  const groups = labelsOf(plot).map((label, index) => {
    if (index > 0) y += BAR.groupGap;
    const heading = `<text x="0" y="${px(y + 12)}" font-weight="600">${escapeText(label)}</text>`;
    y += BAR.height + BAR.gap;
    const bars = plot.series.flatMap(({ name, points }, place) => {
      const point = points.find((one) => one.label === label);
      if (point === undefined) return [];
      const width = Math.max(1, room * scale.of(point.value));
      const text = y + BAR.height - 3;
      const bar = `<text x="${LABEL_WIDTH - 8}" y="${px(text)}" text-anchor="end">${escapeText(name)}</text><rect x="${LABEL_WIDTH}" y="${px(y)}" width="${px(width)}" height="${BAR.height}" rx="2" fill="${colourOf(place)}"/><text x="${px(LABEL_WIDTH + width + 6)}" y="${px(text)}">${figure(point.value)}</text>`;
      y += BAR.height + BAR.gap;
      return [bar];
    });
    return [heading, ...bars].join('\n');
  });
  return frame(plot, y + BAR.gap, scale.isEven, groups.join('\n'));
}

function linesSvg(plot: Plot): string {
  const labels = labelsOf(plot);
  const scale = scaleFor(plot.series.flatMap(({ points }) => points.map(({ value }) => value)));
  const [top, bottom] = [HEAD_HEIGHT + 10, HEAD_HEIGHT + LINES.height];
  const step = (WIDTH - LINES.left - LINES.right) / Math.max(1, labels.length - 1);
  const x = (label: string): number => LINES.left + labels.indexOf(label) * step;
  const y = (value: number): number => bottom - (bottom - top) * scale.of(value);
  const axis = `<path class="axis" fill="none" d="M${LINES.left} ${top}V${bottom}H${px(WIDTH - LINES.right)}"/>`;
  const marks = labels.map(
    (label) =>
      `<text x="${px(x(label))}" y="${px(bottom + 20)}" text-anchor="middle">${escapeText(label)}</text>`,
  );
  const lines = plot.series.map(({ name, points }, place) => {
    const colour = colourOf(place);
    const path = points.map(({ label, value }) => `${px(x(label))},${px(y(value))}`).join(' ');
    const dots = points.map(
      ({ label, value }) =>
        `<circle cx="${px(x(label))}" cy="${px(y(value))}" r="3.5" fill="${colour}"/><text x="${px(x(label))}" y="${px(y(value) - 8)}" text-anchor="middle" style="font-size:11px">${figure(value)}</text>`,
    );
    const key = HEAD_HEIGHT + 18 + place * 20;
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}<rect x="${WIDTH - LINES.right + 14}" y="${key - 9}" width="10" height="10" rx="2" fill="${colour}"/><text x="${WIDTH - LINES.right + 30}" y="${key}">${escapeText(name)}</text>`;
  });
  return frame(plot, bottom + LINES.bottom, scale.isEven, [axis, ...marks, ...lines].join('\n'));
}

export function plotSvg(plot: Plot): string {
  return isOverSizes(plot) ? linesSvg(plot) : barsSvg(plot);
}
