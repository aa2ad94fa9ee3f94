/** Two runs of a lead, file by file, by what the stream records of them. */
import type { ArtifactRef } from '../../core/events.ts';
import type { RecordedRun } from '../../core/recorded.ts';

export type Comparison = 'same' | 'changed' | 'only_left' | 'only_right';

export interface ComparedFile {
  readonly path: string;
  readonly comparison: Comparison;
  readonly left: ArtifactRef | null;
  readonly right: ArtifactRef | null;
}

function comparisonOf(left: ArtifactRef | null, right: ArtifactRef | null): Comparison {
  if (left === null) return 'only_right';
  if (right === null) return 'only_left';
  return left.sha256 === right.sha256 ? 'same' : 'changed';
}

/** Replies' `.meta.json` differ by their times alone and are left out. */
export function compareRuns(left: RecordedRun, right: RecordedRun): readonly ComparedFile[] {
  const paths = new Set([...left.newest.keys(), ...right.newest.keys()]);
  return [...paths]
    .filter((path) => !path.endsWith('.meta.json'))
    .map((path) => {
      const [a, b] = [left.newest.get(path) ?? null, right.newest.get(path) ?? null];
      return { path, comparison: comparisonOf(a, b), left: a, right: b };
    });
}
