/** A lead's stream, row, artifacts and pages from its folder. Only ever adds to the database. */
import { z } from 'zod';
import { fold } from '../../../machines/fold.ts';
import { ARCHIVE_RECEIPT } from '../../core/archive-receipt.ts';
import type { StoredEvent } from '../../core/events.ts';
import { findChainFault } from '../../core/hash-chain.ts';
import { jsonText } from '../../core/json-text.ts';
import type { Page } from '../../core/page.ts';
import { prunedRunIds, sinceErasure, startedRunIds } from '../../core/erasure.ts';
import { recordedRuns, type RecordedRun } from '../../core/recorded.ts';
import { upcast } from '../../core/upcast.ts';
import type {
  ArtifactStore,
  EventStore,
  LeadDirectory,
  LeadFiles,
  LeadRow,
  RecoveryStore,
  RestoreRequest,
} from '../../ports.ts';
import type { RetentionStore } from '../../ports-retention.ts';
import { parseProfile } from '../../steps/input-transform.ts';
import { blockNumbers, PATHS } from '../perform/paths.ts';
import { lastUpload, pageFindings, pageOf } from '../verify/pages.ts';
import { putArtifacts } from './artifacts.ts';
import { mendLog } from './mend-log.ts';
import { counted, type RebuildReport } from './report.ts';
import { isDeleted, pipelineColumns } from './row.ts';
import { standingOf, type Standing } from './standing.ts';
import { recordedTexts, type RecordedTexts } from './texts.ts';

export interface ToDatabasePorts {
  readonly store: EventStore;
  readonly directory: LeadDirectory;
  readonly artifacts: ArtifactStore;
  readonly recovery: RecoveryStore;
  readonly retention: Pick<RetentionStore, 'erase'>;
}

/** Everything that is known of the lead, and the row that is there now. */
interface Work {
  readonly leadId: string;
  readonly standing: Standing;
  readonly events: readonly StoredEvent[];
  /** Those after the last erasure: of what was before, nothing is brought back. */
  readonly live: readonly StoredEvent[];
  readonly runs: readonly RecordedRun[];
  readonly texts: RecordedTexts;
  readonly row: LeadRow | null;
}

interface Part<T> {
  readonly value: T | null;
  readonly problems: readonly string[];
}

const NO_PART = { value: null, problems: [] };

async function recordedText(work: Work, runId: string, path: string): Promise<string | null> {
  const ref = work.runs.find((run) => run.runId === runId)?.newest.get(path);
  return ref === undefined ? null : work.texts.anywhere(runId, ref);
}

/** The text that the last completion of a step left in a run of its own. */
async function textOfStep(
  work: Work,
  step: 'input_transform' | 'plan',
  path: string,
): Promise<string | null> {
  const done = work.live.findLast(
    (event) => event.type === 'step.completed' && event.data.step === step,
  );
  return recordedText(work, done?.run_id ?? '', path);
}

async function columnTexts(work: Work) {
  const reply = await textOfStep(work, 'input_transform', PATHS.profileReply);
  const profile = reply === null ? null : parseProfile(reply);
  return {
    input_transform: profile?.ok === true ? profile.value : null,
    plan: await textOfStep(work, 'plan', PATHS.plan),
  };
}

const leadJson = jsonText(z.record(z.string(), z.unknown()));

/** The row as the newest run that can still be read took it, the user's own columns included. */
async function rowAsTaken(work: Work): Promise<Readonly<Record<string, unknown>> | null> {
  for (const { runId } of work.runs.toReversed()) {
    const parsed = leadJson.safeParse(await recordedText(work, runId, 'input/lead.json'));
    if (parsed.success) return parsed.data;
  }
  return null;
}

function isRowWanted({ row, standing, events }: Work, status: string | null): boolean {
  if (isDeleted(events)) return false;
  return row === null || standing.comparison.databaseLacks.length > 0 || row.status !== status;
}

async function rowToRestore(work: Work): Promise<Part<Readonly<Record<string, unknown>>>> {
  const state = fold(work.standing.comparison.whole);
  // Out of the pipeline the row is the user's, and its status goes its own way.
  const status = state.at === 'idle' && work.row !== null ? work.row.status : state.status;
  // The row of a person who was forgotten says nothing that would have to come back.
  if (state.at === 'erased') return NO_PART;
  if (!isRowWanted(work, status)) return NO_PART;
  const columns = { ...pipelineColumns(state, work.events, await columnTexts(work)), status };
  if (work.row !== null) return { value: columns, problems: [] };
  const taken = await rowAsTaken(work);
  if (taken === null) {
    return {
      value: null,
      problems: [
        'no run on this disk holds the row as it was (input/lead.json): insert it again with this id, its description and the status flagged',
      ],
    };
  }
  return { value: { ...taken, id: work.leadId, ...columns }, problems: [] };
}

async function pagesToRestore(
  work: Work,
  there: readonly Readonly<Record<string, unknown>>[],
): Promise<Part<NonNullable<RestoreRequest['pages']>>> {
  const upload = lastUpload(work.live);
  if (upload === null || isDeleted(work.events)) return NO_PART;
  const read = (runId: string, path: string) => recordedText(work, runId, path);
  if ((await pageFindings(there, upload, read)).problems.length === 0) return NO_PART;
  const pages: Page[] = [];
  for (const n of blockNumbers(upload.blockCount)) {
    const page = pageOf(PATHS.page(n), await read(upload.runId, PATHS.page(n)));
    if (page === null) {
      const lost = `the pages are left as they are: ${PATHS.page(n)} of run ${upload.runId} is not to be had`;
      return { value: null, problems: [lost] };
    }
    pages.push(page);
  }
  return { value: { runId: upload.runId, pages }, problems: [] };
}

