/** Recorded files: what events name, what the database keeps, and what lies on this disk. */
import type { LeadState } from '../../../machines/fold.ts';
import { ARCHIVE_RECEIPT } from '../../core/archive-receipt.ts';
import { isPlanlineError } from '../../core/errors.ts';
import type { ArtifactRef } from '../../core/events.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import type { RecordedRun } from '../../core/recorded.ts';
import type { LeadFiles, RunFiles, StoredArtifact, ZippedRun } from '../../ports.ts';
import { stepToResume } from '../begin.ts';
import { WRITTEN_BY } from '../perform/paths.ts';
import { NOTHING, note, problem, together, type Findings } from './findings.ts';
import { parsedReceipt, type Receipt } from './receipts.ts';

const keyOf = (runId: string, { path, sha256 }: Pick<ArtifactRef, 'path' | 'sha256'>): string =>
  JSON.stringify([runId, path, sha256]);

const short = (sha256: string): string => sha256.slice(0, 12);

function storedFindings(artifact: StoredArtifact, named: ReadonlySet<string>): Findings {
  const { runId, path, sha256, bytes, found } = artifact;
  const where = `pipeline_artifacts, run ${runId}, ${path}`;
  if (!named.has(keyOf(runId, artifact))) {
    return problem(`${where} (${short(sha256)}): no event names it`);
  }
  if (found.sha256 === sha256 && found.bytes === bytes) return NOTHING;
  return problem(
    `${where}: recorded as ${short(sha256)} (${bytes} bytes), it is ${short(found.sha256)} (${found.bytes} bytes)`,
  );
}

/** Of a pruned run the database keeps only where its zip is. */
function expectedOf({ runId, versions }: RecordedRun, pruned: ReadonlySet<string>): ArtifactRef[] {
  return versions.filter(({ path }) => !pruned.has(runId) || path === ARCHIVE_RECEIPT);
}

function missingFindings(
  runs: readonly RecordedRun[],
  kept: ReadonlySet<string>,
  pruned: ReadonlySet<string>,
): Findings {
  return together(
    runs.flatMap((run) =>
      expectedOf(run, pruned)
        .filter((ref) => !kept.has(keyOf(run.runId, ref)))
        .map((ref) => {
          const where = `run ${run.runId}, ${ref.path} (${short(ref.sha256)})`;
          return run.newest.get(ref.path)?.sha256 === ref.sha256
            ? problem(`${where} is not in pipeline_artifacts`)
            : note(`${where}, an earlier version, is not in pipeline_artifacts`);
        }),
    ),
  );
}

/** `isGone`: the lead was deleted and with it, as its right is, every text of it. */
export function databaseArtifactFindings(
  runs: readonly RecordedRun[],
  stored: readonly StoredArtifact[],
  { isGone, pruned }: { readonly isGone: boolean; readonly pruned: ReadonlySet<string> },
): Findings {
  const named = new Set(
    runs.flatMap(({ runId, versions }) => versions.map((ref) => keyOf(runId, ref))),
  );
  const kept = new Set(stored.map((artifact) => keyOf(artifact.runId, artifact)));
  return together([
    ...stored.map((artifact) => storedFindings(artifact, named)),
    isGone && stored.length === 0 ? NOTHING : missingFindings(runs, kept, pruned),
  ]);
}

/** May this file be newer than what the stream knows, as its step is under way? */
export function mayBeAhead(runId: string, path: string, state: LeadState | null): boolean {
  const run = state?.run ?? null;
  if (run === null || run.runId !== runId || run.finishedAt !== null) return false;
  const places = [...WRITTEN_BY[stepToResume(run)], 'input/prompts/'];
  return places.some((place) => path.startsWith(place));
}

async function folderFindings(
  run: RecordedRun,
  files: RunFiles,
  state: LeadState | null,
): Promise<Findings> {
  const findings: Findings[] = [];
  for (const { path, sha256 } of run.newest.values()) {
    // Whose zip it tells of is looked at with the zip.
    if (path === ARCHIVE_RECEIPT) continue;
    const text = await files.read(path);
    // Another machine may have written it; the database has it then.
    if (text === null || sha256Hex(text) === sha256) continue;
    const what = `run ${run.runId}, ${path} on this disk is ${short(sha256Hex(text))}, ${short(sha256)} was recorded`;
    findings.push(
      mayBeAhead(run.runId, path, state) ? note(`${what}: its step is under way`) : problem(what),
    );
  }
  return together(findings);
}

/** What is recorded of a run's zip, newest last, and what the receipt on this disk says. */
interface Receipts {
  readonly recorded: readonly Receipt[];
  readonly here: Receipt | null;
  /** Whose machine this is, where that is known without a receipt. */
  readonly daemon: string | undefined;
}

/** A receipt is of one machine's zip: each machine that came to the end of a run made one. */
function isOfOtherMachine({ recorded, here, daemon }: Receipts): boolean {
  const maker = recorded.at(-1)?.daemon;
  const ours = here?.daemon ?? daemon;
  return ours !== undefined && maker !== undefined && ours !== maker;
}

