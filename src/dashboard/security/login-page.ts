import { durationText } from '../../core/duration-text.ts';
import { html, type Html } from '../html.ts';
import { bare } from '../layout.ts';

export type LoginFault =
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly waitMs: number };

function faultText(fault: LoginFault): string {
  return fault.kind === 'wrong'
    ? 'That is not the token. It is the value of DASHBOARD_TOKEN.'
    : `Too many wrong tokens. Try again in ${durationText(fault.waitMs)}.`;
}

export function loginPage(to: string, fault: LoginFault | null): Html {
  const body = html`
    <form class="login" method="post" action="/login">
      <h1>planline</h1>
      ${fault === null ? '' : html`<p class="notice bad" role="alert">${faultText(fault)}</p>`}
      <input type="hidden" name="to" value="${to}" />
      <label for="token">Token</label>
      <input
        id="token"
        name="token"
        type="password"
        autocomplete="current-password"
        required
        autofocus
      />
      <button class="primary" type="submit">Open the dashboard</button>
    </form>
  `;
  return bare('Log in', body);
}
