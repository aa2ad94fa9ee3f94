/**
 * Who asks: a page of our own, or another site's by way of the operator's browser. A foreign name in
 * Host is DNS rebinding; a foreign Origin, or `Sec-Fetch-Site`, is another site.
 */
import type { MiddlewareHandler } from 'hono';
import type { Access } from '../deps.ts';
import type { DashboardEnv } from '../env.ts';

const READS = new Set(['GET', 'HEAD']);

/** `127.0.0.1:4400` → `127.0.0.1`; `[::1]:4400` → `[::1]`. Null for what is no host. */
export function hostName(header: string | undefined): string | null {
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? '')?.[1];
  return name === undefined ? null : name.toLowerCase();
}

/** Is this write from one of our own pages? Null when it is, else what is wrong. */
export function foreignWrite(
  headers: {
    readonly host: string;
    readonly origin: string | undefined;
    readonly fetchSite: string | undefined;
  },
  /** Of DASHBOARD_URL: a proxy there may give another Host. */
  ownOrigin: string | null = null,
): string | null {
  const { host, origin, fetchSite } = headers;
  if (fetchSite !== undefined && fetchSite !== 'same-origin') {
    return `it comes from another site (Sec-Fetch-Site: ${fetchSite})`;
  }
  if (origin === undefined) {
    return fetchSite === undefined ? 'it does not say where it comes from (no Origin)' : null;
  }
  const isOwn = [`http://${host}`, `https://${host}`, ownOrigin].includes(origin);
  return isOwn ? null : 'it comes from another site (Origin)';
}

/**
 * By what the browser says of the page it is on: behind a proxy that speaks https for us the request
 * itself is plain, and to a page under plain http a Secure cookie never comes back. One that says
 * nothing is taken to be where DASHBOARD_URL leads.
 */
export function isUnderHttps(origin: string | undefined, ownOrigin: string | null): boolean {
  return (origin ?? ownOrigin)?.startsWith('https:') === true;
}

/** Another site may lead here by a link, and may load nothing from here. */
function isForeignRead(fetchSite: string | undefined, fetchMode: string | undefined): boolean {
  if (fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none') return false;
  return fetchMode !== 'navigate';
}

export function onlyOwnSite({
  isOwnHost,
  ownOrigin,
}: Pick<Access, 'isOwnHost' | 'ownOrigin'>): MiddlewareHandler<DashboardEnv> {
  return async (context, next) => {
    const host = context.req.header('Host') ?? '';
    const name = hostName(host);
    if (name === null || !isOwnHost(name)) {
      return context.text(
        'This name does not belong to the dashboard. Open it under the address that planline prints, or set DASHBOARD_URL to the address you use.\n',
        421,
      );
    }
    const fetchSite = context.req.header('Sec-Fetch-Site');
    if (READS.has(context.req.method)) {
      if (isForeignRead(fetchSite, context.req.header('Sec-Fetch-Mode'))) {
        return context.text('Other sites may not load anything from the dashboard.\n', 403);
      }
    } else {
      const origin = context.req.header('Origin');
      const fault = foreignWrite({ host, origin, fetchSite }, ownOrigin);
      if (fault !== null) return context.text(`Refused: ${fault}.\n`, 403);
    }
    return next();
  };
}
