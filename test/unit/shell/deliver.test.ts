import { describe, expect, it } from 'vitest';
import { UNARMED } from '../../../src/core/crash-points.ts';
import { PlanlineError } from '../../../src/core/errors.ts';
import { NotifyError } from '../../../src/core/errors-notify.ts';
import type { Delivery, Notifier } from '../../../src/ports.ts';
import { deliverDue } from '../../../src/shell/deliver.ts';
import { BLOCKED, FINISHED } from '../../support/deliveries.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { memoryOutbox } from '../../support/memory-outbox.ts';
import { recordingLog } from '../../support/recording-log.ts';

const NEVER = new AbortController().signal;
const MINUTE = 60_000;

/** A channel that does as it is told and keeps what arrived. */
function channel(name: string) {
  const arrived: Delivery[] = [];
  let behave: (delivery: Delivery, signal: AbortSignal) => Promise<void> = async () => undefined;
  const notifier: Notifier = {
    channel: name,
    async deliver(delivery, signal) {
      await behave(delivery, signal);
      arrived.push(delivery);
    },
    check: async () => [],
    close: async () => undefined,
  };
  return {
    notifier,
    arrived,
    does: (next: typeof behave) => {
      behave = next;
    },
  };
}

function setUp(fraction = 0) {
  const clock = manualClock('2026-11-23T17:45:00.000Z');
  const outbox = memoryOutbox(clock);
  const log = recordingLog();
  const [slack, email] = [channel('slack'), channel('email')];
  const deps = {
    outbox,
    notifiers: [slack.notifier, email.notifier],
    directory: { names: async () => new Map<string, string>() },
    telling: { pace: { singles: 3, windowMs: 600_000 }, withNames: false },
    rests: new Map<string, number>(),
    clock,
    random: { uuid: () => '', fraction: () => fraction },
    log,
    crash: UNARMED,
  };
  return { clock, outbox, log, slack, email, deps };
}

const down = (options: { retryAfterMs?: number } = {}) =>
  new NotifyError('Slack cannot take messages just now (500).', { retryable: true, ...options });

