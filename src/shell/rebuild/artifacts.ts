/** Recorded files that the database lacks, or has otherwise, put back from this disk. */
import type { ArtifactRef } from '../../core/events.ts';
import type { RecordedRun } from '../../core/recorded.ts';
import type {
  Artifact,
  EventStore,
  LeadFiles,
  RecoveryStore,
  StoredArtifact,
} from '../../ports.ts';
import { counted } from './report.ts';
import type { RecordedTexts } from './texts.ts';

/** Of one call; a gateway in front of the database may refuse much larger ones. */
const BATCH_CHARS = 1_000_000;

export interface ArtifactPorts {
  readonly store: Pick<EventStore, 'artifact'>;
  readonly recovery: Pick<RecoveryStore, 'artifacts' | 'putArtifacts'>;
  readonly files: LeadFiles;
  readonly texts: RecordedTexts;
}

interface Gap {
  readonly ref: ArtifactRef;
  /** There is a row, and its content is not what was recorded. */
  readonly isForged: boolean;
}

const keyOf = (runId: string, { path, sha256 }: Pick<ArtifactRef, 'path' | 'sha256'>): string =>
  JSON.stringify([runId, path, sha256]);

function gapsOf(run: RecordedRun, stored: ReadonlyMap<string, StoredArtifact>): Gap[] {
  const gaps: Gap[] = [];
  for (const ref of run.versions) {
    const row = stored.get(keyOf(run.runId, ref));
    if (row?.found.sha256 !== ref.sha256) gaps.push({ ref, isForged: row !== undefined });
  }
  return gaps;
}

function batches(artifacts: readonly Artifact[]): Artifact[][] {
  const all: Artifact[][] = [];
  let room = 0;
  for (const artifact of artifacts) {
    if (artifact.content.length > room) {
      all.push([]);
      room = BATCH_CHARS;
    }
    all.at(-1)?.push(artifact);
    room -= artifact.content.length;
  }
  return all;
}

/** What stands where the recorded text belongs goes into a file before it is replaced. */
async function keepForged(
  leadId: string,
  runId: string,
  ref: ArtifactRef,
  { store, files }: ArtifactPorts,
): Promise<string | null> {
  const forged = await store.artifact(leadId, runId, ref);
  if (forged === null) return null;
  const path = `snapshots/pipeline_artifacts/${ref.path}`;
  const run = files.run(runId);
  await run.snapshot(path);
  await run.write(path, forged);
  return `${runId}/${path}`;
}

export interface ArtifactsPut {
  readonly done: readonly string[];
  readonly problems: readonly string[];
}

export async function putArtifacts(
  leadId: string,
  runs: readonly RecordedRun[],
  ports: ArtifactPorts,
): Promise<ArtifactsPut> {
  const rows = await ports.recovery.artifacts(leadId);
  const stored = new Map(rows.map((row) => [keyOf(row.runId, row), row]));
  const [aside, problems]: [string[], string[]] = [[], []];
  let put = 0;
  for (const run of runs) {
    const { runId, newest } = run;
    const found: Artifact[] = [];
    for (const { ref, isForged } of gapsOf(run, stored)) {
      const content = await ports.texts.onDisk(runId, ref);
      if (content !== null) {
        found.push({ ...ref, content });
        const kept = isForged ? await keepForged(leadId, runId, ref, ports) : null;
        if (kept !== null) aside.push(`kept what the database had instead as ${kept}`);
      } else if (newest.get(ref.path)?.sha256 === ref.sha256) {
        problems.push(`${runId}/${ref.path} is not on this disk as it was recorded`);
      }
    }
    for (const batch of batches(found)) await ports.recovery.putArtifacts(leadId, runId, batch);
    put += found.length;
  }
  return { done: put === 0 ? [] : [`${counted(put, 'artifact')} stored`, ...aside], problems };
}
