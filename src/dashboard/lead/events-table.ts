/** The stream as a table, newest first, a page at a time. */
import type { StoredEnvelope } from '../../core/events.ts';
import type { Times } from '../../core/times.ts';
import { html, type Html } from '../html.ts';
import type { LeadLinks } from './links.ts';
import { inColumn } from '../parts/time.ts';
import { prettyJson, shortHash } from './text.ts';

export const EVENTS_PAGE = 100;

/** Events after the moment shown that are listed above it. */
const AFTER_MOMENT = 50;

/** The events before `before` (all when null), newest first, a page of them. */
export function eventsPage(
  events: readonly StoredEnvelope[],
  before: number | null,
): readonly StoredEnvelope[] {
  const older = before === null ? events : events.filter(({ seq }) => seq < before);
  return older.slice(-EVENTS_PAGE).toReversed();
}

/** What tells events of one type apart: which prompt, which reason. */
export function dataSummary({ data }: Pick<StoredEnvelope, 'data'>): string {
  const { step, n, attempt, code, reason, driver, duration_ms: duration, columns } = data;
  const parts = [
    typeof step === 'string' ? step : null,
    typeof n === 'number' ? `prompt ${n}` : null,
    typeof attempt === 'number' ? `attempt ${attempt}` : null,
    typeof duration === 'number' ? `${duration} ms` : null,
    typeof driver === 'string' ? driver : null,
    Array.isArray(columns) ? columns.map(String).join(', ') : null,
    typeof code === 'string' ? code : null,
    typeof reason === 'string' ? reason : null,
  ].filter((part) => part !== null);
  if (parts.length > 0) return parts.join(' · ');
  const count = Object.keys(data).length;
  return count === 0 ? '' : `${count} ${count === 1 ? 'field' : 'fields'}`;
}

function dataCell(event: StoredEnvelope): Html {
  const summary = dataSummary(event);
  if (summary === '') return html`<span class="quiet">none</span>`;
  return html`<details id="event-${event.seq}-data">
    <summary>${summary}</summary>
    <pre class="text" tabindex="0">${prettyJson(event.data)}</pre>
  </details>`;
}

function row(event: StoredEnvelope, links: LeadLinks, shownSeq: number, times: Times): Html {
  const { seq, status_to: status } = event;
  return html`<tr id="event-${seq}" class="${seq === shownSeq ? 'shown' : ''}">
    <th scope="row">
      <a href="${links.lead({ at: seq })}" aria-label="Event ${seq}: see the state then">${seq}</a>
    </th>
    <td>${inColumn(event.occurred_at, times)}</td>
    <td>
      <code>${event.type}</code
      >${status === null ? '' : html` <span class="quiet">→ ${status}</span>`}
    </td>
    <td>${event.actor}</td>
    <td>${dataCell(event)}</td>
    <td>${shortHash(event.hash)}</td>
  </tr>`;
}

export interface EventsView {
  readonly events: readonly StoredEnvelope[];
  readonly before: number | null;
  /** The moment shown; null for now. */
  readonly at: number | null;
  readonly times: Times;
}

export function eventsTable({ events, before, at, times }: EventsView, links: LeadLinks): Html {
  const shown = eventsPage(events, before ?? (at === null ? null : at + AFTER_MOMENT + 1));
  const [newest, oldest] = [shown.at(0)?.seq ?? 0, shown.at(-1)?.seq ?? 0];
  const lastSeq = events.at(-1)?.seq ?? 0;
  const newer = newest + EVENTS_PAGE >= lastSeq ? null : newest + EVENTS_PAGE + 1;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Events">
      <table class="data events">
        <thead>
          <tr>
            <th scope="col">Seq</th>
            <th scope="col">Time (${times.zone})</th>
            <th scope="col">Event</th>
            <th scope="col">Actor</th>
            <th scope="col">Data</th>
            <th scope="col">Hash</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((event) => row(event, links, at ?? lastSeq, times))}
        </tbody>
      </table>
    </div>
    <nav class="pages" aria-label="Pages of events">
      ${
        newest >= lastSeq
          ? ''
          : html`<a class="button" rel="prev" href="${links.lead({ at, before: newer })}#events"
              >Newer</a
            >`
      }
      <span>${oldest}–${newest} of ${lastSeq}</span>
      ${
        oldest <= 1
          ? ''
          : html`<a class="button" rel="next" href="${links.lead({ at, before: oldest })}#events"
              >Older</a
            >`
      }
    </nav>`;
}
