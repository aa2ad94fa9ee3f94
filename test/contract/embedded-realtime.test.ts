import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { type Client, connect } from '../support/client.ts';
import { PROBE_MIGRATIONS } from '../support/probe-migrations.ts';
import { type RunningTarget, supabaseTargets } from '../support/supabase-targets.ts';

let running: RunningTarget;

beforeAll(async () => {
  const [embedded] = supabaseTargets;
  if (embedded === undefined) throw new Error('there is no embedded target');
  running = await embedded.start({ migrationsDir: PROBE_MIGRATIONS });
});
afterAll(() => running.stop());

interface Heard {
  readonly eventType: string;
  readonly new: object;
  readonly old: object;
  readonly errors: readonly string[] | null;
}

interface Subscriber {
  readonly client: Client;
  readonly heard: Heard[];
  readonly systems: string[];
  readonly statuses: string[];
  readonly leave: () => Promise<unknown>;
}

/** An unmodified client of its own, with its own socket, once it is SUBSCRIBED. */
async function subscribe(
  binding: { table: string; event?: string; filter?: string },
  options: { key?: string; wait?: boolean } = {},
): Promise<Subscriber> {
  const client = connect(running.url, options.key ?? running.secretKey);
  onTestFinished(() => void client.realtime.disconnect());
  const [heard, systems, statuses] = [[] as Heard[], [] as string[], [] as string[]];
  const config = { postgres_changes_options: { wait: options.wait ?? false } };
  const channel = client
    .channel('room', { config })
    .on(
      'postgres_changes',
      { event: '*', schema: 'public', ...binding } as { event: '*'; schema: string },
      (change) => {
        heard.push(change);
      },
    )
    .on('system', {}, (system: { status: string }) => systems.push(system.status));
  await new Promise<void>((resolve) => {
    channel.subscribe((status) => {
      statuses.push(status);
      resolve();
    });
  });
  return { client, heard, systems, statuses, leave: () => client.removeChannel(channel) };
}

function service(): Client {
  return connect(running.url, running.secretKey);
}

async function insert(row: object): Promise<number> {
  const { data, error } = await service().from('probe').insert(row).select('id').single();
  expect(error).toBeNull();
  return Number(data?.id);
}

describe('Realtime of the embedded Supabase, with the unmodified supabase-js', () => {
  it('delivers INSERT, UPDATE and DELETE with key columns and status only', async () => {
    const { heard, systems, statuses } = await subscribe({ table: 'probe' });
    expect(statuses).toEqual(['SUBSCRIBED']);
    await expect.poll(() => systems).toEqual(['ok']);

    const id = await insert({ status: 'new', code: 'private', data: { big: 'x'.repeat(20_000) } });
    await service().from('probe').update({ status: 'flagged' }).eq('id', id);
    await service().from('probe').delete().eq('id', id);
    await expect.poll(() => heard.length).toBe(3);
    expect(heard).toMatchObject([
      { eventType: 'INSERT', new: { id, status: 'new' }, old: {} },
      { eventType: 'UPDATE', new: { id, status: 'flagged' }, old: { id } },
      { eventType: 'DELETE', new: {}, old: { id } },
    ]);
    expect(JSON.stringify(heard)).not.toContain('private');
    // The mark that says that values were left out.
    expect(heard[0]?.errors).toEqual(['Error 413: Payload Too Large']);
  });

  it('delivers what was written directly, and one event a row of a statement', async () => {
    const { heard } = await subscribe({ table: 'probe', event: 'INSERT' });
    await running.sql(`insert into public.probe (status) values ('one'), ('two')`);
    await running.sql(`update public.probe set status = 'three'`);
    await insert({ status: 'last' });
    await expect.poll(() => heard.at(-1)?.new).toMatchObject({ status: 'last' });
    expect(heard.map((change) => change.new)).toMatchObject([
      { status: 'one' },
      { status: 'two' },
      { status: 'last' },
    ]);
  });

  it('delivers nothing of what was rolled back', async () => {
    const { heard } = await subscribe({ table: 'probe' });
    await expect(
      running.sql(`begin; insert into public.probe (status) values ('gone'); select 1/0; commit`),
    ).rejects.toThrow('division by zero');
    await service()
      .from('probe')
      .insert([{ status: 'gone too' }, { status: 'bad', big: -1 }]);
    const id = await insert({ status: 'stays' });
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    expect(heard.map((change) => change.new)).toEqual([{ id, status: 'stays' }]);
  });

  it.each([
    ['status=eq.flagged', ['flagged']],
    ['status=neq.flagged', ['new', 'blocked', 'end']],
    ['status=in.(flagged,blocked)', ['flagged', 'blocked']],
  ])('keeps to the filter %s', async (filter, expected) => {
    const filtered = await subscribe({ table: 'probe', event: 'INSERT', filter });
    const all = await subscribe({ table: 'probe', event: 'INSERT' });
    for (const status of ['new', 'flagged', 'blocked', 'end']) await insert({ status });
    // Both sockets are fed in the same turn: what the one has not got by now never comes.
    await expect.poll(() => all.heard.length).toBe(4);
    await expect.poll(() => filtered.heard.length).toBe(expected.length);
    expect(filtered.heard.map((change) => change.new)).toMatchObject(
      expected.map((status) => ({ status })),
    );
  });

  it('feeds several clients, and none that has left', async () => {
    const [first, second, third] = [
      await subscribe({ table: 'probe' }),
      await subscribe({ table: 'probe' }),
      await subscribe({ table: 'textual' }),
    ];
    await insert({ status: 'both' });
    await expect.poll(() => [first.heard.length, second.heard.length]).toEqual([1, 1]);
    expect(await first.leave()).toBe('ok');
    await insert({ status: 'second only' });
    await expect.poll(() => second.heard.length).toBe(2);
    expect(first.heard).toHaveLength(1);
    expect(third.heard).toHaveLength(0);
  });

  it('tells of a row whose key alone is too large for NOTIFY', async () => {
    const { heard } = await subscribe({ table: 'textual', filter: 'key=eq.something' });
    // Compressible, or the index could not hold it either.
    const key = 'k'.repeat(9_000);
    expect((await service().from('textual').insert({ key })).error).toBeNull();
    await expect.poll(() => heard).toMatchObject([{ eventType: 'INSERT', new: {}, old: {} }]);
    expect((await service().from('textual').delete().like('key', 'k%')).error).toBeNull();
  });

  it('refuses a table that is not published', async () => {
    const later = await subscribe({ table: 'unpublished' });
    expect(later.statuses).toEqual(['SUBSCRIBED']);
    await expect.poll(() => later.systems).toEqual(['error']);
    const waiting = await subscribe({ table: 'unpublished' }, { wait: true });
    expect(waiting.statuses).toEqual(['CHANNEL_ERROR']);
  });

  it('refuses a wrong key, the publishable key and none', async () => {
    for (const key of [`${running.secretKey}x`, running.publishableKey]) {
      const { statuses } = await subscribe({ table: 'probe' }, { key });
      expect(statuses).toEqual(['CHANNEL_ERROR']);
    }
    const url = `${running.url.replace('http', 'ws')}/realtime/v1/websocket?vsn=2.0.0`;
    const socket = new WebSocket(url);
    const refusal: unknown = await once(socket, 'error');
    expect(String(refusal)).toContain('401');
  });

  it('answers heartbeats', async () => {
    const { client } = await subscribe({ table: 'probe' });
    const beats: string[] = [];
    client.realtime.onHeartbeat((status) => beats.push(status));
    await client.realtime.sendHeartbeat();
    await expect.poll(() => beats).toContain('ok');
  });
});