describe('deliverDue', () => {
  it('delivers everything that is due, on every channel, once', async () => {
    const { outbox, deps, slack, email } = setUp();
    await outbox.put('a', FINISHED, ['slack', 'email']);
    await outbox.put('a', FINISHED, ['slack', 'email']);
    await outbox.put('b', BLOCKED, ['slack']);

    expect(await deliverDue(deps, NEVER)).toBe(3);
    expect(await deliverDue(deps, NEVER)).toBe(0);

    expect(slack.arrived.map(({ notification }) => notification)).toEqual([FINISHED, BLOCKED]);
    expect(email.arrived.map(({ notification }) => notification)).toEqual([FINISHED]);
    expect(slack.arrived.every(({ maybeRepeated }) => !maybeRepeated)).toBe(true);
    expect(outbox.rows.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('leaves alone what belongs to a channel that is not set up', async () => {
    const { outbox, deps } = setUp();
    await outbox.put('a', FINISHED, ['pager']);
    expect(await deliverDue(deps, NEVER)).toBe(0);
    expect(outbox.rows).toMatchObject([{ state: 'due', attempts: 0 }]);
  });

  it('tries again later, and goes on with the next meanwhile', async () => {
    const { outbox, deps, slack, clock, log } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    await outbox.put('b', BLOCKED, ['slack']);
    slack.does(async ({ notification }) => {
      if (notification === FINISHED) throw down();
    });

    expect(await deliverDue(deps, NEVER)).toBe(1);
    expect(outbox.rows[0]).toMatchObject({ state: 'due', attempts: 1, reason: down().message });
    expect(log.records).toMatchObject([{ level: 'warn', fields: { channel: 'slack' } }]);

    slack.does(async () => undefined);
    clock.advance(MINUTE);
    expect(await deliverDue(deps, NEVER)).toBe(0);
    clock.advance(MINUTE);
    expect(await deliverDue(deps, NEVER)).toBe(1);
    expect(slack.arrived.at(-1)).toMatchObject({ notification: FINISHED, maybeRepeated: false });
  });

  it.each([
    { fraction: 0, waits: [2, 4, 8, 16, 32, 60, 60] },
    { fraction: 0.999_999_999, waits: [1, 2, 4, 8, 16, 30, 30] },
  ])('waits $waits minutes, then gives up at the eighth try', async ({ fraction, waits }) => {
    const { outbox, deps, slack, clock, log } = setUp(fraction);
    await outbox.put('a', FINISHED, ['slack']);
    let tries = 0;
    slack.does(async () => {
      tries += 1;
      throw down();
    });

    const waited: number[] = [];
    for (;;) {
      await deliverDue(deps, NEVER);
      const [row] = outbox.rows;
      if (row?.state !== 'due') break;
      waited.push((row.notBeforeMs - clock.now()) / MINUTE);
      clock.advance(row.notBeforeMs - clock.now());
    }

    expect(waited.map((minutes) => Math.round(minutes * 1_000) / 1_000)).toEqual(waits);
    expect(tries).toBe(8);
    expect(outbox.rows[0]).toMatchObject({
      state: 'abandoned',
      reason: `given up after 8 tries: ${down().message}`,
    });
    expect(log.records.at(-1)).toMatchObject({ level: 'error' });
  });

  it.each([
    [10 * MINUTE, 10 * MINUTE],
    [1_000, 2 * MINUTE],
    [400 * 60 * MINUTE, 24 * 60 * MINUTE],
  ])('when asked to wait %i ms waits %i ms', async (retryAfterMs, waitMs) => {
    const { outbox, deps, slack, clock } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    slack.does(async () => {
      throw down({ retryAfterMs });
    });
    await deliverDue(deps, NEVER);
    expect((outbox.rows[0]?.notBeforeMs ?? 0) - clock.now()).toBe(waitMs);
  });

  it('gives up at once what cannot succeed', async () => {
    const { outbox, deps, slack } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    slack.does(async () => {
      throw new NotifyError('Slack refused the webhook (404 no_service)', { retryable: false });
    });
    await deliverDue(deps, NEVER);
    expect(outbox.rows).toMatchObject([
      { state: 'abandoned', attempts: 1, reason: 'Slack refused the webhook (404 no_service)' },
    ]);
  });

  it('tries again after an error that no notifier should throw', async () => {
    const { outbox, deps, slack } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    slack.does(async () => {
      throw new TypeError('undefined is not a function');
    });
    await deliverDue(deps, NEVER);
    expect(outbox.rows).toMatchObject([{ state: 'due', reason: 'undefined is not a function' }]);
  });

  it('is not held up on one channel by another that hangs', async () => {
    const { outbox, deps, slack, email } = setUp();
    await outbox.put('a', FINISHED, ['slack', 'email']);
    const released = Promise.withResolvers<void>();
    slack.does(() => released.promise);
    const delivering = deliverDue(deps, NEVER);
    email.does(async () => released.resolve());
    expect(await delivering).toBe(2);
    expect(email.arrived).toHaveLength(1);
  });

  it('says that a delivery may be a repeat when the end of the first was never recorded', async () => {
    const { outbox, deps, slack, clock } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    const stop = new AbortController();
    slack.does(async () => {
      stop.abort();
      throw down();
    });

    expect(await deliverDue(deps, stop.signal)).toBe(0);
    expect(outbox.rows).toMatchObject([{ state: 'trying', attempts: 1, reason: null }]);

    slack.does(async () => undefined);
    expect(await deliverDue(deps, NEVER)).toBe(0);
    clock.advance(5 * MINUTE);
    expect(await deliverDue(deps, NEVER)).toBe(1);
    expect(slack.arrived).toMatchObject([{ id: outbox.rows[0]?.id, maybeRepeated: true }]);
  });

  it('records what was delivered although the process was told to stop, and takes no more', async () => {
    const { outbox, deps, slack } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    await outbox.put('b', BLOCKED, ['slack']);
    const stop = new AbortController();
    slack.does(async () => stop.abort());
    expect(await deliverDue(deps, stop.signal)).toBe(1);
    expect(outbox.rows.map(({ state }) => state)).toEqual(['delivered', 'due']);
  });

  it('finishes what is under way when it is only told to take no more', async () => {
    const { outbox, deps, slack } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    const stop = new AbortController();
    slack.does(async (_, signal) => {
      stop.abort();
      expect(signal.aborted).toBe(false);
      throw down();
    });
    expect(await deliverDue(deps, stop.signal, NEVER)).toBe(0);
    expect(outbox.rows).toMatchObject([{ state: 'due', attempts: 1 }]);
  });

  it('does not spin when the database thinks the retry is due already', async () => {
    const { outbox, deps, slack, clock } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    let tries = 0;
    slack.does(async () => {
      tries += 1;
      // The database's clock is ten minutes ahead of this machine's.
      clock.advance(10 * MINUTE);
      throw down();
    });
    const behind = { ...deps, clock: { ...clock, now: () => clock.now() - 10 * MINUTE } };
    await deliverDue(behind, NEVER);
    expect(tries).toBe(1);
    expect(outbox.rows).toMatchObject([{ state: 'due', attempts: 2 }]);
  });

  it('passes on that the outbox cannot be reached, when every channel has ended', async () => {
    const { outbox, deps, email } = setUp();
    await outbox.put('a', FINISHED, ['email']);
    const broken = {
      ...outbox,
      take: async (...args: Parameters<typeof outbox.take>) => {
        if (args[0] === 'slack') throw new PlanlineError('unavailable', 'no database');
        return outbox.take(...args);
      },
    };
    await expect(deliverDue({ ...deps, outbox: broken }, NEVER)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(email.arrived).toHaveLength(1);
  });

  it('leaves a channel alone for as long as it asked, and spends no try of the others', async () => {
    const { outbox, deps, slack, email, clock } = setUp();
    await outbox.put('a', FINISHED, ['slack', 'email']);
    await outbox.put('b', BLOCKED, ['slack', 'email']);
    slack.does(async () => {
      throw down({ retryAfterMs: 10 * MINUTE });
    });
    await deliverDue(deps, NEVER);
    expect(email.arrived).toHaveLength(2);
    clock.advance(9 * MINUTE);
    await deliverDue(deps, NEVER);
    const tries = () =>
      outbox.rows.filter(({ channel: name }) => name === 'slack').map(({ attempts }) => attempts);
    expect(tries()).toEqual([1, 0]);

    slack.does(async () => undefined);
    clock.advance(MINUTE);
    expect(await deliverDue(deps, NEVER)).toBe(2);
    expect(tries()).toEqual([2, 1]);
  });

  it.each([
    [false, []],
    [true, [['42', 'Jana Nováková']]],
  ])('looks names up only when they are wanted (%s)', async (withNames, names) => {
    const { outbox, deps, slack } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    const asked: (readonly string[])[] = [];
    const directory = {
      names: async (leadIds: readonly string[]) => {
        asked.push(leadIds);
        return new Map([['42', 'Jana Nováková']]);
      },
    };
    await deliverDue({ ...deps, directory, telling: { ...deps.telling, withNames } }, NEVER);
    expect(slack.arrived.map((one) => Array.from(one.names))).toEqual([names]);
    expect(asked).toEqual(withNames ? [['42']] : []);
  });

  it('tells by the id alone when names cannot be looked up', async () => {
    const { outbox, deps, slack, log } = setUp();
    await outbox.put('a', FINISHED, ['slack']);
    const directory = { names: () => Promise.reject(new PlanlineError('unavailable', 'gone')) };
    const telling = { ...deps.telling, withNames: true };
    expect(await deliverDue({ ...deps, directory, telling }, NEVER)).toBe(1);
    expect(slack.arrived[0]?.names.size).toBe(0);
    expect(log.records).toMatchObject([{ level: 'warn', fields: { reason: 'gone' } }]);
  });
});
