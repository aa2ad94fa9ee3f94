/** The part of config.ts that is about the dashboard. */
import { hostname } from 'node:os';
import { z } from 'zod';
import { url } from './config-fields.ts';

export interface DashboardSettings {
  readonly host: string;
  readonly port: number;
  /** Null where only this machine can connect, and everybody on it may. */
  readonly token: string | null;
  /** Under which the operator opens it; null for the address that it listens on. */
  readonly url: string | null;
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;
export const DASHBOARD_HOST = '127.0.0.1';

/** Null switches the dashboard off. */
export const dashboardPort = z
  .string()
  .trim()
  .transform((text, context) => {
    if (text === 'off' || text === '0') return null;
    const port = Number(text);
    if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
    context.addIssue({ code: 'custom', message: 'must be a port from 1 to 65535, or off' });
    return z.NEVER;
  });

/** Pages and messages link from the root of this address. */
export const dashboardUrl = url(['https://', 'http://']).refine((text) => {
  const { pathname, search, hash } = new URL(text);
  return pathname === '/' && search === '' && hash === '';
}, 'must have no path: give the dashboard a name or a port of its own, such as https://planline.example.org');

/** What is wrong with DASHBOARD_TOKEN for these variables; null when nothing is, or nobody listens. */
export function tokenFault({
  DASHBOARD_PORT: port,
  DASHBOARD_HOST: host,
  DASHBOARD_URL: address,
  DASHBOARD_TOKEN: token,
}: Readonly<Record<string, string | undefined>>): string | null {
  if (token !== undefined || dashboardPort.safeParse(port).data === null) return null;
  const name = host?.trim() ?? DASHBOARD_HOST;
  if (!LOOPBACK.test(name))
    return `is needed with DASHBOARD_HOST=${name}: others can connect there`;
  const proxy = address === undefined ? null : (URL.parse(address)?.hostname ?? null);
  if (proxy === null || LOOPBACK.test(proxy.replace(/^\[|\]$/g, ''))) return null;
  return `is needed with DASHBOARD_URL: others can connect to ${proxy}`;
}

/** Null when it is switched off. */
export function dashboardOf(env: {
  readonly DASHBOARD_PORT: number | null;
  readonly DASHBOARD_HOST: string;
  readonly DASHBOARD_TOKEN?: string | undefined;
  readonly DASHBOARD_URL?: string | undefined;
}): DashboardSettings | null {
  if (env.DASHBOARD_PORT === null) return null;
  return {
    host: env.DASHBOARD_HOST,
    port: env.DASHBOARD_PORT,
    token: env.DASHBOARD_TOKEN ?? null,
    url: env.DASHBOARD_URL ?? null,
  };
}

/** As a person opens it: listening everywhere is no address to go to. */
export function dashboardUrlOf({ url: known, host, port }: DashboardSettings): string {
  if (known !== null) return known;
  const name = host === '0.0.0.0' || host === '::' ? hostname() : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
