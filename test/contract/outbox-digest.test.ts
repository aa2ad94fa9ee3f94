/** Which leads that ended are told together: decided in SQL by what is stored, so tried there. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../src/adapters/supabase/client.ts';
import { createOutbox } from '../../src/adapters/supabase/outbox.ts';
import { leadsOf, type StoredNotification } from '../../src/core/notification.ts';
import { migrationsDir } from '../../src/package-root.ts';
import type { DigestPace, OutboxItem } from '../../src/ports.ts';
import { BLOCKED, FINISHED } from '../support/deliveries.ts';
import { describeOnTargets, type RunningTarget } from '../support/supabase-targets.ts';

const LEASE_MS = 60_000;
const PACE: DigestPace = { singles: 2, windowMs: 600_000 };
const AT_THE_END: DigestPace = { ...PACE, windowMs: 0 };
/** As NOTIFY_DIGEST_MINUTES=0 asks for it. */
const EACH_AT_ONCE: DigestPace = { singles: 1_000_000, windowMs: 0 };

describeOnTargets('a digest', (target) => {
  let running: RunningTarget;
  beforeAll(async () => {
    running = await target.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  function open() {
    const client = connect({ url: running.url, secretKey: running.secretKey }, () => 0.5);
    const outbox = createOutbox(client);
    const channel = `slack-${randomUUID()}`;
    const put = (notification: StoredNotification, key: string) =>
      outbox.put(`${channel}/${key}`, notification, [channel]);
    /** Leads `a`, `b` …, ended one after the other. */
    const end = async (...leads: readonly string[]): Promise<void> => {
      for (const leadId of leads) await put({ ...FINISHED, leadId }, leadId);
    };
    const take = (pace = PACE) => outbox.take(channel, LEASE_MS, pace);
    /** Takes and delivers until nothing is due; the leads of each message. */
    async function told(pace = PACE): Promise<string[][]> {
      const messages: string[][] = [];
      for (let item = await take(pace); item !== null; item = await take(pace)) {
        messages.push(leadsOf(item.notification));
        await outbox.delivered(item);
      }
      return messages;
    }
    const sql = (text: string) => running.sql(text, [channel]);
    const windowPasses = () =>
      sql(`update public.pipeline_notifications
              set finished_at = finished_at - interval '11 minutes' where channel = $1`);
    const comesDue = () =>
      sql(`update public.pipeline_notifications set next_attempt_at = now()
            where channel = $1 and state in ('pending', 'trying')`);
    const states = async (): Promise<string[]> =>
      (
        await sql(`select payload ->> 'leadId' || ' ' || state || ' ' || attempts as row
                     from public.pipeline_notifications where channel = $1 order by key`)
      ).map((row) => String(row['row']));
    return { outbox, put, end, take, told, windowPasses, comesDue, states };
  }

  function present(item: OutboxItem | null): OutboxItem {
    if (item === null) throw new Error('nothing was due');
    return item;
  }

  it('tells few one by one, and many that wait in one message', async () => {
    const { end, told } = open();
    await end('a', 'b');
    expect(await told()).toEqual([['a'], ['b']]);
    const flood = open();
    await flood.end('a', 'b', 'c', 'd', 'e');
    expect(await flood.told()).toEqual([['a', 'b', 'c', 'd', 'e']]);
    expect(await flood.states()).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((id) => `${id} delivered 1`),
    );
  });

  it('holds what comes on top until the window is over, and loses none of it', async () => {
    const { end, told, windowPasses } = open();
    await end('a', 'b');
    expect(await told()).toHaveLength(2);
    await end('c');
    expect(await told()).toEqual([]);
    await end('d', 'e');
    expect(await told()).toEqual([]);
    await windowPasses();
    expect(await told()).toEqual([['c', 'd', 'e']]);
    // The digest is one message of its window: one more may go by itself.
    await end('f');
    expect(await told()).toEqual([['f']]);
    await end('g');
    expect(await told()).toEqual([]);
  });

  it('holds nothing at the end of a process', async () => {
    const { end, told } = open();
    await end('a', 'b');
    await told();
    await end('c', 'd', 'e');
    expect(await told()).toEqual([]);
    expect(await told(AT_THE_END)).toEqual([['c', 'd', 'e']]);
  });

  it('is never made where each is to be told at once', async () => {
    const { end, told } = open();
    await end('a', 'b', 'c', 'd');
    expect(await told(EACH_AT_ONCE)).toEqual([['a'], ['b'], ['c'], ['d']]);
    await end('e');
    expect(await told(EACH_AT_ONCE)).toEqual([['e']]);
  });

  it('does not hold up what is not about a lead that ended', async () => {
    const { end, put, take, told, outbox } = open();
    await end('a', 'b');
    await told();
    await end('c');
    await put({ kind: 'chat_needs_operator', driver: 'browser', reason: 'log in' }, 'account');
    const item = present(await take());
    expect(item.notification).toMatchObject({ kind: 'chat_needs_operator' });
    await outbox.delivered(item);
    expect(await told()).toEqual([]);
  });

  it('is the same message again when its end was never recorded', async () => {
    const { end, put, take, told, outbox, comesDue } = open();
    await end('a', 'b');
    await put({ ...BLOCKED, leadId: 'c' }, 'c');
    const lost = present(await take());
    expect(lost).toMatchObject({ notification: { kind: 'digest' }, maybeRepeated: false });
    // The process ends here. More leads end before the next one looks.
    await comesDue();
    await end('d');
    const again = present(await take());
    expect(again).toEqual({
      ...lost,
      maybeRepeated: true,
      rows: lost.rows.map((row) => ({ ...row, attempts: 2 })),
    });
    // The one that was lost wakes up: its rows are another's now.
    await outbox.delivered(lost);
    expect(await take()).toMatchObject({ notification: { leadId: 'd' } });
    await outbox.delivered(again);
    expect(await told()).toEqual([]);
  });

  it('tells again only what is left when the process ended between two rows', async () => {
    const { end, take, outbox, comesDue, states } = open();
    await end('a', 'b', 'c');
    const item = present(await take());
    await outbox.delivered({ ...item, rows: item.rows.slice(0, 1) });
    await comesDue();
    const rest = present(await take());
    expect(leadsOf(rest.notification)).toEqual(['b', 'c']);
    expect(rest).toMatchObject({ id: item.id, maybeRepeated: true });
    await outbox.delivered(rest);
    expect(await states()).toEqual(['a delivered 1', 'b delivered 2', 'c delivered 2']);
  });

  it('that failed takes along what came since, and gives each row its own tries', async () => {
    const { end, take, outbox, comesDue, states } = open();
    await end('a', 'b', 'c');
    const failed = present(await take());
    await outbox.failed(failed, 'Slack (500)', new Date(0).toISOString());
    await end('d');
    await comesDue();
    const next = present(await take());
    expect(leadsOf(next.notification)).toEqual(['a', 'b', 'c', 'd']);
    expect(next.maybeRepeated).toBe(false);
    expect(next.rows.map(({ attempts }) => attempts)).toEqual([2, 2, 2, 1]);
    await outbox.failed(next, 'Slack refused the webhook (404)', null);
    expect(await states()).toEqual([
      'a abandoned 2',
      'b abandoned 2',
      'c abandoned 2',
      'd abandoned 1',
    ]);
  });

  it('goes to one of several takers, whole', async () => {
    const { end, outbox, take } = open();
    const leads = Array.from({ length: 30 }, (_, n) => `lead-${String(n).padStart(2, '0')}`);
    await end(...leads);
    const takers = await Promise.all(Array.from({ length: 5 }, () => take()));
    const taken = takers.filter((item) => item !== null);
    expect(taken.map(({ notification }) => leadsOf(notification))).toEqual([leads]);
    for (const item of taken) await outbox.delivered(item);
  });
});
