/** Listens for the dashboard; a port that is taken is no reason for leads to wait. */
import { isIP, type AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { DashboardEnv } from './env.ts';

export interface DashboardServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
}

/** Rejects with the error of `listen`: EADDRINUSE, EACCES, EADDRNOTAVAIL. */
export async function listen(
  app: Hono<DashboardEnv>,
  { host, port }: ListenOptions,
): Promise<DashboardServer> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Live pages stay connected for as long as they are open.
        server.closeAllConnections();
      }),
  };
}
