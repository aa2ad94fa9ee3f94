import { describe, expect, it } from 'vitest';
import { longStream } from '../../../bench/support/long-stream.ts';
import { fold } from '../../../machines/fold.ts';
import type { StoredEnvelope } from '../../../src/core/events.ts';
import { findChainFault } from '../../../src/core/hash-chain.ts';
import { readHistory } from '../../support/histories.ts';

function firstOf(pattern: readonly StoredEnvelope[], count: number): StoredEnvelope[] {
  const events: StoredEnvelope[] = [];
  for (const event of longStream(pattern)) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

describe('a long stream', () => {
  const pattern = readHistory('v1/new-run-after-changed-description.jsonl');
  const events = firstOf(pattern, pattern.length * 4 + 7);

  it('is a whole stream of one lead that the chart takes to its end', () => {
    expect(findChainFault(events)).toBeNull();
    const { at, status } = fold(pattern.slice(0, 7));
    expect(fold(events)).toMatchObject({ seq: events.length, at, status });
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
  });

  it('has runs of its own at each turn', () => {
    const whole = fold(firstOf(pattern, pattern.length * 4));
    const once = fold(pattern);
    expect(whole.runIds).toHaveLength(once.runIds.length * 4);
    expect(new Set(whole.runIds).size).toBe(whole.runIds.length);
    expect(whole.run?.completed.length).toBe(once.run?.completed.length);
  });
});
