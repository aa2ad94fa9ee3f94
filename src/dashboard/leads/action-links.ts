/** Buttons for what may be done to a lead; each leads to a question, which a script asks in a dialog. */
import { html, type Html } from '../html.ts';
import { actionsFor, WORDS } from './actions.ts';

export interface ActionLinks {
  readonly id: string;
  readonly status: string | null;
  /** The page's own address, to come back to. */
  readonly back: string;
  /** Of the lead, for who does not see the row that the button stands in; null where it is plain. */
  readonly about: string | null;
}

export function actionLinks({ id, status, back, about }: ActionLinks): Html {
  const base = `/leads/${encodeURIComponent(id)}`;
  const query = new URLSearchParams({ back }).toString();
  return html`<div class="actions">
    ${actionsFor(status).map(
      (action) =>
        html`<a
          class="button small${action === 'forget' ? ' quiet' : ''}"
          data-confirm
          href="${base}/${action}?${query}"
          >${WORDS[action].name}${about === null ? '' : html`<span class="hidden"> ${about}</span>`}</a
        >`,
    )}
  </div>`;
}
