/** The frame of every page: head, bar, sections, foot. */
import type { DashboardDeps } from './deps.ts';
import type { DashboardContext } from './env.ts';
import { attribute, html, type Html } from './html.ts';

export type Section = 'leads' | 'charts' | 'system';

const SECTIONS: readonly { readonly id: Section; readonly href: string; readonly name: string }[] =
  [
    { id: 'leads', href: '/leads', name: 'Leads' },
    { id: 'charts', href: '/charts', name: 'Charts' },
    { id: 'system', href: '/system', name: 'System' },
  ];

function document(title: string, body: Html, styles: readonly string[] = []): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title} · planline</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
        ${styles.map((name) => html`<link rel="stylesheet" href="/assets/${name}" />`)}
        <script type="module" src="/assets/live.js"></script>
        <script type="module" src="/assets/confirm.js"></script>
        <script type="module" src="/assets/lead.js"></script>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

/** A page without the bar: login, refusals. */
export function bare(title: string, body: Html): Html {
  return document(title, html`<main id="main" class="bare">${body}</main>`);
}

/** To be put into every form that is sent by POST. */
export function csrfField(context: DashboardContext): Html {
  return html`<input type="hidden" name="csrf" value="${context.get('csrfToken')}" />`;
}

function logout(context: DashboardContext): Html {
  return html`<form method="post" action="/logout">
    ${csrfField(context)}
    <button class="quiet" type="submit">Log out</button>
  </form>`;
}

function bar(context: DashboardContext, deps: DashboardDeps, section: Section | null): Html {
  return html`<header class="bar">
    <a class="brand" href="/leads"><span aria-hidden="true"></span>planline</a>
    <nav aria-label="Sections">
      ${SECTIONS.map(
        ({ id, href, name }) =>
          html`<a href="${href}" ${attribute('aria-current', id === section ? 'page' : null)}
            >${name}</a
          >`,
      )}
    </nav>
    ${deps.daemon === null ? html`<span class="badge">reading only</span>` : ''}
    <span class="link" id="link" role="status" data-state="none"></span>
    ${deps.access.token === null ? '' : logout(context)}
  </header>`;
}

export interface PageOptions {
  readonly title: string;
  readonly section: Section | null;
  readonly body: Html;
  /** Names of further style sheets under /assets. */
  readonly styles?: readonly string[];
  readonly status?: 200 | 400 | 404 | 409 | 503;
}

/**
 * A whole page. Elements with `data-live` and an id are kept up to date: when something changes, the
 * client fetches the page again and brings them to what it says now.
 */
export function page(
  context: DashboardContext,
  deps: DashboardDeps,
  { title, section, body, styles = [], status = 200 }: PageOptions,
): Response | Promise<Response> {
  const whole = html`
    <a class="skip" href="#main">Skip to the content</a>
    ${bar(context, deps, section)}
    <main id="main" tabindex="-1">${body}</main>
    <footer><p>planline ${deps.version}</p></footer>
  `;
  return context.html(document(title, whole, styles), status);
}
