/** Old archived runs left to their zips: the folder and the database's copy go, once the zip was checked now. */
import { ARCHIVE_RECEIPT, isOutsideZip } from '../core/archive-receipt.ts';
import { prunedRunIds, sinceErasure } from '../core/erasure.ts';
import { isPlanlineError } from '../core/errors.ts';
import type { StoredEvent } from '../core/events.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import { msOf } from '../core/instant.ts';
import { recordedRuns, type RecordedRun } from '../core/recorded.ts';
import { upcast } from '../core/upcast.ts';
import type { ArtifactStore, EventStore, RunFiles, ZippedRun } from '../ports.ts';
import type { RetentionStore } from '../ports-retention.ts';
import { lastUpload } from './verify/pages.ts';
import { recordedReceipts } from './verify/receipts.ts';

export interface PruneDeps {
  readonly store: Pick<EventStore, 'read' | 'artifact'>;
  readonly retention: Pick<RetentionStore, 'prune'>;
  readonly artifacts: Pick<ArtifactStore, 'lead'>;
  /** Whose machine this is: it keeps the zip from now on. */
  readonly daemon: string;
}

export interface PruneOrder {
  /** Epoch ms: runs that were archived before. */
  readonly beforeMs: number;
  /** Only look. */
  readonly isDryRun: boolean;
}

export interface PrunedRun {
  readonly leadId: string;
  readonly runId: string;
  /** Why it stays; null when it went, or would go. */
  readonly refusal: string | null;
  /** Absolute, of the zip that is left. */
  readonly zip: string | null;
  readonly folderBytes: number;
  /** Taken out of the database; null when that was only looked at. */
  readonly artifacts: number | null;
  readonly artifactBytes: number | null;
}

export interface PrunedLead {
  readonly runs: readonly PrunedRun[];
  /** Old runs that are never pruned: the lead's newest, and the one whose pages are up. */
  readonly inUse: number;
}

/** When a run came to its end, epoch ms; null while it has not. */
function archivedAtMs(events: readonly StoredEvent[], runId: string): number | null {
  const end = events.findLast(
    (event) =>
      event.run_id === runId && event.type === 'step.completed' && event.status_to === 'archived',
  );
  return end === undefined ? null : msOf(end.recorded_at);
}

interface OldRuns {
  /** A later one has replaced them. */
  readonly replaced: readonly RecordedRun[];
  /** The newest, and the one whose pages are up. */
  readonly inUse: readonly RecordedRun[];
}

function oldRuns(events: readonly StoredEvent[], beforeMs: number): OldRuns {
  const newest = events.findLast(({ type }) => type === 'run.started')?.run_id;
  const shown = lastUpload(events)?.runId;
  const old = recordedRuns(events).filter(({ runId }) => {
    const atMs = archivedAtMs(events, runId);
    return atMs !== null && atMs < beforeMs;
  });
  const isInUse = ({ runId }: RecordedRun) => runId === newest || runId === shown;
  return { replaced: old.filter((run) => !isInUse(run)), inUse: old.filter(isInUse) };
}

interface Checked {
  readonly zip: ZippedRun;
  readonly sums: readonly string[];
  readonly folderBytes: number;
}

/** The first file of the folder that the zip does not hold as it is; its bytes when there is none. */
async function compareFolder(
  files: RunFiles,
  zip: ZippedRun,
): Promise<{ readonly missing: string } | { readonly bytes: number }> {
  let bytes = 0;
  for (const path of await files.list('')) {
    const zipped = zip.files.get(path);
    if (isOutsideZip(path)) continue;
    // removeFolder compares bytes before anything goes; here a name is enough to say why not.
    if (zipped === undefined) return { missing: path };
    bytes += zipped.length;
  }
  return { bytes };
}

/** Reads the zip whole, now. A reason when it is not known to be all that there is of the run. */
async function check(
  leadId: string,
  run: RecordedRun,
  files: RunFiles,
  deps: PruneDeps,
): Promise<Checked | string> {
  let zip: ZippedRun | null;
  try {
    zip = await files.readZip();
  } catch (error) {
    if (!isPlanlineError(error, 'corrupt')) throw error;
    return error.message;
  }
  if (zip === null) return 'its zip is not on this machine';
  const receipts = await recordedReceipts(leadId, run, deps.store);
  if (!receipts.some(({ sha256 }) => sha256 === zip.sha256)) {
    return `${zip.path} is not the zip that was recorded`;
  }
  for (const { path, sha256 } of run.newest.values()) {
    if (path === ARCHIVE_RECEIPT) continue;
    const content = zip.files.get(path);
    if (content === undefined || sha256Hex(content) !== sha256) {
      return `${zip.path} does not hold ${path} as it was recorded`;
    }
  }
  const folder = await compareFolder(files, zip);
  if ('missing' in folder) return `its folder holds ${folder.missing}, which its zip does not`;
  const sums = [...new Set([...zip.files.values()].map(sha256Hex))];
  return { zip, sums, folderBytes: folder.bytes };
}

async function pruneRun(
  leadId: string,
  run: RecordedRun,
  deps: PruneDeps,
  { isDryRun }: PruneOrder,
): Promise<PrunedRun> {
  const { runId } = run;
  const files = deps.artifacts.lead(leadId).run(runId);
  const nothing = { zip: null, folderBytes: 0, artifacts: null, artifactBytes: null };
  const checked = await check(leadId, run, files, deps);
  if (typeof checked === 'string') return { leadId, runId, refusal: checked, ...nothing };
  const { zip, sums, folderBytes } = checked;
  const told = { leadId, runId, zip: zip.path, folderBytes };
  if (isDryRun) return { ...told, refusal: null, artifacts: null, artifactBytes: null };
  try {
    // The folder first: it is compared with the zip once more, byte for byte. Without its event a
    // folder that is gone is what cold storage leaves too.
    await files.removeFolder(zip);
  } catch (error) {
    if (!isPlanlineError(error, 'corrupt')) throw error;
    return { leadId, runId, refusal: error.message, ...nothing };
  }
  const gone = await deps.retention.prune({
    leadId,
    runId,
    actor: deps.daemon,
    zipSha256: zip.sha256,
    sums,
  });
  return { ...told, refusal: null, artifacts: gone.artifacts, artifactBytes: gone.bytes };
}

/** Every old run of a lead, in order. May be repeated: what was pruned before is passed over. */
export async function pruneLead(
  leadId: string,
  deps: PruneDeps,
  order: PruneOrder,
): Promise<PrunedLead> {
  const events = sinceErasure((await deps.store.read(leadId, 0)).map(upcast));
  const before = prunedRunIds(events);
  const { replaced, inUse } = oldRuns(events, order.beforeMs);
  const runs: PrunedRun[] = [];
  for (const run of replaced) {
    if (before.has(run.runId)) continue;
    runs.push(await pruneRun(leadId, run, deps, order));
  }
  return { runs, inUse: inUse.length };
}
