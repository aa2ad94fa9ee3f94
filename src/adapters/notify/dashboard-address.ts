/** Addresses of the dashboard's pages, for messages. */
import type { DashboardLink } from '../../core/notification-text.ts';

/** Null without a dashboard. `dashboardUrl` may have a path of its own, behind a proxy. */
export function addressOf({ path }: DashboardLink, dashboardUrl: string | null): string | null {
  if (dashboardUrl === null) return null;
  return `${dashboardUrl.replace(/\/+$/, '')}${path}`;
}
