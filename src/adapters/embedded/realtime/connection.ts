/** One client's socket: the channels it has joined and what they are told. Knows frames, no sockets. */
import {
  changeFrame,
  closeFrame,
  type Column,
  type Frame,
  parseFrame,
  parseJoin,
  replyFrame,
  type RowChange,
  systemFrame,
} from './protocol.ts';
import { idsFor, subscribe, type Subscription } from './subscription.ts';
import type { PublishedTable } from './triggers.ts';

export interface Connection {
  /** A text frame from the client. */
  receive(text: string): void;
  publish(change: RowChange, columns: readonly Column[]): void;
}

interface Environment {
  readonly send: (text: string) => void;
  readonly published: readonly PublishedTable[];
  /** Ids that are unique on the server. */
  readonly nextId: () => number;
}

export function createConnection({ send, published, nextId }: Environment): Connection {
  const channels = new Map<string, Subscription>();

  function join(frame: Frame): void {
    const request = parseJoin(frame.payload);
    if (request === null || !frame.topic.startsWith('realtime:')) {
      send(replyFrame(frame, 'error', { reason: 'unmatched topic or malformed join' }));
      return;
    }
    const bindings = request.bindings.map((wanted) => ({ ...wanted, id: nextId() }));
    const subscription = subscribe(bindings, published);
    // As hosted: a client that waits for the subscription is refused, another one is told later.
    if (!subscription.ok && request.wait) {
      send(replyFrame(frame, 'error', { reason: subscription.error.reason }));
      return;
    }
    send(replyFrame(frame, 'ok', { postgres_changes: bindings }));
    // A second join on a topic replaces the first.
    channels.set(frame.topic, subscription.ok ? subscription.value : { wishes: [] });
    if (!subscription.ok) send(systemFrame(frame.topic, 'error', subscription.error.reason));
    else if (bindings.length > 0) send(systemFrame(frame.topic, 'ok', 'Subscribed to PostgreSQL'));
  }

  function leave(frame: Frame): void {
    channels.delete(frame.topic);
    send(replyFrame(frame, 'ok', {}));
    send(closeFrame(frame));
  }

  return {
    receive(text) {
      const frame = parseFrame(text);
      if (frame === null) return;
      if (frame.event === 'phx_join') join(frame);
      else if (frame.event === 'phx_leave') leave(frame);
      else if (frame.event === 'heartbeat') send(replyFrame(frame, 'ok', {}));
      // The key was checked when the socket opened and outlives every token: nothing to do.
      else if (frame.event === 'access_token') return;
      else send(replyFrame(frame, 'error', { reason: 'the embedded Supabase has no such event' }));
    },
    publish(change, columns) {
      for (const [topic, subscription] of channels) {
        const ids = idsFor(subscription, change);
        if (ids.length > 0) send(changeFrame(topic, ids, change, columns));
      }
    },
  };
}
