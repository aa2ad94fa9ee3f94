/** The page of one lead. */
import type { StoredEnvelope } from '../../core/events.ts';
import { msOf } from '../../core/instant.ts';
import type { RecordedRun } from '../../core/recorded.ts';
import type { Times } from '../../core/times.ts';
import type { LeadRow } from '../../ports.ts';
import { attribute, html, type Html } from '../html.ts';
import { nameOf } from '../leads/name.ts';
import { statusChip } from '../parts/chip.ts';
import { instant } from '../parts/time.ts';
import { artifactList } from './artifact-list.ts';
import { runsOf } from './artifacts.ts';
import { eventsTable } from './events-table.ts';
import type { LeadLinks } from './links.ts';
import { replay, type Replay } from './replay.ts';
import { standing } from './standing.ts';
import { breadcrumbs } from './text.ts';
import { timelineLegend, timelineSvg, timelineTable } from './timeline-svg.ts';
import { momentsOfRun, timelineOf } from './timeline.ts';
import { travel } from './travel.ts';

export interface LeadView {
  readonly leadId: string;
  /** Null when the row is gone; its stream stays. */
  readonly row: LeadRow | null;
  readonly events: readonly StoredEnvelope[];
  /** The seq of the moment shown; null for now. */
  readonly at: number | null;
  /** The run whose timeline and files are shown; null for the last. */
  readonly runId: string | null;
  /** Events before this seq are listed; null from the newest on. */
  readonly before: number | null;
  readonly nowMs: number;
  readonly times: Times;
}

const SECTIONS = [
  ['standing', 'Where it stands'],
  ['timeline', 'Timeline'],
  ['artifacts', 'Files'],
  ['events', 'Events'],
] as const;

function runPicker(
  runs: readonly RecordedRun[],
  shown: string,
  view: LeadView,
  links: LeadLinks,
): Html | '' {
  if (runs.length < 2) return '';
  return html`<nav class="runs" aria-label="Runs">
    ${runs.map(
      ({ runId }) =>
        html`<a
          class="button"
          href="${links.lead({ at: view.at, run: runId })}#timeline"
          ${attribute('aria-current', runId === shown ? 'true' : null)}
          >${runId}</a
        >`,
    )}
    <a href="${links.diff()}">Compare two runs</a>
  </nav>`;
}

function timelineSection({ moments }: Replay, runId: string, nowMs: number, times: Times): Html {
  const timeline = timelineOf(momentsOfRun(moments, runId), nowMs);
  if (timeline === null) return html`<p class="quiet">Nothing has happened in this run yet.</p>`;
  return html`<div class="timeline-scroll" tabindex="0" role="region" aria-label="Timeline">
      ${timelineSvg(timeline, times)}
    </div>
    ${timelineLegend(timeline)}
    <details id="timeline-table">
      <summary>The timeline as a table</summary>
      <div class="table-scroll" tabindex="0">${timelineTable(timeline, times)}</div>
    </details>`;
}

/** A region that keeps itself up to date, but for a moment of the past, which does not change. */
function region(id: string, title: string, isLive: boolean, body: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title" ${attribute('data-live', isLive)}>
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;
}

function rowNotice({ row, at }: LeadView): Html | '' {
  if (at !== null) return '';
  if (row === null) {
    return html`<p class="notice wait">
      The lead's row is gone from junior_leads. Its stream stays.
    </p>`;
  }
  return row.last_error === null ? '' : html`<p class="notice bad">${row.last_error}</p>`;
}

/** Who they are today: the id, which the breadcrumbs show as well, where nobody knows a name. */
function heading({ row, leadId }: LeadView): Html {
  const name = row === null ? null : nameOf(row);
  return name === null ? html`Lead <span class="id">${leadId}</span>` : html`${name}`;
}

/** `actions`: what can be done to the lead now. */
export function leadPage(view: LeadView, links: LeadLinks, actions: Html | ''): Html {
  const { leadId, events, at, row, times } = view;
  const shown = replay(events, at);
  const runs = runsOf(shown.moments);
  const runId = view.runId ?? runs.at(-1)?.runId ?? null;
  const run = runs.find((one) => one.runId === runId);
  const momentMs = at === null ? view.nowMs : msOf(shown.moments.at(-1)?.event.occurred_at ?? '');
  const isLive = at === null;
  const status = at === null ? (row?.status ?? shown.state.status) : shown.state.status;
  // Both are there before a run is, so that they can come to life with it.
  const none = html`<p class="quiet">No run has started yet.</p>`;
  const timeline =
    run === undefined
      ? none
      : html`${runPicker(runs, run.runId, view, links)}${timelineSection(shown, run.runId, momentMs, times)}`;
  const files =
    run === undefined
      ? none
      : html`<p class="quiet">Of run <code>${run.runId}</code>.</p>
          ${artifactList(run, links)}`;
  return html`<div class="lead" data-lead="${leadId}">
    ${breadcrumbs([
      { name: 'Leads', href: '/leads' },
      { name: leadId, href: null },
    ])}
    <div class="lead-head" id="lead-head" ${attribute('data-live', isLive)}>
      <h1>${heading(view)}</h1>
      ${statusChip(status)} ${rowNotice(view)} ${isLive ? actions : ''}
    </div>
    ${
      isLive
        ? ''
        : html`<p class="notice" role="status">
            <span>
              You look at the past: the state after event ${shown.state.seq},
              ${instant(shown.moments.at(-1)?.event.occurred_at ?? '', times)}.
            </span>
          </p>`
    }
    <nav class="on-page" aria-label="On this page">
      ${SECTIONS.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}
      ${runs.length > 1 ? html`<a href="${links.diff()}">Compare runs</a>` : ''}
    </nav>
    ${region(
      'standing',
      'Where it stands',
      isLive,
      html`${travel(events, at, links, times)}${standing(shown, momentMs, links, times)}`,
    )}
    ${region('timeline', 'Timeline', isLive, timeline)}
    ${region('artifacts', 'Files', isLive, files)}
    ${region('events', 'Events', isLive, eventsTable(view, links))}
  </div>`;
}
