/** A Realtime server that misbehaves: real websockets, Phoenix frames, and one of several moods. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  closeFrame,
  parseFrame,
  parseJoin,
  replyFrame,
  systemFrame,
  type Frame,
} from '../../src/adapters/embedded/realtime/protocol.ts';

export type RealtimeMood =
  | 'well'
  /** Takes the socket and never says a word. */
  | 'silent'
  /** What is joined stays joined; nothing more is answered, as over a connection that is dead. */
  | 'half_open'
  /** Each channel is closed as soon as it was joined. */
  | 'closing'
  /** As hosted projects answer when the database has no connection left for Realtime. */
  | 'crowded'
  /** The same, told after the join. */
  | 'crowded_later';

export const CROWDED = 'IncreaseConnectionPool: Please increase your connection pool size';

export interface FakeRealtime {
  /** Of the project: realtime-js adds /realtime/v1/websocket. */
  readonly url: string;
  feel(mood: RealtimeMood): void;
  joins(): number;
  sockets(): number;
  stop(): Promise<void>;
}

export async function startFakeRealtime(): Promise<FakeRealtime> {
  let mood: RealtimeMood = 'well';
  let joins = 0;
  let sockets = 0;
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });

  function join(socket: WebSocket, frame: Frame): void {
    joins += 1;
    if (mood === 'silent' || mood === 'half_open') return;
    if (mood === 'crowded') {
      socket.send(replyFrame(frame, 'error', { reason: CROWDED }));
      return;
    }
    const bindings = (parseJoin(frame.payload)?.bindings ?? []).map((wanted, id) =>
      Object.assign({ id }, wanted),
    );
    socket.send(replyFrame(frame, 'ok', { postgres_changes: bindings }));
    if (mood === 'closing') socket.send(closeFrame(frame));
    else if (mood === 'crowded_later') socket.send(systemFrame(frame.topic, 'error', CROWDED));
    else socket.send(systemFrame(frame.topic, 'ok', 'Subscribed to PostgreSQL'));
  }

  function receive(socket: WebSocket, text: string): void {
    const frame = parseFrame(text);
    if (frame === null) return;
    if (frame.event === 'phx_join') join(socket, frame);
    else if (mood === 'silent' || mood === 'half_open') return;
    else if (frame.event === 'phx_leave') socket.send(replyFrame(frame, 'ok', {}));
    else if (frame.event === 'heartbeat') socket.send(replyFrame(frame, 'ok', {}));
  }

  server.on('connection', (socket) => {
    sockets += 1;
    socket.on('message', (data: Buffer) => receive(socket, data.toString('utf8')));
    socket.on('error', () => socket.terminate());
  });
  await new Promise<void>((resolve) => {
    server.once('listening', resolve);
  });
  // A server on a host and port has an AddressInfo; only a pipe's address is a string.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    feel: (next) => {
      mood = next;
    },
    joins: () => joins,
    sockets: () => sockets,
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of server.clients) socket.terminate();
        server.close(() => resolve());
      }),
  };
}
