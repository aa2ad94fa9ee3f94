/** Do the database, the disk and the row tell the same of a lead? */
import type { ArtifactRef } from '../core/events.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import { erasedRunIds, prunedRunIds, sinceErasure } from '../core/erasure.ts';
import { recordedRuns, type RecordedRun } from '../core/recorded.ts';
import {
  databaseArtifactFindings,
  diskArtifactFindings,
  strayFindings,
} from './verify/artifacts.ts';
import { erasedFindings } from './verify/erased.ts';
import { NOTHING, together, type Findings } from './verify/findings.ts';
import { prunedFindings } from './verify/pruned.ts';
import { lastUpload, pageFindings } from './verify/pages.ts';
import { isOut, rowFindings } from './verify/row.ts';
import { readableEvents, readSides, type VerifyPorts } from './verify/sides.ts';
import { asFarAsCopied, streamFindings, tornFindings } from './verify/streams.ts';

export interface Verification extends Findings {
  readonly leadId: string;
  readonly seq: number;
  readonly hash: string;
  readonly status: string | null;
}

/** Reads what a run recorded, here or from the database; null when neither has it as it was. */
function recordedReader(leadId: string, { artifacts, store }: VerifyPorts) {
  return async (runId: string, ref: ArtifactRef | undefined): Promise<string | null> => {
    if (ref === undefined) return null;
    const local = await artifacts.lead(leadId).run(runId).read(ref.path);
    if (local !== null && sha256Hex(local) === ref.sha256) return local;
    const remote = await store.artifact(leadId, runId, ref);
    return remote !== null && sha256Hex(remote) === ref.sha256 ? remote : null;
  };
}

export async function verifyLead(leadId: string, ports: VerifyPorts): Promise<Verification> {
  const sides = await readSides(leadId, ports);
  const { database, disk, row, stored, pages } = sides;
  const { state } = database;
  const events = readableEvents(database.events);
  const erased = new Set(erasedRunIds(events));
  const pruned = prunedRunIds(events);
  const runs = recordedRuns(sinceErasure(events));
  // The files of a machine that lost the lead are as they were then: another one goes on with its own.
  const { copied, takenOverBy } = asFarAsCopied(database, disk);
  const here =
    takenOverBy === null
      ? runs
      : recordedRuns(readableEvents(copied.events)).filter(({ runId }) => !erased.has(runId));
  const stateHere = takenOverBy === null ? state : copied.state;
  const byId = new Map<string, RecordedRun>(runs.map((run) => [run.runId, run]));
  const read = recordedReader(leadId, ports);
  const files = ports.artifacts.lead(leadId);
  const isGone = row === null && (state === null || isOut(state));
  const findings = together([
    streamFindings(database, disk),
    tornFindings(leadId, sides),
    rowFindings(row, state, events),
    erasedFindings(leadId, { erased, stored, entries: await files.entries() }),
    databaseArtifactFindings(
      runs,
      stored.filter(({ runId }) => !erased.has(runId)),
      { isGone, pruned },
    ),
    await prunedFindings(events, files, ports.daemon),
    await diskArtifactFindings(
      here,
      files,
      stateHere,
      (run, receipt) => read(run.runId, receipt),
      ports.daemon,
    ),
    await strayFindings(files, new Set([...byId.keys(), ...erased])),
    isGone
      ? NOTHING
      : await pageFindings(pages, lastUpload(sinceErasure(events)), (runId, path) =>
          read(runId, byId.get(runId)?.newest.get(path)),
        ),
  ]);
  const last = database.events.at(-1);
  return {
    leadId,
    seq: state?.seq ?? database.events.length,
    hash: state?.hash ?? last?.hash ?? '',
    status: state?.status ?? null,
    ...findings,
  };
}
