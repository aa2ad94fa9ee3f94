/** What a delivery of events adds to a stream: they may come twice, too late, or in any order. */
import type { StoredEnvelope } from './events.ts';

export interface Delivery {
  /** What follows `seq` without a gap, in order, each once. */
  readonly next: readonly StoredEnvelope[];
  /** True when something came whose forerunner did not: the stream has to be read. */
  readonly gap: boolean;
}

export function nextOf(seq: number, events: readonly StoredEnvelope[]): Delivery {
  const next: StoredEnvelope[] = [];
  let end = seq;
  for (const event of events.toSorted((a, b) => a.seq - b.seq)) {
    if (event.seq <= end) continue;
    if (event.seq > end + 1) return { next, gap: true };
    next.push(event);
    end = event.seq;
  }
  return { next, gap: false };
}
