import { describe, expect, it } from 'vitest';
import { ChatError } from '../../../src/core/errors.ts';
import { isoOf } from '../../../src/core/instant.ts';
import { waitsUntilMs } from '../../../src/core/lead-state.ts';
import { STEPS, type Step } from '../../../src/core/lifecycle.ts';
import { withoutFuture } from '../../../src/core/pacing.ts';
import { sleepUntil } from '../../../src/shell/sleep-until.ts';
import { sweep } from '../../../src/shell/sweep.ts';
import { virtualClock } from '../../support/virtual-clock.ts';
import { openTestWorkshop, TELLING } from '../../support/workshop.ts';

const HOUR = 3_600_000;
const DESCRIPTION =
  'I am 31 and have cooked in restaurants for nine years. I want to learn to code.';

type Workshop = Awaited<ReturnType<typeof openTestWorkshop>>;

/** Sets the clock back an hour at the moment a step begins. */
function settingBackIn(workshop: Workshop, wanted: Step): Workshop['shell'] {
  let done = false;
  return {
    ...workshop.shell,
    progress(event) {
      workshop.shell.progress(event);
      if (done || event.kind !== 'step' || event.step !== wanted) return;
      done = true;
      // After the step has read its clock: its end then lies before its beginning.
      queueMicrotask(() => workshop.clock.setBack(HOUR));
    },
  };
}

function sweepOf(workshop: Workshop, shell = workshop.shell) {
  const { outbox, signals, clock } = workshop;
  return clock.through(sweep({ shell, outbox, notifiers: [], telling: TELLING }, signals));
}

describe('a clock that is set back by an hour', () => {
  it.each(STEPS)('in the middle of %s harms nothing', async (step) => {
    const workshop = await openTestWorkshop();
    const id = await workshop.database.directory.add({ description: DESCRIPTION });
    const result = await sweepOf(workshop, settingBackIn(workshop, step));
    expect(result).toMatchObject({ archived: [id], blocked: [], waiting: 0 });
    const events = workshop.database.events(id);
    expect(events.map(({ type }) => type)).not.toContain('attempt.failed');
    const durations = events.map(({ data }) => data['duration_ms'] ?? 0);
    expect(durations.every((ms) => Number(ms) >= 0)).toBe(true);
  });

  it('does not make a failed prompt wait for the same hour twice', () => {
    const failedMs = Date.UTC(2026, 10, 23, 10);
    const failure = {
      step: 'plan' as const,
      n: 1,
      count: 1,
      failedAt: isoOf(failedMs),
      retryAt: isoOf(failedMs + 30_000),
      reason: 'The answer was cut off.',
    };
    expect(waitsUntilMs(failure, failedMs + 1_000)).toBe(failedMs + 30_000);
    expect(waitsUntilMs(failure, failedMs + 30_000)).toBeNull();
    expect(waitsUntilMs(failure, failedMs + 1_000 - HOUR)).toBeNull();
    expect(waitsUntilMs({ ...failure, retryAt: null }, failedMs)).toBeNull();
    expect(waitsUntilMs(undefined, failedMs)).toBeNull();
  });

  it('makes an account that cools down be asked, not rest for an hour more', async () => {
    const { clock, shell } = await openTestWorkshop();
    const untilMs = clock.now() + 10 * 60_000;
    await shell.account.note(new ChatError('rate_limited', 'Too many requests.', { untilMs }));
    const { signal } = new AbortController();
    expect(await shell.account.turn(signal)).toMatchObject({ ready: false, untilMs });
    clock.setBack(HOUR);
    expect(await shell.account.turn(signal)).toEqual({ ready: true });
  });

  it('wakes who sleeps until then, as nobody knows when that is now', async () => {
    const clock = virtualClock('2026-11-23T10:00:00.000Z');
    const { signal } = new AbortController();
    const slept = sleepUntil(clock, clock.now() + 10 * 60_000, signal);
    clock.setBack(HOUR);
    const startedMs = clock.now();
    await clock.through(slept);
    expect(clock.now() - startedMs).toBeLessThanOrEqual(60_000);
  });

  it('counts prompts of the hour that comes again as sent just now', () => {
    const nowMs = Date.UTC(2026, 10, 23, 10);
    const history = { sentMs: [nowMs - 5, nowMs + HOUR], nextMs: nowMs };
    expect(withoutFuture(history, nowMs).sentMs).toEqual([nowMs - 5, nowMs]);
    const past = { sentMs: [nowMs - 5], nextMs: nowMs };
    expect(withoutFuture(past, nowMs)).toBe(past);
  });
});
