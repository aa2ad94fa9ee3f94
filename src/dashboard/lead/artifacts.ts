/**
 * The content of a recorded file: from the run's folder, else from the database, else from the run's
 * zip. Only what the stream records can be asked for, so no path of a request ever reaches the disk.
 */
import { isPlanlineError, PlanlineError } from '../../core/errors.ts';
import type { ArtifactRef, StoredEvent } from '../../core/events.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { recordedRuns, type RecordedRun } from '../../core/recorded.ts';
import type { ArtifactStore, EventStore } from '../../ports.ts';
import type { Moment } from './replay.ts';

export interface ArtifactSources {
  readonly store: Pick<EventStore, 'artifact'>;
  readonly artifacts: ArtifactStore;
}

export interface RecordedArtifact {
  readonly leadId: string;
  readonly runId: string;
  readonly ref: ArtifactRef;
}

export interface FoundArtifact {
  readonly text: string;
  readonly source: 'disk' | 'database' | 'zip';
  /** What the disk has at its path instead of what was recorded; null when nothing is wrong. */
  readonly warning: string | null;
}

export function runsOf(moments: readonly Moment[]): readonly RecordedRun[] {
  return recordedRuns(moments.map(({ event }): StoredEvent => event));
}

/** The newest version at a path, or the one with this sha256. Null when no event records it. */
export function findRecorded(
  runs: readonly RecordedRun[],
  wanted: { readonly runId: string; readonly path: string; readonly sha256: string | null },
): ArtifactRef | null {
  const run = runs.find(({ runId }) => runId === wanted.runId);
  if (wanted.sha256 === null) return run?.newest.get(wanted.path) ?? null;
  const fits = (ref: ArtifactRef): boolean =>
    ref.path === wanted.path && ref.sha256 === wanted.sha256;
  return run?.versions.find(fits) ?? null;
}

async function fromZip(
  { artifacts }: ArtifactSources,
  { leadId, runId, ref }: RecordedArtifact,
): Promise<string | null> {
  const zip = await artifacts.lead(leadId).run(runId).readZip();
  const bytes = zip?.files.get(ref.path);
  return bytes === undefined ? null : Buffer.from(bytes).toString('utf8');
}

const isAsRecorded = (text: string | null, { sha256 }: ArtifactRef): text is string =>
  text !== null && sha256Hex(text) === sha256;

/** Reads a file that may be away; what the disk refuses is told beside what is shown. */
async function onDisk(
  sources: ArtifactSources,
  { leadId, runId, ref }: RecordedArtifact,
): Promise<{ text: string | null; refusal: string | null }> {
  try {
    return { text: await sources.artifacts.lead(leadId).run(runId).read(ref.path), refusal: null };
  } catch (error) {
    if (!(error instanceof PlanlineError)) throw error;
    return { text: null, refusal: error.message };
  }
}

/**
 * Null when it is nowhere: another machine has it, or it was erased. Content that does not fit its
 * sha256 is shown only when there is no other, with a warning.
 */
export async function readArtifact(
  sources: ArtifactSources,
  artifact: RecordedArtifact,
): Promise<FoundArtifact | null> {
  const { leadId, runId, ref } = artifact;
  const disk = await onDisk(sources, artifact);
  if (isAsRecorded(disk.text, ref)) return { text: disk.text, source: 'disk', warning: null };

  const differs =
    disk.text === null
      ? disk.refusal
      : `The file on disk is not what event and sha256 record: it was changed, or a later attempt wrote it again. Run \`planline verify ${leadId}\` to see which.`;
  const stored = await sources.store.artifact(leadId, runId, ref);
  if (isAsRecorded(stored, ref)) return { text: stored, source: 'database', warning: differs };

  const zipped = await fromZip(sources, artifact).catch((error: unknown) => {
    if (isPlanlineError(error, 'corrupt') || isPlanlineError(error, 'unavailable')) return null;
    throw error;
  });
  if (isAsRecorded(zipped, ref)) return { text: zipped, source: 'zip', warning: differs };

  const [text, source] =
    disk.text !== null ? ([disk.text, 'disk'] as const) : ([stored ?? zipped, 'database'] as const);
  if (text === null) return null;
  return {
    text,
    source,
    warning: `What is shown does not fit the sha256 that was recorded (${ref.sha256.slice(0, 12)}…), and neither disk, database nor zip has what does. Run \`planline verify ${leadId}\`.`,
  };
}
