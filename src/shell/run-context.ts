/** One run under way: its stream, its files, and the deps, as performers see them. */
import pMap from 'p-map';
import { PlanlineError } from '../core/errors.ts';
import type { ArtifactRef } from '../core/events.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import { promptsDone, type RunState } from '../core/lead-state.ts';
import { promptsTotal, type Step } from '../core/lifecycle.ts';
import type { Artifact, Claim, LeadFiles, LeadProgress, RunFiles } from '../ports.ts';
import type { ShellDeps, StopSignals } from './deps.ts';
import type { LeadStream } from './lead-stream.ts';

export interface LeadContext {
  readonly deps: ShellDeps;
  readonly claim: Claim;
  readonly stream: LeadStream;
  readonly files: LeadFiles;
  readonly signals: StopSignals;
  /** Keeps a personal value of this lead out of logs until its run is put down. */
  readonly keepOut: (value: string | null) => void;
}

export interface RunContext extends LeadContext {
  readonly leadId: string;
  /** As it is now: it grows while the run goes on. */
  run(): RunState;
  readonly runFiles: RunFiles;
}

export function runContext(lead: LeadContext): RunContext {
  const leadId = lead.claim.lead.id;
  const run = (): RunState => {
    const current = lead.stream.state().run;
    if (current === null)
      throw new PlanlineError('corrupt', `Lead ${leadId} has no run under way.`);
    return current;
  };
  return { ...lead, leadId, run, runFiles: lead.files.run(run().runId) };
}

/** What the row shows of a run whose next or present step is `step`. */
export function progressOf(run: RunState, step: Step | null): LeadProgress {
  return {
    run_id: run.runId,
    step,
    prompts_done: promptsDone(run),
    prompts_total: promptsTotal(run.blockCount),
  };
}

/** Writes a file of the run and gives it as it travels with an append. */
export async function writeArtifact(
  run: RunContext,
  path: string,
  content: string,
): Promise<Artifact> {
  return { ...(await run.runFiles.write(path, content)), content };
}

/** Path and content. */
export type NewFile = readonly [path: string, content: string];

/**
 * Files of a run, side by side, so in any order: where one must be there before another, that is two
 * calls. When one fails the others are over all the same.
 */
export async function writeSideBySide<Files extends readonly NewFile[]>(
  runFiles: RunFiles,
  files: Files,
): Promise<{ [Index in keyof Files]: Artifact }> {
  const writes = await Promise.allSettled(
    files.map(async ([path, content]) => ({ ...(await runFiles.write(path, content)), content })),
  );
  const written = writes.map((write) => {
    if (write.status === 'fulfilled') return write.value;
    throw write.reason;
  });
  // One for each file, which map does not tell.
  return written as { [Index in keyof Files]: Artifact };
}

/** Writes several files as writeArtifact does one. */
export function writeArtifacts<const Files extends readonly NewFile[]>(
  run: RunContext,
  files: Files,
): Promise<{ [Index in keyof Files]: Artifact }> {
  return writeSideBySide(run.runFiles, files);
}

/**
 * Before a file is written again: what is there, and is neither the new text nor what was recorded, a
 * person may have made of it. Told, and kept under snapshots/.
 */
export async function keepOther(run: RunContext, path: string, content: string): Promise<void> {
  const { deps, leadId, runFiles } = run;
  const there = await runFiles.read(path);
  if (there === null || there === content) return;
  if (sha256Hex(there) === run.run().artifacts.get(path)?.sha256) return;
  const kept = await runFiles.snapshot(path);
  deps.log.warn(
    { leadId, path, kept },
    'A file is not what was recorded; it is kept aside and written anew',
  );
}

/** As writeArtifact, for a file that may be there already. */
export async function writeKeeping(
  run: RunContext,
  path: string,
  content: string,
): Promise<Artifact> {
  await keepOther(run, path, content);
  return writeArtifact(run, path, content);
}

export function refOf({ path, sha256, bytes }: ArtifactRef): ArtifactRef {
  return { path, sha256, bytes };
}

/**
 * The content that the stream recorded for a path. A file that is missing or was edited since is
 * fetched from the database: told, kept under snapshots/, never trusted. Throws `corrupt` when
 * neither side has what was recorded.
 */
export async function readRecorded(run: RunContext, path: string): Promise<string> {
  const { deps, leadId, runFiles } = run;
  const ref = run.run().artifacts.get(path);
  if (ref === undefined) {
    throw new PlanlineError(
      'corrupt',
      `Run ${run.run().runId} of lead ${leadId} never wrote ${path}.`,
    );
  }
  const local = await runFiles.read(path);
  if (local !== null && sha256Hex(local) === ref.sha256) return local;

  const remote = await deps.store.artifact(leadId, run.run().runId, ref);
  if (remote === null) {
    throw new PlanlineError(
      'corrupt',
      `${path} of lead ${leadId}, run ${run.run().runId}, is ${local === null ? 'missing' : 'not what was recorded'}, and the database does not have it either. Put the original file back, or change the description to start a new run.`,
    );
  }
  if (local !== null) {
    const kept = await runFiles.snapshot(path);
    deps.log.warn(
      { leadId, path, kept },
      'A file was edited since it was recorded; the recorded one is used',
    );
  }
  await runFiles.write(path, remote);
  return remote;
}

/** Files of the stream read at once: a run has some hundred, all small. */
const READ_AT_ONCE = 16;

/** Makes sure that this disk has every file that the stream recorded, as readRecorded gives it. */
export async function fetchRecorded(run: RunContext): Promise<void> {
  const artifacts = [...run.run().artifacts.values()];
  const isHere = await pMap(
    artifacts,
    async ({ path, sha256 }) => {
      const local = await run.runFiles.read(path);
      return local !== null && sha256Hex(local) === sha256;
    },
    { concurrency: READ_AT_ONCE },
  );
  for (const [index, { path }] of artifacts.entries()) {
    if (isHere[index] !== true) await readRecorded(run, path);
  }
}
