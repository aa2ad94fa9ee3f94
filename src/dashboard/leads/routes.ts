/** The list of leads: search, filter, order, pages, and what may be done. */
import { Hono } from 'hono';
import { isPlanlineError } from '../../core/errors.ts';
import type { LeadItem, StatusCount } from '../../ports-dashboard.ts';
import type { DashboardDeps } from '../deps.ts';
import type { DashboardContext, DashboardEnv } from '../env.ts';
import { attribute, html, type Html } from '../html.ts';
import { page } from '../layout.ts';
import { statusText } from '../parts/chip.ts';
import { row, type RowContext } from './row.ts';
import { told } from './told.ts';
import { hrefOf, orderName, ORDERS, pageOf, queryOf, viewOf, type ListView } from './view.ts';

/** A table in use may have any number of statuses of its own. */
const STATUSES_SHOWN = 12;
const numbers = new Intl.NumberFormat('en-GB');

function filters(view: ListView): Html {
  const { status } = view;
  return html`<form class="filters" method="get" action="/leads" role="search" data-autosubmit>
    <div>
      <label for="q">Search</label>
      <input
        id="q"
        name="q"
        type="search"
        value="${view.text}"
        placeholder="Name, id or error"
        maxlength="200"
      />
    </div>
    <div>
      <label for="sort">Order</label>
      <select id="sort" name="sort">
        ${ORDERS.map(
          ({ name, text }) =>
            html`<option value="${name}" ${attribute('selected', name === orderName(view))}>
              ${text}
            </option>`,
        )}
      </select>
    </div>
    ${status === null ? '' : html`<input type="hidden" name="status" value="${status}" />`}
    <button type="submit">Search</button>
  </form>`;
}

function statusLink(view: ListView, status: string | null, text: string, leads: number): Html {
  const href = hrefOf({ ...view, status, from: null });
  return html`<li>
    <a href="${href}" ${attribute('aria-current', view.status === status ? 'true' : null)}
      >${text} <span class="count">${numbers.format(leads)}</span></a
    >
  </li>`;
}

function statuses(view: ListView, counts: readonly StatusCount[]): Html {
  const all = counts.reduce((sum, { leads }) => sum + leads, 0);
  return html`<ul class="statuses" id="statuses" data-live aria-label="Filter by status">
    ${statusLink(view, null, 'All', all)}
    ${counts
      .slice(0, STATUSES_SHOWN)
      .map(({ status, leads }) => statusLink(view, status ?? '', statusText(status), leads))}
  </ul>`;
}

function none(view: ListView): Html {
  if (view.text !== '' || view.status !== null) {
    return html`<p class="empty">No lead is like that. <a href="/leads">Show all leads</a></p>`;
  }
  return html`<p class="empty">
    No leads yet. Add one: <code>planline add --description-file client.txt</code>
  </p>`;
}

function list(rows: readonly LeadItem[], context: RowContext): Html {
  return html`<table class="cards leads">
    <caption class="hidden">
      Leads
    </caption>
    <thead>
      <tr>
        <th scope="col">Lead</th>
        <th scope="col">Status</th>
        <th scope="col">Prompts</th>
        <th scope="col">Time</th>
        <th scope="col">Last error</th>
        ${context.canAct ? html`<th scope="col"><span class="hidden">Actions</span></th>` : ''}
      </tr>
    </thead>
    <tbody>
      ${rows.map((lead) => row(lead, context))}
    </tbody>
  </table>`;
}

function pager(previous: string | null, next: string | null): Html {
  if (previous === null && next === null) return html``;
  return html`<nav class="pager" aria-label="Pages">
    ${previous === null ? html`<span></span>` : html`<a class="button" href="${previous}">Previous</a>`}
    ${next === null ? html`<span></span>` : html`<a class="button" href="${next}">Next</a>`}
  </nav>`;
}

async function show(context: DashboardContext, deps: DashboardDeps): Promise<Response> {
  const view = viewOf(new URL(context.req.url).searchParams);
  const [read, counts] = await Promise.all([
    deps.reader.list(queryOf(view)),
    deps.reader.counts(view.text),
  ]);
  const { rows, previous, next } = pageOf(view, read);
  if (rows.length === 0 && view.from !== null) {
    return context.redirect(hrefOf({ ...view, from: null }), 302);
  }
  const rowContext = {
    nowMs: deps.clock.now(),
    href: hrefOf(view),
    canAct: deps.actions !== null,
  };
  const body = html`<h1 class="head">Leads</h1>
    ${told(context)} ${filters(view)} ${statuses(view, counts)}
    <div id="list" data-live>
      <div class="panel">${rows.length === 0 ? none(view) : list(rows, rowContext)}</div>
      ${pager(previous, next)}
    </div>`;
  const styles = ['leads.css'];
  return page(context, deps, { title: 'Leads', section: 'leads', body, styles });
}

export function leadsRoutes(deps: DashboardDeps): Hono<DashboardEnv> {
  const routes = new Hono<DashboardEnv>();
  routes.get('/leads', async (context) => {
    try {
      return await show(context, deps);
    } catch (error) {
      // An address that was typed or cut: the list from its beginning is what is meant.
      const hasPlace = /[?&](after|before)=/.test(context.req.url);
      if (!hasPlace || isPlanlineError(error, 'unavailable')) throw error;
      return context.redirect('/leads', 302);
    }
  });
  return routes;
}
