/** What an erasure leaves of a stream: the runs before it are only told of, no text of them is kept. */
import type { StoredEvent } from './events.ts';

/** The events after the last erasure; all of them when there was none. */
export function sinceErasure(events: readonly StoredEvent[]): readonly StoredEvent[] {
  return events.slice(events.findLastIndex(({ type }) => type === 'lead.erased') + 1);
}

/** Runs of which nothing may be left, oldest first. */
export function erasedRunIds(events: readonly StoredEvent[]): string[] {
  const kept = new Set(startedRunIds(sinceErasure(events)));
  return startedRunIds(events).filter((runId) => !kept.has(runId));
}

export function startedRunIds(events: readonly StoredEvent[]): string[] {
  return events.flatMap(({ type, run_id: runId }) =>
    type === 'run.started' && runId !== null ? [runId] : [],
  );
}

/** Runs of which only the zip is left. */
export function prunedRunIds(events: readonly StoredEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap(({ type, run_id: runId }) =>
      type === 'run.pruned' && runId !== null ? [runId] : [],
    ),
  );
}
