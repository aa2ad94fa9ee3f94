/** `/charts`: how much is done, how long answers take, and what goes wrong. */
import { Hono } from 'hono';
import { z } from 'zod';
import { STEPS } from '../../core/lifecycle.ts';
import type { ChartCounts, DurationCount } from '../../ports-dashboard.ts';
import type { DashboardDeps } from '../deps.ts';
import type { DashboardEnv } from '../env.ts';
import { attribute, html, type Html } from '../html.ts';
import { page } from '../layout.ts';
import {
  durationMsText,
  durationsSvg,
  LEAD_SERIES,
  leadsSvg,
  REASON_SERIES,
  reasonsSvg,
} from './charts-svg.ts';
import { lastDays, leadsByDay, sinceMs } from './counts.ts';

const RANGES = [7, 30, 90] as const;
const DEFAULT_RANGE = 30;
const REASONS = 12;

const query = z.object({
  days: z.coerce
    .number()
    .refine((days) => RANGES.some((range) => range === days))
    .catch(DEFAULT_RANGE),
});

interface TableRow {
  readonly name: string;
  readonly cells: readonly (string | number)[];
}

function table(head: readonly string[], rows: readonly TableRow[]): Html {
  return html`<div class="table-scroll" tabindex="0">
    <table class="data">
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, cells }) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

interface ChartSection {
  readonly id: string;
  readonly title: string;
  readonly svg: Html;
  readonly legend: readonly { readonly key: string; readonly name: string }[];
  readonly table: Html;
  /** Said instead of an empty chart; null when there is something to show. */
  readonly empty: string | null;
}

function section({ id, title, svg, legend, table: rows, empty }: ChartSection): Html {
  const body =
    empty === null
      ? html`<div class="chart-scroll" tabindex="0" role="region" aria-label="${title}">${svg}</div>
          <ul class="legend">
            ${legend.map(
              ({ key, name }) =>
                html`<li><span class="swatch ${key}" aria-hidden="true"></span>${name}</li>`,
            )}
          </ul>
          <details id="${id}-table">
            <summary>As a table</summary>
            ${rows}
          </details>`
      : html`<p class="quiet">${empty}</p>`;
  return html`<section id="${id}" data-live aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;
}

const DURATION_LEGEND = [
  { key: 'p50', name: 'p50: half of the answers took no longer' },
  { key: 'p95', name: 'p95: 95 of 100 took no longer' },
];

function durationTable(first: string, durations: readonly DurationCount[]): Html {
  return table(
    [first, 'Prompts', 'p50', 'p95'],
    durations.map(({ name, prompts, p50Ms, p95Ms }) => ({
      name,
      cells: [prompts, durationMsText(p50Ms), durationMsText(p95Ms)],
    })),
  );
}

function sectionsOf(counts: ChartCounts, days: readonly string[]): readonly ChartSection[] {
  const leads = leadsByDay(counts, days);
  const byDay = new Map(counts.durationsByDay.map((one) => [one.name, one]));
  const steps = STEPS.flatMap(
    (step) => counts.durationsByStep.find(({ name }) => name === step) ?? [],
  );
  const unanswered = steps.length === 0 ? 'No prompt was answered in these days.' : null;
  return [
    {
      id: 'leads-per-day',
      title: 'Leads per day',
      svg: leadsSvg(leads),
      legend: LEAD_SERIES,
      table: table(
        ['Day (UTC)', ...LEAD_SERIES.map(({ name }) => name)],
        leads
          .map((one) => ({ name: one.day, cells: LEAD_SERIES.map(({ key }) => one[key]) }))
          .toReversed(),
      ),
      empty: counts.leads.length === 0 ? 'No run was started in these days.' : null,
    },
    {
      id: 'durations-by-day',
      title: 'Prompt duration per day',
      svg: durationsSvg(
        'Prompt duration per day',
        days.map((day) => byDay.get(day) ?? null),
        days.map((day) => day.slice(5)),
      ),
      legend: DURATION_LEGEND,
      table: durationTable('Day (UTC)', counts.durationsByDay.toReversed()),
      empty: unanswered,
    },
    {
      id: 'durations-by-step',
      title: 'Prompt duration per step',
      svg: durationsSvg(
        'Prompt duration per step',
        steps,
        steps.map(({ name }) => name),
      ),
      legend: DURATION_LEGEND,
      table: durationTable('Step', steps),
      empty: unanswered,
    },
    {
      id: 'reasons',
      title: 'Retries and failures by reason',
      svg: reasonsSvg(counts.reasons),
      legend: REASON_SERIES,
      table: table(
        ['Reason', ...REASON_SERIES.map(({ name }) => name)],
        counts.reasons.map((one) => ({
          name: one.reason,
          cells: REASON_SERIES.map(({ key }) => one[key]),
        })),
      ),
      empty: counts.reasons.length === 0 ? 'Nothing failed in these days.' : null,
    },
  ];
}

export function chartRoutes(deps: DashboardDeps): Hono<DashboardEnv> {
  const routes = new Hono<DashboardEnv>();
  routes.get('/charts', async (context) => {
    const { days: count } = query.parse(context.req.query());
    const nowMs = deps.clock.now();
    const counts = await deps.charts.counts({ sinceMs: sinceMs(nowMs, count), reasons: REASONS });
    const body = html`<div class="charts">
      <div class="head">
        <h1>Charts</h1>
        <nav class="runs" aria-label="Days shown">
          ${RANGES.map(
            (range) =>
              html`<a
                class="button small"
                href="/charts?days=${range}"
                ${attribute('aria-current', range === count ? 'true' : null)}
                >${range} days</a
              >`,
          )}
        </nav>
      </div>
      ${sectionsOf(counts, lastDays(nowMs, count)).map(section)}
    </div>`;
    return page(context, deps, { title: 'Charts', section: 'charts', styles: ['lead.css'], body });
  });
  return routes;
}
