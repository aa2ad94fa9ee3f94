import { describe, expect, it } from 'vitest';
import {
  type Connection,
  createConnection,
} from '../../../src/adapters/embedded/realtime/connection.ts';
import type { RowChange } from '../../../src/adapters/embedded/realtime/protocol.ts';
import { containing } from '../../support/matchers.ts';

const LEADS = {
  schema: 'public',
  table: 'leads',
  columns: [
    { name: 'id', type: 'uuid' },
    { name: 'status', type: 'text' },
  ],
};
const TOPIC = 'realtime:room';

function client(): { connection: Connection; sent: unknown[]; push: (frame: unknown) => void } {
  const sent: unknown[] = [];
  let id = 0;
  const connection = createConnection({
    send: (text) => sent.push(JSON.parse(text)),
    published: [LEADS],
    nextId: () => (id += 1),
  });
  return { connection, sent, push: (frame) => connection.receive(JSON.stringify(frame)) };
}

function join(bindings: readonly object[], options: object = {}): unknown[] {
  return ['1', '2', TOPIC, 'phx_join', { config: { postgres_changes: bindings, ...options } }];
}

function change(changed: Partial<RowChange> = {}): RowChange {
  return {
    schema: 'public',
    table: 'leads',
    type: 'UPDATE',
    commit_timestamp: '2026-11-23T10:00:00+00:00',
    record: { id: 'a', status: 'flagged' },
    old_record: { id: 'a' },
    ...changed,
  };
}

const FLAGGED = { event: 'UPDATE', schema: 'public', table: 'leads', filter: 'status=eq.flagged' };
const ANY = { event: '*', schema: 'public', table: 'leads' };

describe('a client of Realtime', () => {
  it('gets its bindings back exactly, in order, with ids, then hears that it is subscribed', () => {
    const { sent, push } = client();
    push(join([FLAGGED, ANY]));
    expect(sent).toEqual([
      [
        '1',
        '2',
        TOPIC,
        'phx_reply',
        {
          status: 'ok',
          response: {
            postgres_changes: [
              { ...FLAGGED, id: 1 },
              { ...ANY, id: 2 },
            ],
          },
        },
      ],
      [
        null,
        null,
        TOPIC,
        'system',
        {
          status: 'ok',
          extension: 'postgres_changes',
          channel: 'room',
          message: 'Subscribed to PostgreSQL',
        },
      ],
    ]);
  });

  it('gets one frame a change, with the ids of all bindings that it answers', () => {
    const { connection, sent, push } = client();
    push(join([FLAGGED, ANY]));
    sent.length = 0;
    connection.publish(change(), LEADS.columns);
    connection.publish(change({ record: { id: 'a', status: 'new' } }), LEADS.columns);
    connection.publish(change({ table: 'others' }), []);
    expect(sent).toMatchObject([
      [null, null, TOPIC, 'postgres_changes', { ids: [1, 2], data: { record: { id: 'a' } } }],
      [null, null, TOPIC, 'postgres_changes', { ids: [2], data: { columns: LEADS.columns } }],
    ]);
  });

  it('hears of a change that was too large to report, whatever its filter', () => {
    const { connection, sent, push } = client();
    push(join([FLAGGED]));
    sent.length = 0;
    connection.publish(change({ record: {}, old_record: {} }), LEADS.columns);
    expect(sent).toHaveLength(1);
  });

  it('answers heartbeats, ignores tokens, and leaves', () => {
    const { connection, sent, push } = client();
    push(join([ANY]));
    sent.length = 0;
    push([null, '7', 'phoenix', 'heartbeat', {}]);
    push(['1', '8', TOPIC, 'access_token', { access_token: 'x' }]);
    push(['1', '9', TOPIC, 'phx_leave', {}]);
    connection.publish(change(), LEADS.columns);
    expect(sent).toEqual([
      [null, '7', 'phoenix', 'phx_reply', { status: 'ok', response: {} }],
      ['1', '9', TOPIC, 'phx_reply', { status: 'ok', response: {} }],
      ['1', '9', TOPIC, 'phx_close', {}],
    ]);
  });

  it('is told after the join that a table is not published, and refused when it waits for it', () => {
    const { sent, push } = client();
    push(join([{ ...ANY, table: 'secrets' }]));
    push(join([{ ...ANY, table: 'secrets' }], { postgres_changes_options: { wait: true } }));
    expect(sent).toMatchObject([
      ['1', '2', TOPIC, 'phx_reply', { status: 'ok' }],
      [null, null, TOPIC, 'system', { status: 'error', message: containing('secrets') }],
      [
        '1',
        '2',
        TOPIC,
        'phx_reply',
        { status: 'error', response: { reason: containing('secrets') } },
      ],
    ]);
  });

  it('replaces the first join on a topic by the second', () => {
    const { connection, sent, push } = client();
    push(join([ANY]));
    push(join([ANY]));
    sent.length = 0;
    connection.publish(change(), LEADS.columns);
    expect(sent).toMatchObject([[null, null, TOPIC, 'postgres_changes', { ids: [2] }]]);
  });

  it('survives what is no frame, and is refused what the server has not', () => {
    const { connection, sent, push } = client();
    connection.receive('not json');
    push({ topic: 'x' });
    push(['1', '2', 'other:room', 'phx_join', { config: {} }]);
    push(['1', '3', TOPIC, 'presence', {}]);
    expect(sent).toMatchObject([
      ['1', '2', 'other:room', 'phx_reply', { status: 'error' }],
      ['1', '3', TOPIC, 'phx_reply', { status: 'error' }],
    ]);
  });
});
