/** Realtime's postgres_changes for any number of clients, fed with row changes. */
import type { RawData, WebSocket } from 'ws';
import { type Connection, createConnection } from './connection.ts';
import { parseRowChange } from './protocol.ts';
import type { PublishedTable } from './triggers.ts';

/** A client that answers no ping for this long is taken for gone; clients themselves beat each 25 s. */
const PING_INTERVAL_MS = 30_000;
/** A client that does not say goodbye as well must not hold up the stop. */
const GOODBYE_MS = 500;

export interface RealtimeBridge {
  /** Takes over a socket whose key was checked. */
  accept(socket: WebSocket): void;
  /** Passes on a payload of NOTIFY; anybody may send one, so what is no row change is dropped. */
  publish(payload: string): void;
  /** Says goodbye to every client. */
  close(): void;
}

export function createRealtimeBridge(published: readonly PublishedTable[]): RealtimeBridge {
  const connections = new Map<WebSocket, Connection>();
  const unanswered = new WeakSet<WebSocket>();
  let lastId = 0;
  const nextId = (): number => (lastId += 1);

  const pinging = setInterval(() => {
    for (const socket of connections.keys()) {
      if (unanswered.has(socket)) socket.terminate();
      unanswered.add(socket);
      socket.ping();
    }
  }, PING_INTERVAL_MS);
  pinging.unref();

  return {
    accept(socket) {
      const send = (text: string): void => socket.send(text);
      const connection = createConnection({ send, published, nextId });
      connections.set(socket, connection);
      socket.on('pong', () => unanswered.delete(socket));
      socket.on('message', (data, isBinary) => {
        unanswered.delete(socket);
        // Binary frames carry broadcasts, which the embedded server does not offer.
        if (!isBinary) connection.receive(textOf(data));
      });
      // ws closes the socket after an error; without a listener it would end the process.
      socket.on('error', () => socket.terminate());
      socket.on('close', () => connections.delete(socket));
    },
    publish(payload) {
      const change = parseRowChange(payload);
      if (change === null) return;
      const { columns = [] } =
        published.find(({ schema, table }) => schema === change.schema && table === change.table) ??
        {};
      for (const connection of connections.values()) connection.publish(change, columns);
    },
    close() {
      clearInterval(pinging);
      for (const socket of connections.keys()) {
        socket.close(1001, 'the server is stopping');
        setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
      }
    },
  };
}

function textOf(data: RawData): string {
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString();
  return (Array.isArray(data) ? Buffer.concat(data) : data).toString();
}
