/** One lead's stream made as long as is wanted, by its runs told again and again. Pure. */
import type { StoredEnvelope } from '../../src/core/events.ts';
import { eventHash, GENESIS_HASH } from '../../src/core/hash-chain.ts';
import { isoOf } from '../../src/core/instant.ts';
import { newRunId } from '../../src/core/run-id.ts';

const START_MS = Date.UTC(2020, 0, 1);
/** Between two events; a run id is a second. */
const STEP_MS = 1_000;

function uuidOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/**
 * Endless. `pattern` is a whole stream that ends where a lead rests: it may begin anew after itself.
 * Each event has its own id, seq, times and hash; each turn of the pattern runs of its own.
 */
export function* longStream(pattern: readonly StoredEnvelope[]): Generator<StoredEnvelope> {
  let seq = 0;
  let hash = GENESIS_HASH;
  let status: string | null = null;
  for (;;) {
    const runIds = new Map<string, string>();
    for (const event of pattern) {
      seq += 1;
      const atMs = START_MS + seq * STEP_MS;
      const at = isoOf(atMs);
      if (event.run_id !== null && !runIds.has(event.run_id)) {
        runIds.set(event.run_id, newRunId(atMs, new Set()));
      }
      const next: Omit<StoredEnvelope, 'hash'> = {
        ...event,
        event_id: uuidOf(seq),
        seq,
        run_id: event.run_id === null ? null : (runIds.get(event.run_id) ?? null),
        status_from: status,
        occurred_at: at,
        recorded_at: at,
        prev_hash: hash,
      };
      // The old hash must not be part of what is hashed.
      const { hash: _old, ...bare } = { ...next, hash: '' };
      hash = eventHash(bare);
      status = event.status_to ?? status;
      yield { ...bare, hash };
    }
  }
}
