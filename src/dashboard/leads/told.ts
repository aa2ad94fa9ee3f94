/** What was done just before, out of the address that the action led to. */
import type { DashboardContext } from '../env.ts';
import { html, type Html } from '../html.ts';
import { isAction, WORDS } from './actions.ts';

const isCount = (text: string | undefined): boolean => /^\d{1,4}$/.test(text ?? '');

/** What an erasure left to a person; the command names the files. */
function restText(lead: string, { left, differing }: Readonly<Record<string, string>>): Html {
  const again = html`<code>planline forget ${lead}</code>`;
  const away = isCount(left)
    ? html` ${left} of its files could not be reached: mount their disk, then ${again}.`
    : '';
  const other = isCount(differing)
    ? html` ${differing} of its zips are not what was recorded: ${again} names them, to be looked at
      and deleted by hand.`
    : '';
  return html`${away}${other}`;
}

export function told(context: DashboardContext): Html | '' {
  const query = context.req.query();
  const { done = '', lead = '' } = query;
  // Any site can link here: only what an action leads to is said in the dashboard's own words.
  if (!isAction(done) || !/^[\w-]{1,100}$/.test(lead)) return '';
  return html`<p class="notice" role="status" id="told">
    <span>Lead <span class="mono">${lead}</span> ${WORDS[done].done}.${restText(lead, query)}</span>
  </p>`;
}
