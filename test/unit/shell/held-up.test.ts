import { describe, expect, it } from 'vitest';
import { createHeldUp } from '../../../src/shell/held-up.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { recordingLog } from '../../support/recording-log.ts';

const MINUTE_MS = 60_000;

function given() {
  const clock = manualClock('2026-11-26T10:00:00.000Z');
  const log = recordingLog();
  const told: string[] = [];
  let fails = false;
  const heldUp = createHeldUp({
    clock,
    log,
    tell: (reason, sinceMs) => {
      if (fails) return Promise.reject(new Error('the outbox is away'));
      told.push(`${reason} since ${new Date(sinceMs).toISOString().slice(11, 16)}`);
      return Promise.resolve();
    },
  });
  const fail = (value: boolean): void => void (fails = value);
  /** Is held up, and again 31 minutes later. */
  const wait = async (leadId: string, reason: string): Promise<void> => {
    await heldUp.again(leadId, reason);
    clock.advance(31 * MINUTE_MS);
    await heldUp.again(leadId, reason);
  };
  return { clock, log, told, heldUp, fail, wait };
}

describe('work that is held up', () => {
  it('is looked at each minute first, and at last once an hour', async () => {
    const { clock, heldUp } = given();
    const looks: number[] = [];
    for (const startMs = clock.now(); clock.now() - startMs < 30 * 24 * 60 * MINUTE_MS;) {
      const pauseMs = await heldUp.again('a', 'no disk');
      looks.push(pauseMs / MINUTE_MS);
      clock.advance(pauseMs);
    }
    expect(looks.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 1));
    expect(looks).toEqual(looks.toSorted((a, b) => a - b));
    expect(looks.at(-1)).toBe(60);
    // A month, each of them an event for ever.
    expect(looks.length).toBeLessThan(800);
  });

  it('is told once after half an hour, for all leads that wait', async () => {
    const { clock, told, heldUp } = given();
    const wait = async (minutes: number): Promise<void> => {
      for (let minute = 0; minute < minutes; minute += 1) {
        await heldUp.again('a', 'no disk');
        await heldUp.again('b', 'no disk');
        clock.advance(MINUTE_MS);
      }
    };
    await wait(30);
    expect(told).toEqual([]);
    await wait(60);
    expect(told).toEqual(['no disk since 10:00']);
  });

  it('is told of again when it was over in between', async () => {
    const { told, heldUp, wait } = given();
    await wait('a', 'no disk');
    heldUp.over('a');
    expect(await heldUp.again('a', 'no disk')).toBe(MINUTE_MS);
    await wait('a', 'no disk');
    expect(told).toEqual(['no disk since 10:00', 'no disk since 10:31']);
  });

  it('is told of again when the lead that waited was never seen again', async () => {
    const { clock, told, wait } = given();
    await wait('a', 'no disk');
    clock.advance(121 * MINUTE_MS);
    await wait('b', 'no key');
    expect(told).toEqual(['no disk since 10:00', 'no key since 12:32']);
  });

  it('is told of another lead when those that were told of wait no more', async () => {
    const { clock, told, heldUp, wait } = given();
    await wait('a', 'no disk');
    await heldUp.again('b', 'no key');
    heldUp.over('a');
    clock.advance(31 * MINUTE_MS);
    await heldUp.again('b', 'no key');
    expect(told).toEqual(['no disk since 10:00', 'no key since 10:31']);
  });

  it('is told later when nobody can be told', async () => {
    const { log, told, heldUp, fail, wait } = given();
    fail(true);
    await wait('a', 'no disk');
    expect(told).toEqual([]);
    expect(log.records).toMatchObject([{ fields: { reason: 'the outbox is away' } }]);
    fail(false);
    await heldUp.again('a', 'no disk');
    expect(told).toHaveLength(1);
  });
});
