import type { StoredEnvelope } from '../../src/core/events.ts';
import { eventHash, GENESIS_HASH } from '../../src/core/hash-chain.ts';

/** A stream of `count` events with a hash chain that holds. */
export function sampleEvents(leadId: string, count: number): StoredEnvelope[] {
  const events: StoredEnvelope[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const event = {
      event_id: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
      lead_id: leadId,
      seq,
      run_id: '20261123_174501',
      type: 'step.completed',
      v: 1,
      data: { step: 'plan', outputs: [], duration_ms: seq },
      status_from: 'processing',
      status_to: 'processing',
      actor: 'daemon žltý',
      occurred_at: '2026-11-23T17:45:01.000Z',
      recorded_at: '2026-11-23T17:45:01.250Z',
      prev_hash: events.at(-1)?.hash ?? GENESIS_HASH,
    };
    events.push({ ...event, hash: eventHash(event) });
  }
  return events;
}
