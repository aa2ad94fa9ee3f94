/** Time travel: any event of the stream, and the state that was folded then. */
import type { StoredEnvelope } from '../../core/events.ts';
import type { Times } from '../../core/times.ts';
import { html, type Html } from '../html.ts';
import { instant } from '../parts/time.ts';
import type { LeadLinks } from './links.ts';

function step(name: string, href: string | null, rel: 'prev' | 'next'): Html {
  return href === null
    ? html`<span class="button" aria-disabled="true">${name}</span>`
    : html`<a class="button" rel="${rel}" href="${href}">${name}</a>`;
}

/** `at`: the moment shown; null for now. */
export function travel(
  events: readonly StoredEnvelope[],
  at: number | null,
  links: LeadLinks,
  times: Times,
): Html | '' {
  const last = events.at(-1);
  if (last === undefined) return '';
  const seq = at ?? last.seq;
  const shown = events.find((event) => event.seq === seq) ?? last;
  const to = (target: number): string | null =>
    target < 1 || target > last.seq ? null : links.lead({ at: target });
  return html`<form class="travel" method="get" action="${links.lead()}" id="travel">
    ${step('◀ Previous', to(seq - 1), 'prev')}
    <label>
      <span>Event <output id="travel-seq">${seq}</output> of ${last.seq}</span>
      <input type="range" name="at" min="1" max="${last.seq}" value="${seq}" data-travel />
    </label>
    <button type="submit">Show</button>
    ${step('Next ▶', to(seq + 1), 'next')}
    ${at === null ? '' : html`<a class="button primary" href="${links.lead()}">Back to now</a>`}
    <p class="quiet">${shown.type}, ${instant(shown.occurred_at, times)}, by ${shown.actor}</p>
  </form>`;
}
