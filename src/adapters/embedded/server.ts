/** One loopback port for REST and Realtime. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { sha256Hex } from '../../core/hash-chain.ts';
import type { RealtimeBridge } from './realtime/bridge.ts';

const HOST = '127.0.0.1';
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_FRAME_BYTES = 1024 * 1024;
/** How long the stop waits for requests that are under way. */
const REQUEST_GRACE_MS = 3_000;

export interface ServerOptions {
  /** Answers a request under /rest/v1 whose body is in memory. */
  readonly rest: (request: Request) => Promise<Response>;
  readonly realtime: RealtimeBridge;
  readonly secretKey: string;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Takes no new connection and resolves once the open ones are done. */
  close(): Promise<void>;
}

/** Port 0 takes any free one. Rejects with code EADDRINUSE when the port is taken. */
export async function listen(port: number, options: ServerOptions): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch: (request) => answer(request, options) }) as Server;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = refuseUpgrade(request, options.secretKey);
    if (refusal !== null) socket.end(refusal);
    else sockets.handleUpgrade(request, socket, head, (opened) => options.realtime.accept(opened));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${HOST}:${taken}`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        options.realtime.close();
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), REQUEST_GRACE_MS).unref();
      }),
  };
}

async function answer(request: Request, { rest }: ServerOptions): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!/^\/rest\/v1(\/|$)/.test(pathname)) {
    return refuse(
      404,
      `The embedded Supabase has no ${pathname}: it offers /rest/v1 and /realtime/v1.`,
    );
  }
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) {
    return refuse(413, `The request is larger than ${MAX_BODY_BYTES} bytes.`);
  }
  // Read before it takes its turn, so that a slow sender holds up nobody else.
  const body = request.body === null ? null : await request.arrayBuffer();
  const { method, headers } = request;
  return rest(new Request(request.url, { method, headers, body }));
}

function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status });
}

/** The raw HTTP answer for a client that may not have a socket, or null. */
function refuseUpgrade(request: IncomingMessage, secretKey: string): string | null {
  const url = new URL(request.url ?? '/', `http://${HOST}`);
  if (url.pathname !== '/realtime/v1/websocket') return rawAnswer('404 Not Found', 'No such path');
  const header = request.headers['apikey'];
  const key = url.searchParams.get('apikey') ?? (typeof header === 'string' ? header : '');
  if (!sameText(key, secretKey)) {
    return rawAnswer('401 Unauthorized', 'Realtime of the embedded Supabase needs the secret key');
  }
  const version = url.searchParams.get('vsn');
  return version === '2.0.0' ? null : rawAnswer('400 Bad Request', 'vsn must be 2.0.0');
}

function rawAnswer(status: string, message: string): string {
  const body = JSON.stringify({ message });
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** In a time that tells nothing about the secret. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(a)), Buffer.from(sha256Hex(b)));
}
