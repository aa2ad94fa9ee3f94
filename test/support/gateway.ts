/** An HTTP proxy between planline and its Supabase that misbehaves on demand, call by call. */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface GatewayCall {
  readonly method: string;
  /** Below the host, with its query. */
  readonly path: string;
  readonly body: string;
}

export type Treatment =
  /** Answered by the gateway itself; `passOn`: after the server has done what was asked. */
  | {
      readonly as: 'answer';
      readonly status: number;
      readonly body: string;
      readonly passOn: boolean;
    }
  /** The connection is reset without a word. */
  | { readonly as: 'reset'; readonly passOn: boolean }
  /** The server's answer stops in the middle of its body. */
  | { readonly as: 'cut' }
  /** Passed on, or answered, once `until` has resolved. */
  | { readonly as: 'slow'; readonly until: Promise<unknown>; readonly hold: 'request' | 'answer' };

export type Rule = (call: GatewayCall) => Treatment | null;

export interface Gateway {
  readonly url: string;
  /** What calls meet from now on; null for nothing. */
  meet(rule: Rule | null): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Body and length are written anew: what arrives is whole, or cut on purpose. */
function withoutLength({ headers }: Pick<Answer, 'headers'>): IncomingMessage['headers'] {
  const { 'content-length': _length, 'transfer-encoding': _encoding, ...rest } = headers;
  return rest;
}

function passOn(target: URL, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, url: path, headers } = incoming;
    const onward = httpRequest(
      { host: target.hostname, port: target.port, method, path, headers },
      (response) => {
        buffer(response).then(
          (whole) =>
            resolve({ status: response.statusCode ?? 502, headers: response.headers, body: whole }),
          reject,
        );
      },
    );
    onward.once('error', reject).end(body);
  });
}

function give(outgoing: ServerResponse, answer: Answer): void {
  outgoing.writeHead(answer.status, {
    ...withoutLength(answer),
    'content-length': answer.body.length,
  });
  outgoing.end(answer.body);
}

function giveHalf(outgoing: ServerResponse, answer: Answer): void {
  outgoing.writeHead(answer.status, {
    ...withoutLength(answer),
    'content-length': answer.body.length,
  });
  outgoing.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => {
    outgoing.socket?.resetAndDestroy();
  });
}

async function treat(
  treatment: Treatment | null,
  ask: () => Promise<Answer>,
  outgoing: ServerResponse,
): Promise<void> {
  if (treatment === null) return give(outgoing, await ask());
  switch (treatment.as) {
    case 'answer': {
      if (treatment.passOn) await ask();
      const headers = { 'content-type': 'application/json' };
      return give(outgoing, { ...treatment, headers, body: Buffer.from(treatment.body) });
    }
    case 'reset':
      if (treatment.passOn) await ask();
      outgoing.socket?.resetAndDestroy();
      return;
    case 'cut':
      return giveHalf(outgoing, await ask());
    case 'slow': {
      if (treatment.hold === 'request') await treatment.until;
      const answer = await ask();
      await treatment.until;
      return give(outgoing, answer);
    }
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // Listening on a host and port gives an AddressInfo; only a pipe's address is a string.
  return (server.address() as AddressInfo).port;
}

export async function startGateway(targetUrl: string): Promise<Gateway> {
  const target = new URL(targetUrl);
  let rule: Rule | null = null;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const { method = 'GET', url: path = '/' } = incoming;
    const treatment = rule?.({ method, path, body: body.toString('utf8') }) ?? null;
    await treat(treatment, () => passOn(target, incoming, body), outgoing);
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => {
      // The client is gone, or the server behind does not answer: either way there is no answer.
      outgoing.socket?.destroy();
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    meet: (next) => {
      rule = next;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
