/** The system page: is everything well, and the one thing to do when it is not. */
import { Hono } from 'hono';
import type { DashboardDeps } from '../deps.ts';
import type { DashboardEnv } from '../env.ts';
import { html, type Html } from '../html.ts';
import { csrfField, page } from '../layout.ts';
import { accountPanel } from './account.ts';
import { daemonPanel, leasesPanel, queuePanel } from './panels.ts';

function panel(id: string, content: Html, isWide = false): Html {
  return html`<section class="panel padded${isWide ? ' wide' : ''}" id="${id}">
    ${content}
  </section>`;
}

const ALONE = html`<p class="notice">
  <span
    >This dashboard runs by itself and reads the database only. What a daemon knows of Realtime and
    of the chat account is on the dashboard that the daemon serves.</span
  >
</p>`;

export function systemRoutes(deps: DashboardDeps): Hono<DashboardEnv> {
  const { daemon, clock, times, reader } = deps;
  const routes = new Hono<DashboardEnv>();

  routes.get('/system', async (context) => {
    const overview = await reader.overview();
    const nowMs = clock.now();
    const own =
      daemon === null
        ? ''
        : html`${panel('daemon', daemonPanel(daemon, nowMs, times))}
          ${panel('account', accountPanel(daemon, csrfField(context), nowMs, times))}`;
    const body = html`<h1 class="head">System</h1>
      ${daemon === null ? ALONE : ''}
      <div class="grid" id="system" data-live>
        ${own} ${panel('queue', queuePanel(overview), true)}
        ${panel('leases', leasesPanel(overview), true)}
      </div>`;
    const styles = ['system.css'];
    return page(context, deps, { title: 'System', section: 'system', body, styles });
  });

  if (daemon === null) return routes;
  routes.post('/system/pause', async (context) => {
    await daemon.account.pause();
    return context.redirect('/system', 303);
  });
  routes.post('/system/resume', async (context) => {
    await daemon.account.resume();
    return context.redirect('/system', 303);
  });
  return routes;
}
