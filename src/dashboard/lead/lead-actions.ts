/** What can be done to the lead now, each asked once by the pages of the list's actions. */
import type { LeadRow } from '../../ports.ts';
import type { DashboardDeps } from '../deps.ts';
import { html, type Html } from '../html.ts';
import { actionsFor, WORDS } from '../leads/actions.ts';

/** Nothing where the row is gone, or where the dashboard only reads. `back`: this page's address. */
export function leadActions(
  { actions }: Pick<DashboardDeps, 'actions'>,
  row: LeadRow | null,
  back: string,
): Html | '' {
  if (actions === null || row === null) return '';
  const base = `/leads/${encodeURIComponent(row.id)}`;
  return html`<div class="actions">
    ${actionsFor(row.status).map(
      (action) =>
        html`<a
          class="button small${action === 'forget' ? ' quiet' : ''}"
          data-confirm
          href="${base}/${action}?${new URLSearchParams({ back }).toString()}"
          >${WORDS[action].name}</a
        >`,
    )}
  </div>`;
}