function receiptFindings(
  run: RecordedRun,
  text: string | null,
  receipts: Receipts,
  state: LeadState | null,
): Findings {
  if (text === null) return NOTHING;
  const sha256 = sha256Hex(text);
  const versions = run.versions.filter(({ path }) => path === ARCHIVE_RECEIPT);
  if (versions.some((ref) => ref.sha256 === sha256)) return NOTHING;
  const recorded = short(versions.at(-1)?.sha256 ?? '');
  const what = `run ${run.runId}, ${ARCHIVE_RECEIPT} on this disk is ${short(sha256)}, ${recorded} was recorded`;
  if (mayBeAhead(run.runId, ARCHIVE_RECEIPT, state)) return note(`${what}: its step is under way`);
  return isOfOtherMachine(receipts)
    ? note(`${what}: another machine took the run over and made a zip of its own`)
    : problem(what);
}

function otherZip(
  { runId }: RecordedRun,
  what: string,
  receipts: Receipts,
  state: LeadState | null,
): Findings {
  if (mayBeAhead(runId, ARCHIVE_RECEIPT, state)) return note(`${what}: its step is under way`);
  // A kill came between the zip and its record; then another machine ended the run, or its zip served here.
  return isOfOtherMachine(receipts) && receipts.here === null
    ? note(`${what}: another machine's zip is the one that counts`)
    : problem(what);
}

function zipFindings(
  run: RecordedRun,
  zip: ZippedRun,
  receipts: Receipts,
  state: LeadState | null,
): Findings {
  const where = `${zip.path} of run ${run.runId}`;
  const findings = [...run.newest.values()]
    .filter(({ path }) => path !== ARCHIVE_RECEIPT)
    .map(({ path, sha256 }) => {
      const content = zip.files.get(path);
      if (content === undefined) return problem(`${where} lacks ${path}`);
      const found = sha256Hex(content);
      if (found === sha256) return NOTHING;
      return problem(`${where}: ${path} is ${short(found)}, ${short(sha256)} was recorded`);
    });
  const known = isOfOtherMachine(receipts) ? [receipts.here] : [];
  const made = [...receipts.recorded, ...known].map((receipt) => receipt?.sha256);
  if (made.length === 0 || made.includes(zip.sha256)) return together(findings);
  const what = `${where} is not the zip that was made of it`;
  return together([...findings, otherZip(run, what, receipts, state)]);
}

async function readZip(files: RunFiles): Promise<ZippedRun | string | null> {
  try {
    return await files.readZip();
  } catch (error) {
    if (isPlanlineError(error, 'corrupt')) return error.message;
    throw error;
  }
}

async function receiptsOf(
  run: RecordedRun,
  here: string | null,
  receiptOf: (run: RecordedRun, receipt: ArtifactRef) => Promise<string | null>,
  daemon: string | undefined,
): Promise<Receipts> {
  const recorded: Receipt[] = [];
  for (const ref of run.versions) {
    if (ref.path !== ARCHIVE_RECEIPT) continue;
    const receipt = parsedReceipt(await receiptOf(run, ref));
    if (receipt !== null) recorded.push(receipt);
  }
  return { recorded, here: parsedReceipt(here), daemon };
}

/** `receiptOf` reads what was recorded of the run's zip; `daemon` is whose machine this is. */
export async function diskArtifactFindings(
  runs: readonly RecordedRun[],
  files: LeadFiles,
  state: LeadState | null,
  receiptOf: (run: RecordedRun, receipt: ArtifactRef) => Promise<string | null>,
  daemon: string | undefined,
): Promise<Findings> {
  const findings: Findings[] = [];
  for (const run of runs) {
    const runFiles = files.run(run.runId);
    findings.push(await folderFindings(run, runFiles, state));
    // Until its receipt is recorded a zip is the archive step's own affair.
    if (!run.newest.has(ARCHIVE_RECEIPT)) continue;
    const text = await runFiles.read(ARCHIVE_RECEIPT);
    const receipts = await receiptsOf(run, text, receiptOf, daemon);
    findings.push(receiptFindings(run, text, receipts, state));
    const zip = await readZip(runFiles);
    if (typeof zip === 'string') findings.push(problem(zip));
    else if (zip !== null) findings.push(zipFindings(run, zip, receipts, state));
  }
  return together(findings);
}

/** Runs on this disk of which no event tells. */
export async function strayFindings(
  files: LeadFiles,
  named: ReadonlySet<string>,
): Promise<Findings> {
  const findings: Findings[] = [];
  for (const runId of await files.runIds()) {
    if (named.has(runId)) continue;
    const runFiles = files.run(runId);
    const paths = await runFiles.list('');
    const isBeginning =
      paths.every((path) => path.startsWith('input/')) && (await readZip(runFiles)) === null;
    findings.push(
      isBeginning
        ? note(`run ${runId}: a crash left its folder before it began; no event names it`)
        : problem(`run ${runId}: it is on this disk, and no event names it`),
    );
  }
  return together(findings);
}
