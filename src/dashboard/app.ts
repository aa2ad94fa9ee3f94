/** The dashboard as one Hono app: gates first, then the pages. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { messageOf } from '../core/errors.ts';
import { assetRoutes } from './assets.ts';
import { chartRoutes } from './charts/routes.ts';
import type { DashboardDeps } from './deps.ts';
import type { DashboardEnv } from './env.ts';
import { healthRoutes } from './health.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { leadRoutes } from './lead/routes.ts';
import { leadActionRoutes } from './leads/action-routes.ts';
import { leadsRoutes } from './leads/routes.ts';
import { liveRoutes } from './live/routes.ts';
import { createGates } from './security/gate.ts';
import { securityHeaders } from './security/headers.ts';
import { onlyOwnSite } from './security/origin.ts';
import { systemRoutes } from './system/routes.ts';

/** Forms of the dashboard are small. */
const MAX_BODY_BYTES = 64 * 1024;

/** `/healthz` and its like go before `closed`: who asks them has no session. */
export function createDashboard(deps: DashboardDeps): Hono<DashboardEnv> {
  const { open, closed, logout } = createGates(deps);
  const app = new Hono<DashboardEnv>();
  app.use(securityHeaders());
  app.use(onlyOwnSite(deps.access));
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => context.text('The form is too large.\n', 413),
    }),
  );
  app.route('/assets', assetRoutes());
  // Asked for by browsers beside an answer that is no page of ours, such as a refusal.
  app.get('/favicon.ico', (context) => context.redirect('/assets/icon.svg', 302));
  app.route('/', healthRoutes(deps));
  app.route('/', open);
  app.use(closed);
  app.route('/', logout);
  app.get('/', (context) => context.redirect('/leads', 302));
  app.route('/', liveRoutes(deps));
  app.route('/', leadsRoutes(deps));
  app.route('/', leadActionRoutes(deps));
  app.route('/', systemRoutes(deps));
  app.route('/', leadRoutes(deps));
  app.route('/', chartRoutes(deps));

  app.notFound((context) =>
    page(context, deps, {
      title: 'Not found',
      section: null,
      status: 404,
      body: html`<h1>Not found</h1>
        <p>There is nothing at this address.</p>
        <p><a class="button" href="/leads">All leads</a></p>`,
    }),
  );
  app.onError((error, context) => {
    deps.log.error({ path: context.req.path, error }, 'A page of the dashboard failed');
    return page(context, deps, {
      title: 'Cannot be shown',
      section: null,
      status: 503,
      body: html`<h1>Cannot be shown just now</h1>
        <p class="notice bad" role="alert">${messageOf(error)}</p>
        <p><a class="button" href="${context.req.path}">Try again</a></p>`,
    });
  });
  return app;
}