/** Why nothing may be built on what is there; null when all is well. */
function refusalOf({ comparison, damage }: Standing): string | null {
  if (damage.disk !== null) {
    return `nothing was written, as this disk cannot be built on: ${damage.disk}`;
  }
  if (comparison.forkSeq !== null) {
    return damage.database === null
      ? `nothing was written: database and disk part at seq ${comparison.forkSeq}, and the database never loses an event. planline rebuild shows what each has; planline rebuild --to disk takes the database's side and keeps the disk's in a file`
      : `nothing was written: ${damage.database}. An event that was changed can only be put right by the owner of the database; the disk has it as it was`;
  }
  const fault = findChainFault(comparison.whole);
  return fault === null ? null : `nothing was written: seq ${fault.seq}: ${fault.problem}`;
}

/** What the database has beyond the log now: what others appended, and what restoring it told. */
async function copyRest(leadId: string, files: LeadFiles, store: EventStore): Promise<string[]> {
  const last = (await files.readEvents()).at(-1)?.seq ?? 0;
  const rest = await store.read(leadId, last);
  if (rest.length === 0) return [];
  await files.appendEvents(rest);
  return [`events.jsonl: ${counted(rest.length, 'event')} added`];
}

interface Restored {
  readonly done: readonly string[];
  readonly problems: readonly string[];
}

async function restore(work: Work, ports: ToDatabasePorts): Promise<Restored> {
  const { leadId, standing } = work;
  const row = await rowToRestore(work);
  const pages = await pagesToRestore(work, await ports.store.pages(leadId));
  const problems = [...row.problems, ...pages.problems];
  const lacks = standing.comparison.databaseLacks.length;
  if (lacks === 0 && row.value === null && pages.value === null) return { done: [], problems };
  const { added, leftOut } = await ports.recovery.restore({
    leadId,
    events: standing.comparison.whole,
    row: row.value,
    pages: pages.value,
  });
  const done = [
    ...(added > 0 ? [`${counted(added, 'event')} restored`] : []),
    ...(row.value === null ? [] : [`row ${work.row === null ? 'inserted' : 'brought up to date'}`]),
    ...(pages.value === null ? [] : [`${counted(pages.value.pages.length, 'page')} uploaded`]),
    ...(leftOut.length > 0
      ? [`left out, as junior_leads has no such column: ${leftOut.join(', ')}`]
      : []),
  ];
  return { done, problems };
}

/** What the database keeps of a pruned run: where its zip is. */
function onlyReceipts({ runId, newest, versions }: RecordedRun): RecordedRun {
  return { runId, newest, versions: versions.filter(({ path }) => path === ARCHIVE_RECEIPT) };
}

/** A database from a backup that is older than the erasure has all of the person again. */
async function eraseAgain(
  leadId: string,
  { comparison }: Standing,
  live: readonly StoredEvent[],
  { retention }: ToDatabasePorts,
): Promise<string[]> {
  if (!comparison.databaseLacks.some(({ type }) => type === 'lead.erased')) return [];
  // A lead that was flagged since is a lead again, even before its run begins.
  const isLive = live.some(({ type }) => type === 'lead.flagged');
  const keepRuns = isLive ? ['', ...startedRunIds(live)] : [];
  const { artifacts, pages } = await retention.erase({ leadId, actor: 'rebuild', keepRuns });
  return artifacts + pages === 0
    ? []
    : [`${counted(artifacts, 'artifact')} and ${counted(pages, 'page')} erased again`];
}

export async function rebuildToDatabase(
  leadId: string,
  ports: ToDatabasePorts,
): Promise<RebuildReport> {
  const { store, recovery } = ports;
  const files = ports.artifacts.lead(leadId);
  const standing = await standingOf(leadId, { recovery, files });
  const refusal = refusalOf(standing);
  if (refusal !== null) return { leadId, done: [], problems: [refusal] };
  if (standing.disk.events.length === 0) {
    const isNews = standing.database.events.length === 0;
    return {
      leadId,
      done: [],
      problems: isNews
        ? []
        : ['there is no events.jsonl of it here: see planline rebuild --to disk'],
    };
  }
  const events = standing.comparison.whole.map(upcast);
  const daemons = [...new Set(events.map(({ actor }) => actor))];
  const texts = recordedTexts(leadId, files, store, daemons);
  const live = sinceErasure(events);
  const pruned = prunedRunIds(events);
  const runs = recordedRuns(live);
  // As in a run: what an event names is kept before the event tells of it.
  const wanted = runs.map((run) => (pruned.has(run.runId) ? onlyReceipts(run) : run));
  const artifacts = await putArtifacts(leadId, wanted, { store, recovery, files, texts });
  const row = await ports.directory.get(leadId);
  const restored = await restore({ leadId, standing, events, live, runs, texts, row }, ports);
  const erased = await eraseAgain(leadId, standing, live, ports);
  return {
    leadId,
    done: [
      ...artifacts.done,
      ...restored.done,
      ...erased,
      ...(await mendLog(files, standing.disk)),
      ...(await copyRest(leadId, files, store)),
    ],
    problems: [...artifacts.problems, ...restored.problems],
  };
}
