import { expect, it } from 'vitest';
import { medianTimes, promptTimes, wholeOf } from '../../../bench/support/prompt-times.ts';

const event = (type: string, occurredMs: number, recordedMs: number) => ({
  type,
  occurredMs,
  recordedMs,
});

/** One prompt that begins at `ms` and is saved 60 ms later. */
const prompt = (ms: number) => [
  event('prompt.staged', ms, ms + 10),
  event('prompt.send_intended', ms, ms + 10),
  event('prompt.sent', ms + 25, ms + 32),
  event('prompt.answered', ms + 50, ms + 60),
  event('prompt.saved', ms + 50, ms + 60),
];

it('parts the time of a prompt by what its events were recorded after', () => {
  const events = [
    event('run.started', 0, 5),
    ...prompt(100),
    ...prompt(164),
    event('step.completed', 1_000, 1_010),
    ...prompt(2_000),
  ];
  const times = promptTimes(events);
  expect(times).toEqual({ intent: 10, sending: 15, sent: 7, answer: 18, saved: 10, next: 4 });
  expect(wholeOf(times)).toBe(64);
});

it('takes the middle of rounds, part by part', () => {
  const times = promptTimes([...prompt(0), ...prompt(70)]);
  const slow = { ...times, intent: 1_000 };
  expect(medianTimes([times, slow, times])).toEqual(times);
});
