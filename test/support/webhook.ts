import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export type WebhookAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  /** Takes the request and never answers. */
  | 'hang'
  /** Closes the connection without an answer. */
  | 'drop';

export interface WebhookRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Webhook {
  /** Its path is a secret, as a webhook's is. */
  readonly url: string;
  readonly requests: readonly WebhookRequest[];
  /** What the requests from now on get. */
  answer(answer: WebhookAnswer): void;
  /** Resolves when the next request has been read. */
  nextRequest(): Promise<void>;
}

/** A port of loopback on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** An HTTP endpoint on loopback that takes messages as Slack does. */
export async function openWebhook(): Promise<Webhook & { stop(): Promise<void> }> {
  let current: WebhookAnswer = { status: 200, body: 'ok' };
  const requests: WebhookRequest[] = [];
  let waiting: (() => void)[] = [];

  const server = createServer((request, response) => {
    json(request).then(
      (body) => {
        const { method, url: path, headers } = request;
        requests.push({ method, path, headers, body });
        for (const resolve of waiting) resolve();
        waiting = [];
        if (current === 'hang') return;
        if (current === 'drop') request.socket.destroy();
        else response.writeHead(current.status, current.headers).end(current.body);
      },
      // The client went away while it was sending: there is nobody to answer.
      () => request.socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T000/B000/s3cr3t-path`,
    requests,
    answer: (answer) => {
      current = answer;
    },
    nextRequest: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The same, stopped when the test ends. */
export async function startWebhook(): Promise<Webhook> {
  const webhook = await openWebhook();
  onTestFinished(() => webhook.stop());
  return webhook;
}
