/** Small things that several sections write alike. */
import { html, type Html } from '../html.ts';

/** As many characters as tell hashes apart at a glance; the whole on hovering. */
export function shortHash(hash: string): Html {
  return html`<code class="hash" title="${hash}">${hash.slice(0, 10)}</code>`;
}

/** JSON for people; maps become objects. */
export function prettyJson(value: unknown): string {
  const plain = (_key: string, entry: unknown): unknown =>
    entry instanceof Map ? Object.fromEntries(entry) : entry;
  return JSON.stringify(value, plain, 2);
}

export interface Crumb {
  readonly name: string;
  /** Null for the page itself. */
  readonly href: string | null;
}

export function breadcrumbs(crumbs: readonly Crumb[]): Html {
  return html`<nav class="crumbs" aria-label="Breadcrumbs">
    <ol>
      ${crumbs.map(
        ({ name, href }) =>
          html`<li>
            ${
              href === null
                ? html`<span aria-current="page">${name}</span>`
                : html`<a href="${href}">${name}</a>`
            }
          </li>`,
      )}
    </ol>
  </nav>`;
}
