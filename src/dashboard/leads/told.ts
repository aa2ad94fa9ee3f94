/** What was done just before, out of the address that the action led to. */
import type { DashboardContext } from '../env.ts';
import { html, type Html } from '../html.ts';
import { isAction, WORDS } from './actions.ts';

export function told(context: DashboardContext): Html | '' {
  const { done = '', lead = '', left } = context.req.query();
  // Any site can link here: only what an action leads to is said in the dashboard's own words.
  if (!isAction(done) || !/^[\w-]{1,100}$/.test(lead)) return '';
  const rest =
    left === undefined || !/^\d{1,4}$/.test(left)
      ? ''
      : html` ${left} of its files could not be reached: mount their disk, then
          <code>planline forget ${lead}</code>.`;
  return html`<p class="notice" role="status" id="told">
    <span>Lead <span class="mono">${lead}</span> ${WORDS[done].done}.${rest}</span>
  </p>`;
}
