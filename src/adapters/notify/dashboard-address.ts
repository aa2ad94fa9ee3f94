/** Addresses of the dashboard's pages, for messages. */
import type { DashboardLink } from '../../core/notification-text.ts';

/** Null without a dashboard. `dashboardUrl` has no path, but perhaps a slash at its end. */
export function addressOf({ path }: DashboardLink, dashboardUrl: string | null): string | null {
  if (dashboardUrl === null) return null;
  return `${dashboardUrl.replace(/\/+$/, '')}${path}`;
}
