import { Hono } from 'hono';
import type { DashboardDeps } from '../deps.ts';
import type { DashboardEnv } from '../env.ts';
import { html } from '../html.ts';
import { page } from '../layout.ts';

const PAGE = 50;

export function leadsRoutes(deps: DashboardDeps): Hono<DashboardEnv> {
  const routes = new Hono<DashboardEnv>();
  routes.get('/leads', async (context) => {
    const leads = await deps.directory.list({ limit: PAGE });
    const body = html`<h1>Leads</h1>
      <table id="leads" data-live>
        <thead>
          <tr>
            <th scope="col">Lead</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          ${leads.map(
            (lead) =>
              html`<tr id="lead-${lead.id}">
                <td><a href="/leads/${encodeURIComponent(lead.id)}">${lead.id}</a></td>
                <td>${lead.status}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;
    return page(context, deps, { title: 'Leads', section: 'leads', body });
  });
  return routes;
}
