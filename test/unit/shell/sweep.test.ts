import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChatError, PlanlineError } from '../../../src/core/errors.ts';
import type { Delivery, Finding, Notifier } from '../../../src/ports.ts';
import { sweep } from '../../../src/shell/sweep.ts';
import { openTestWorkshop, TELLING } from '../../support/workshop.ts';

const DESCRIPTION =
  'I am 31 and have cooked in restaurants for nine years. I want to learn to code.';
const ILL: Finding = { name: 'ChatGPT', level: 'error', detail: 'wrong key', action: 'Set it.' };
const WELL: Finding = { name: 'ChatGPT', level: 'ok', detail: 'well', action: null };

type Workshop = Awaited<ReturnType<typeof openTestWorkshop>>;

function slack() {
  const arrived: Delivery[] = [];
  const notifier: Notifier = {
    channel: 'slack',
    deliver: async (delivery) => void arrived.push(delivery),
    check: async () => [],
    close: async () => undefined,
  };
  return { notifier, kinds: () => arrived.map(({ notification }) => notification.kind) };
}

/** A sweep of the workshop as it is, over whatever time it takes. */
function sweepOf(workshop: Workshop, notifier = slack().notifier) {
  const { shell, outbox, signals, clock } = workshop;
  return clock.through(sweep({ shell, outbox, notifiers: [notifier], telling: TELLING }, signals));
}

const add = ({ database }: Workshop): Promise<string> =>
  database.directory.add({ description: DESCRIPTION });

