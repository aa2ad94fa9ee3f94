/** A lead's folder from the database: log, recorded files, summary. The database is the authority. */
import { ARCHIVE_RECEIPT } from '../../core/archive-receipt.ts';
import { isPlanlineError } from '../../core/errors.ts';
import type { ArtifactRef } from '../../core/events.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { prunedRunIds, sinceErasure } from '../../core/erasure.ts';
import { recordedRuns, type RecordedRun } from '../../core/recorded.ts';
import type {
  ArtifactStore,
  EventStore,
  LeadFiles,
  RecoveryStore,
  RunFiles,
  ZippedRun,
} from '../../ports.ts';
import { erasedEntries } from '../erase-here.ts';
import { writeRunSummary } from '../run-summary.ts';
import { mayBeAhead } from '../verify/artifacts.ts';
import { readableEvents } from '../verify/sides.ts';
import { mendLog } from './mend-log.ts';
import { counted, type RebuildReport } from './report.ts';
import { standingOf, type Standing } from './standing.ts';

export interface ToDiskPorts {
  readonly store: Pick<EventStore, 'artifact'>;
  readonly artifacts: ArtifactStore;
  readonly recovery: Pick<RecoveryStore, 'stream'>;
}

async function rebuildLog(files: LeadFiles, standing: Standing): Promise<string[]> {
  const { database, disk, comparison, damage } = standing;
  const isPrefix =
    damage.disk === null && comparison.forkSeq === null && comparison.databaseLacks.length === 0;
  if (isPrefix) {
    // Before anything is appended to it: behind another line it could not be told from damage.
    const mended = await mendLog(files, disk);
    if (comparison.diskLacks.length === 0) return mended;
    await files.appendEvents(comparison.diskLacks);
    return [...mended, `events.jsonl: ${counted(comparison.diskLacks.length, 'event')} added`];
  }
  const aside = await files.setEventsAside(damage.disk === null ? 'differs' : 'damaged');
  await files.appendEvents(database.events);
  const what =
    comparison.forkSeq === null
      ? counted(disk.events.length, 'event')
      : `${counted(comparison.databaseLacks.length, 'event')} from seq ${comparison.forkSeq} on that the database does not have`;
  return [`events.jsonl written anew; what was there (${what}) is kept as ${aside}`];
}

interface FileCounts {
  written: number;
  readonly aside: string[];
  readonly lost: string[];
}

async function recordedText(
  runId: string,
  ref: ArtifactRef,
  from: { leadId: string; store: ToDiskPorts['store']; zip: ZippedRun | null },
): Promise<string | Uint8Array | null> {
  const remote = await from.store.artifact(from.leadId, runId, ref);
  const candidates = [remote, from.zip?.files.get(ref.path) ?? null];
  return candidates.find((text) => text !== null && sha256Hex(text) === ref.sha256) ?? null;
}

async function zipOf(files: RunFiles): Promise<ZippedRun | null> {
  try {
    return await files.readZip();
  } catch (error) {
    // A zip that cannot be read helps nobody here; `verify` tells of it.
    if (isPlanlineError(error, 'corrupt')) return null;
    throw error;
  }
}

/** An archived run whose folder went to cold storage is all there. */
async function isWholeInZip(
  run: RecordedRun,
  files: RunFiles,
  zip: ZippedRun | null,
): Promise<boolean> {
  if (zip === null || (await files.list('')).length > 0) return false;
  return [...run.newest.values()]
    .filter(({ path }) => path !== ARCHIVE_RECEIPT)
    .every(({ path, sha256 }) => {
      const content = zip.files.get(path);
      return content !== undefined && sha256Hex(content) === sha256;
    });
}

async function rebuildRun(
  run: RecordedRun,
  standing: Standing,
  { store, files }: { store: ToDiskPorts['store']; files: RunFiles },
  counts: FileCounts,
): Promise<void> {
  const zip = await zipOf(files);
  if (await isWholeInZip(run, files, zip)) return;
  const from = { leadId: standing.leadId, store, zip };
  for (const ref of run.newest.values()) {
    const local = await files.read(ref.path);
    if (local !== null && sha256Hex(local) === ref.sha256) continue;
    // An answer that came just before a crash: the run adopts it, or writes the recorded one itself.
    if (local !== null && mayBeAhead(run.runId, ref.path, standing.database.state)) continue;
    const text = await recordedText(run.runId, ref, from);
    if (text === null) {
      counts.lost.push(`${run.runId}/${ref.path}`);
      continue;
    }
    const kept = local === null ? null : await files.snapshot(ref.path);
    if (kept !== null) counts.aside.push(`${run.runId}/${kept}`);
    await files.write(ref.path, text);
    counts.written += 1;
  }
}

async function setStraysAside(files: LeadFiles, runs: readonly RecordedRun[]): Promise<string[]> {
  const named = new Set(runs.map(({ runId }) => runId));
  const aside: string[] = [];
  for (const runId of await files.runIds()) {
    if (!named.has(runId)) aside.push(...(await files.setRunAside(runId)));
  }
  return aside;
}

export async function rebuildToDisk(leadId: string, ports: ToDiskPorts): Promise<RebuildReport> {
  const files = ports.artifacts.lead(leadId);
  const standing = await standingOf(leadId, { recovery: ports.recovery, files });
  const refused = (reason: string): RebuildReport => ({ leadId, done: [], problems: [reason] });
  if (standing.damage.database !== null) {
    return refused(
      `nothing was written, as the database cannot be built on: ${standing.damage.database}`,
    );
  }
  if (standing.database.events.length === 0) {
    return standing.disk.events.length === 0
      ? { leadId, done: [], problems: [] }
      : refused('the database has no events of this lead: see planline rebuild --to database');
  }
  const events = readableEvents(standing.database.events);
  const pruned = prunedRunIds(events);
  const runs = recordedRuns(sinceErasure(events));
  const done = await rebuildLog(files, standing);
  const erased = erasedEntries(await files.entries(), events);
  await files.removeEntries(erased);
  const counts: FileCounts = { written: 0, aside: [], lost: [] };
  for (const run of runs) {
    // Its zip has it, wherever that is: there is nothing else to bring back.
    if (pruned.has(run.runId)) continue;
    await rebuildRun(run, standing, { store: ports.store, files: files.run(run.runId) }, counts);
  }
  const strays = await setStraysAside(files, runs);
  await writeRunSummary({ files }, null);
  return {
    leadId,
    done: [
      ...done,
      ...erased.map(({ path }) => `removed ${path}, as the lead was erased`),
      ...(counts.written > 0 ? [`${counted(counts.written, 'file')} written`] : []),
      ...[...counts.aside, ...strays].map((path) => `kept what was there as ${path}`),
    ],
    problems: counts.lost.map(
      (path) => `${path} is in no artifact of the database as it was recorded`,
    ),
  };
}
