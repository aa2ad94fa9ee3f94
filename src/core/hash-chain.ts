/**
 * The hash chain of a stream. The database computes it in `planline_record` from
 * `jsonb_build_array(…)::text`; this file writes the same bytes, so that the chain can be verified
 * from events.jsonl alone.
 */
import { hash as digest } from 'node:crypto';
import type { StoredEnvelope } from './events.ts';

/** prev_hash of a stream's first event. */
export const GENESIS_HASH = '0'.repeat(64);

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function sha256Hex(text: string | Uint8Array): string {
  return digest('sha256', text, 'hex');
}

/** PostgreSQL orders the keys of a jsonb object by length in bytes, then bytewise. */
function compareKeys(a: string, b: string): number {
  const shorter = Buffer.byteLength(a) - Buffer.byteLength(b);
  return shorter === 0 ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : shorter;
}

/**
 * What PostgreSQL prints for `value::jsonb::text`, byte for byte. Numbers must be safe integers:
 * event data holds no others, as PostgreSQL and JavaScript print fractions and exponents differently.
 */
export function jsonbText(value: Json): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError(`event data may hold safe integers only, not ${value}`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  const members = Object.entries(value)
    .toSorted(([a], [b]) => compareKeys(a, b))
    .map(([key, member]) => `${JSON.stringify(key)}: ${jsonbText(member)}`);
  return `{${members.join(', ')}}`;
}

/** The hash that an event must carry, 64 hexadecimal digits. */
export function eventHash(event: Omit<StoredEnvelope, 'hash'>): string {
  return sha256Hex(
    jsonbText([
      event.prev_hash,
      event.event_id,
      event.lead_id,
      event.seq,
      event.run_id,
      event.type,
      event.v,
      event.data,
      event.status_from,
      event.status_to,
      event.actor,
      event.occurred_at,
      event.recorded_at,
    ]),
  );
}

/** What somebody put there by hand may hold numbers of which no hash was ever made. */
function fitsItsHash(event: StoredEnvelope): boolean {
  try {
    return eventHash(event) === event.hash;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export interface ChainFault {
  readonly seq: number;
  readonly problem: string;
}

/**
 * The first place where a stream is not what was written: a gap, a swapped order, a changed event or
 * a forged hash. `previous` is the event before the first one given; null from the stream's start.
 */
export function findChainFault(
  events: readonly StoredEnvelope[],
  previous: Pick<StoredEnvelope, 'seq' | 'hash'> | null = null,
): ChainFault | null {
  let { seq, hash } = previous ?? { seq: 0, hash: GENESIS_HASH };
  for (const event of events) {
    if (event.seq !== seq + 1) {
      return { seq: event.seq, problem: `seq ${seq + 1} was expected here, found ${event.seq}` };
    }
    if (event.prev_hash !== hash) {
      return { seq: event.seq, problem: 'prev_hash is not the hash of the event before it' };
    }
    if (!fitsItsHash(event)) {
      return { seq: event.seq, problem: 'its content does not fit its hash' };
    }
    ({ seq, hash } = event);
  }
  return null;
}