describe('a sweep', () => {
  it('ends at once when there is nothing to do', async () => {
    const workshop = await openTestWorkshop();
    const at = workshop.clock.now();
    expect(await sweepOf(workshop)).toEqual({
      archived: [],
      blocked: [],
      waiting: 0,
      reason: null,
    });
    expect(workshop.clock.now()).toBe(at);
  });

  it('waits for retries, each longer than the one before', async () => {
    const workshop = await openTestWorkshop({ retryBaseMs: 30_000 });
    const id = await add(workshop);
    let failures = 3;
    workshop.beforeAnswer(async () => {
      failures -= 1;
      if (failures >= 0) throw new ChatError('retryable', 'The answer was cut off.');
    });
    const at = workshop.clock.now();
    expect(await sweepOf(workshop)).toMatchObject({ archived: [id], blocked: [], waiting: 0 });
    // 30, 60 and 120 seconds: the fourth try was answered.
    expect(workshop.clock.now() - at).toBe(210_000);
    expect(workshop.asked.filter((prompt) => prompt === 'input_transform/1')).toHaveLength(4);
  });

  it('tells of a lead that is blocked, and takes the others to their end', async () => {
    const workshop = await openTestWorkshop({ maxRetries: 0 });
    const [ill, well] = [await add(workshop), await add(workshop)];
    let failed = false;
    workshop.beforeAnswer(async () => {
      if (failed) return;
      failed = true;
      throw new ChatError('permanent', 'The prompt is too long.');
    });
    const channel = slack();
    const result = await sweepOf(workshop, channel.notifier);
    const [blocked] = result.blocked;
    expect(result.archived.concat(result.blocked).toSorted()).toEqual([ill, well].toSorted());
    expect(await workshop.database.directory.get(blocked ?? '')).toMatchObject({
      status: 'blocked',
      last_error: 'input_transform: The prompt is too long.',
    });
    expect(new Set(channel.kinds())).toEqual(new Set(['lead_finished', 'lead_blocked']));
  });

  it('rests with the account, spends no attempt, and does not look again meanwhile', async () => {
    const workshop = await openTestWorkshop({ maxRetries: 0, leadConcurrency: 1 });
    // The second one is flagged and due: it waits for the account alone.
    const ids = [await add(workshop), await add(workshop)];
    const untilMs = workshop.clock.now() + 25 * 60_000;
    let limited = true;
    workshop.beforeAnswer(async () => {
      if (!limited) return;
      limited = false;
      throw new ChatError('rate_limited', 'Too many requests.', { untilMs });
    });
    const result = await sweepOf(workshop);
    expect(result).toMatchObject({ blocked: [], waiting: 0, reason: null });
    expect(new Set(result.archived)).toEqual(new Set(ids));
    expect(workshop.clock.now()).toBe(untilMs);
    const waits = workshop.log.records.filter(({ message }) => message.startsWith('Waiting'));
    expect(waits.map(({ fields }) => fields['waitMs'])).toEqual([25 * 60_000]);
    for (const id of ids) {
      expect(workshop.database.events(id).map(({ type }) => type)).not.toContain('attempt.failed');
    }
  });

  it('ends when the account needs a person, and tells them once over many sweeps', async () => {
    const workshop = await openTestWorkshop({ maxRetries: 0 });
    const ids = [await add(workshop), await add(workshop)];
    workshop.finds(ILL);
    workshop.beforeAnswer(async () => {
      throw new ChatError('needs_operator', 'The server refused the key.');
    });
    const channel = slack();
    for (let round = 0; round < 3; round += 1) {
      const result = await sweepOf(workshop, channel.notifier);
      expect(result).toEqual({
        archived: [],
        blocked: [],
        waiting: 2,
        reason: 'The server refused the key.',
      });
      workshop.clock.advance(10 * 60_000);
    }
    expect(channel.kinds()).toEqual(['chat_needs_operator']);
    for (const id of ids) expect(await workshop.statusOf(id)).toBe('processing');
  });

  it('goes on by itself at the next start once a person has seen to the account', async () => {
    const workshop = await openTestWorkshop({ maxRetries: 0 });
    const id = await add(workshop);
    workshop.finds(ILL);
    workshop.beforeAnswer(async () => {
      throw new ChatError('needs_operator', 'The server refused the key.');
    });
    expect(await sweepOf(workshop)).toMatchObject({ waiting: 1 });

    workshop.finds(WELL);
    workshop.beforeAnswer(async () => undefined);
    workshop.clock.advance(1_000);
    // A new process: it looks at the account at once, although the lead still waits for a minute.
    const account = await workshop.openAccount();
    const result = await sweepOf({ ...workshop, shell: { ...workshop.shell, account } });
    expect(result).toEqual({ archived: [id], blocked: [], waiting: 0, reason: null });
  });

  it('ends when it is told to stop, and says how many are left', async () => {
    const workshop = await openTestWorkshop({ leadConcurrency: 1 });
    await add(workshop);
    await add(workshop);
    workshop.beforeAnswer(async () => workshop.stopping.abort());
    expect(await sweepOf(workshop)).toEqual({
      archived: [],
      blocked: [],
      waiting: 2,
      reason: null,
    });
    expect(workshop.asked).toEqual(['input_transform/1']);
  });

  it('fails with what keeps leads from being claimed at all', async () => {
    const workshop = await openTestWorkshop();
    await add(workshop);
    const failure = new PlanlineError('setup', 'The database lacks planline_claim.');
    const store = { ...workshop.shell.store, claim: () => Promise.reject(failure) };
    await expect(sweepOf({ ...workshop, shell: { ...workshop.shell, store } })).rejects.toBe(
      failure,
    );
  });

  it('brings events.jsonl up to date with what was recorded of its notifications', async () => {
    const workshop = await openTestWorkshop();
    const id = await add(workshop);
    const { notifier } = slack();
    const { database, outbox } = workshop;
    // What planline_outbox_finish does in the transaction that ends a delivery.
    const recording = {
      ...outbox,
      async take(...args: Parameters<typeof outbox.take>) {
        const item = await outbox.take(...args);
        return item === null
          ? null
          : { ...item, rows: item.rows.map((row) => Object.assign({}, row, { leadId: id })) };
      },
      async delivered(item: Parameters<typeof outbox.delivered>[0]) {
        await outbox.delivered(item);
        const data = { notification_id: 'x', channel: item.channel };
        database.record(id, 'notification.delivered', data, 'outbox');
      },
    };
    await sweepOf({ ...workshop, outbox: recording }, notifier);
    const { directory } = workshop.shell.artifacts.lead(id);
    const lines = (await readFile(join(directory, 'events.jsonl'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(database.events(id).length);
    expect(lines.at(-1)).toContain('"type":"notification.delivered"');
  });
});
