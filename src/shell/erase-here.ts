/** What an erasure, whoever made it, leaves to this machine: its own files of the lead. */
import { erasedRunIds, startedRunIds, sinceErasure } from '../core/erasure.ts';
import { messageOf } from '../core/errors.ts';
import type { StoredEvent } from '../core/events.ts';
import { recordedRuns } from '../core/recorded.ts';
import { upcast } from '../core/upcast.ts';
import type { ArtifactStore, EventStore, LeadEntry, LeadFiles } from '../ports.ts';
import type { ShellDeps } from './deps.ts';
import type { Dispatcher } from './dispatcher.ts';
import { copyLog } from './left-over.ts';
import { renewRunSummary } from './run-summary.ts';
import { recordedReceipts } from './verify/receipts.ts';

export interface EraseHereDeps {
  readonly store: Pick<EventStore, 'read' | 'artifact'>;
  readonly artifacts: Pick<ArtifactStore, 'lead'>;
  /** Whose machine this is: it made the zips of which its receipts tell. */
  readonly daemon: string;
}

/** Absolute paths of zips that a person has to see to. */
export interface LeftHere {
  /** On a disk that is away: they may still be there. */
  readonly unreachable: readonly string[];
  /** There, and not what was recorded: whose they are, no program can tell. */
  readonly differing: readonly string[];
}

export interface ErasedHere extends LeftHere {
  /** Absolute paths of what was removed. */
  readonly removed: readonly string[];
}

/**
 * Entries of runs that were erased. Where nothing began since, everything is: what bears no run's name
 * cannot be of a later one then.
 */
export function erasedEntries(
  entries: readonly LeadEntry[],
  events: readonly StoredEvent[],
): LeadEntry[] {
  if (!events.some(({ type }) => type === 'lead.erased')) return [];
  const kept = new Set(startedRunIds(sinceErasure(events)));
  return entries.filter(({ runId }) => (runId === null ? kept.size === 0 : !kept.has(runId)));
}

/** Zips of this machine that lie where an earlier COLD_STORAGE_DIR or RUNS_DIR was. */
async function removeStrayZips(
  leadId: string,
  files: LeadFiles,
  events: readonly StoredEvent[],
  { store, daemon }: EraseHereDeps,
): Promise<ErasedHere> {
  const erased = new Set(erasedRunIds(events));
  const paths = {
    removed: new Set<string>(),
    unreachable: new Set<string>(),
    differs: new Set<string>(),
  };
  for (const run of recordedRuns(events)) {
    const { runId } = run;
    if (!erased.has(runId)) continue;
    for (const { path, sha256, daemon: maker } of await recordedReceipts(leadId, run, store)) {
      if (path === undefined || maker !== daemon) continue;
      const outcome = await files.run(runId).removeZip({ path, sha256 });
      if (outcome !== 'not_there') paths[outcome].add(path);
    }
  }
  return {
    removed: [...paths.removed],
    unreachable: [...paths.unreachable],
    // One that was made anew differs from its first receipt, and went by its last.
    differing: [...paths.differs].filter((path) => !paths.removed.has(path)),
  };
}

/** Removes what is left here of erased runs; nothing while the stream tells of no erasure. */
export async function eraseHere(leadId: string, deps: EraseHereDeps): Promise<ErasedHere> {
  const files = deps.artifacts.lead(leadId);
  // Listed before the stream is read: a run that begins meanwhile is told of before it has a folder.
  const entries = await files.entries();
  const events = (await deps.store.read(leadId, 0)).map(upcast);
  const doomed = erasedEntries(entries, events);
  await files.removeEntries(doomed);
  const zips = await removeStrayZips(leadId, files, events, deps);
  return { ...zips, removed: [...doomed.map(({ path }) => path), ...zips.removed] };
}

/** To be called at the start and at each daily sweep: a lead may have been erased from another machine. */
export async function eraseLeftOvers(
  shell: ShellDeps,
  dispatcher: Pick<Dispatcher, 'aside'>,
): Promise<void> {
  for await (const leadId of shell.retention.erasedIds()) {
    try {
      await dispatcher.aside(leadId, () => clear(leadId, shell));
    } catch (error) {
      const reason = messageOf(error);
      shell.log.error({ leadId, reason }, 'An erased lead could not be cleared here');
    }
  }
}

/** The end of the log, and the summary that follows from it. */
async function copyErased(leadId: string, shell: ShellDeps): Promise<void> {
  await copyLog(shell, leadId);
  await renewRunSummary(shell.artifacts.lead(leadId));
}

/**
 * Takes an erasure that another process, or the dashboard, has just made into events.jsonl: were the
 * database lost before, a rebuild would not know of it. A lead that is being run
 * copies by itself. Never throws.
 */
export async function copyErasure(
  leadId: string,
  shell: ShellDeps,
  dispatcher: Pick<Dispatcher, 'aside'>,
): Promise<void> {
  try {
    await dispatcher.aside(leadId, () => copyErased(leadId, shell));
  } catch (error) {
    const reason = messageOf(error);
    shell.log.error({ leadId, reason }, 'An erasure could not be copied to this disk');
  }
}

/**
 * To be called at each poll. The files are left to whoever erases, who may be about to remove them.
 * Throws what the database throws.
 */
export async function copyErasures(
  shell: ShellDeps,
  dispatcher: Pick<Dispatcher, 'aside'>,
  withinMs: number,
): Promise<void> {
  for await (const leadId of shell.retention.erasedIds({ withinMs })) {
    await copyErasure(leadId, shell, dispatcher);
  }
}

async function clear(leadId: string, shell: ShellDeps): Promise<void> {
  const { options, log } = shell;
  const here = await eraseHere(leadId, { ...shell, daemon: options.daemon });
  await copyErased(leadId, shell);
  const { unreachable, differing } = here;
  const removed = here.removed.length;
  if (removed > 0) log.info({ leadId, removed }, 'Files of an erased lead were removed');
  if (unreachable.length > 0) {
    log.warn({ leadId, unreachable }, 'Zips of an erased lead cannot be reached');
  }
  if (differing.length > 0) {
    const why = 'Zips of an erased lead are not those that were recorded; delete them by hand';
    log.warn({ leadId, differing }, why);
  }
}
