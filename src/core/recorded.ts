/** What streams record of files: which event names which, and what a run amounts to on disk. */
import type { ArtifactRef, StoredEvent } from './events.ts';

/** The files that an event records. */
export function artifactsOf(event: StoredEvent): readonly ArtifactRef[] {
  switch (event.type) {
    case 'run.started':
    case 'run.resumed':
      return event.data.artifacts;
    case 'prompt.staged':
      return [event.data.prompt];
    case 'prompt.saved':
      return [event.data.reply, event.data.meta];
    case 'prompt.refused':
      return [event.data.reply, event.data.repair];
    case 'step.completed':
      return event.data.outputs;
    default:
      return [];
  }
}

export interface RecordedRun {
  readonly runId: string;
  /** By path: what its folder must hold. */
  readonly newest: ReadonlyMap<string, ArtifactRef>;
  /** Every version of every path, each once: what the database keeps. */
  readonly versions: readonly ArtifactRef[];
}

/** The runs of a stream, oldest first. */
export function recordedRuns(events: Iterable<StoredEvent>): RecordedRun[] {
  const runs = new Map<string, Map<string, ArtifactRef>>();
  for (const event of events) {
    if (event.run_id === null) continue;
    const versions = runs.get(event.run_id) ?? new Map<string, ArtifactRef>();
    runs.set(event.run_id, versions);
    for (const ref of artifactsOf(event)) {
      const key = JSON.stringify([ref.path, ref.sha256]);
      // Written again, an old version is the newest.
      versions.delete(key);
      versions.set(key, ref);
    }
  }
  return [...runs].map(([runId, versions]) => ({
    runId,
    newest: new Map([...versions.values()].map((ref) => [ref.path, ref])),
    versions: [...versions.values()],
  }));
}
