/** The three charts. Series differ by shade and by order, and are written out in the tables. */
import { durationText } from '../../core/duration-text.ts';
import type { DurationCount, ReasonCount } from '../../ports-dashboard.ts';
import { html, type Html } from '../html.ts';
import type { DayOfLeads } from './counts.ts';
import { plotOf, plotSvg } from './plot.ts';
import { ticks } from './scale.ts';

/** `11-24` of `2026-11-24`. */
const shortDay = (day: string): string => day.slice(5);

export const LEAD_SERIES = [
  { key: 'started', name: 'runs started' },
  { key: 'archived', name: 'archived' },
  { key: 'blocked', name: 'blocked' },
] as const;

export function leadsSvg(days: readonly DayOfLeads[]): Html {
  const most = Math.max(0, ...days.flatMap((day) => LEAD_SERIES.map(({ key }) => day[key])));
  const marks = ticks(most, 4, true);
  const plot = plotOf(days.length, marks.at(-1) ?? 1);
  const width = Math.min(18, (plot.columnWidth * 0.8) / LEAD_SERIES.length);
  const bars = days.map((day, index) =>
    LEAD_SERIES.map(({ key, name }, place) => {
      const value = day[key];
      if (value === 0) return '';
      const x = plot.x(index) + (place - LEAD_SERIES.length / 2) * width;
      return html`<rect
        class="bar ${key}"
        x="${x}"
        y="${plot.y(value)}"
        width="${Math.max(1, width - 1)}"
        height="${plot.bottom - plot.y(value)}"
      >
        <title>${day.day}: ${value} ${name}</title>
      </rect>`;
    }),
  );
  const frame = {
    title: 'Leads per day',
    labels: days.map(({ day }) => shortDay(day)),
    ticks: marks,
    tickText: String,
    plot,
  };
  return plotSvg(frame, html`${bars}`);
}

export function durationMsText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${Number((ms / 1_000).toPrecision(3))} s` : durationText(ms);
}

/** A span from median to 95th percentile for each column: what is usual, and what may happen. */
export function durationsSvg(
  title: string,
  columns: readonly (DurationCount | null)[],
  labels: readonly string[],
): Html {
  const most = Math.max(1, ...columns.map((column) => column?.p95Ms ?? 0));
  const marks = ticks(most, 4, false);
  const plot = plotOf(columns.length, marks.at(-1) ?? 1);
  const width = Math.min(26, plot.columnWidth * 0.6);
  const spans = columns.map((column, index) => {
    if (column === null) return '';
    const { p50Ms, p95Ms, prompts } = column;
    const [x, high, low] = [plot.x(index), plot.y(p95Ms), plot.y(p50Ms)];
    return html`<g class="range">
      <title>
        ${column.name}: p50 ${durationMsText(p50Ms)}, p95 ${durationMsText(p95Ms)}, ${prompts}
        prompts
      </title>
      <rect x="${x - width / 2}" y="${high}" width="${width}" height="${Math.max(2, low - high)}" />
      <line
        class="p50"
        x1="${x - width / 2 - 3}"
        x2="${x + width / 2 + 3}"
        y1="${low}"
        y2="${low}"
      />
      <line class="p95" x1="${x - width / 2}" x2="${x + width / 2}" y1="${high}" y2="${high}" />
    </g>`;
  });
  const frame = { title, labels, ticks: marks, tickText: durationMsText, plot };
  return plotSvg(frame, html`${spans}`);
}

export const REASON_SERIES = [
  { key: 'retried', name: 'failed attempts' },
  { key: 'repaired', name: 'answers refused and mended' },
  { key: 'blocked', name: 'blocked' },
] as const;

const BAR = { width: 760, row: 46, height: 14, right: 90 };

/** Bars to the right with the reason above each, as reasons are sentences. */
export function reasonsSvg(reasons: readonly ReasonCount[]): Html {
  const total = (one: ReasonCount): number => one.retried + one.repaired + one.blocked;
  const most = Math.max(1, ...reasons.map(total));
  const perCount = (BAR.width - BAR.right) / most;
  const height = reasons.length * BAR.row + 4;
  return html`<svg
    class="chart"
    viewBox="0 0 ${BAR.width} ${height}"
    width="${BAR.width}"
    height="${height}"
    role="img"
    aria-label="Retries and failures by reason; the same as a table below"
  >
    ${reasons.map((reason, index) => {
      const y = index * BAR.row;
      let x = 0;
      const bars = REASON_SERIES.map(({ key, name }) => {
        const value = reason[key];
        if (value === 0) return '';
        const from = x;
        x += value * perCount;
        return html`<rect
          class="bar ${key}"
          x="${from}"
          y="${y + 22}"
          width="${Math.max(2, value * perCount - 1)}"
          height="${BAR.height}"
        >
          <title>${value} ${name}</title>
        </rect>`;
      });
      return html`<g>
        <title>${reason.reason}</title>
        <text class="reason" x="0" y="${y + 16}">${shortened(reason.reason)}</text>
        ${bars}<text x="${x + 6}" y="${y + 34}">${total(reason)}</text>
      </g>`;
    })}
  </svg>`;
}

const MOST_CHARACTERS = 105;

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
