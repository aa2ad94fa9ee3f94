/** What a crash left of leads whose run was over: the end of their log, and their lease. */
import { messageOf } from '../core/errors.ts';
import type { ShellDeps } from './deps.ts';
import { catchUp } from './lead-stream.ts';
import { renewRunSummary } from './run-summary.ts';

/** Copies into events.jsonl what the database has beyond it. Never throws: the database has it all. */
export async function copyLog(shell: ShellDeps, leadId: string): Promise<void> {
  const { artifacts, options, log } = shell;
  try {
    await catchUp(leadId, { ...shell, files: artifacts.lead(leadId), daemon: options.daemon });
  } catch (error) {
    log.warn({ leadId, reason: messageOf(error) }, 'events.jsonl could not be brought up to date');
  }
}

/** The summary of a run is written once more after its end. Never throws: the log tells all that is in it. */
async function completeSummary({ artifacts, log }: ShellDeps, leadId: string): Promise<void> {
  try {
    await renewRunSummary(artifacts.lead(leadId));
  } catch (error) {
    log.warn({ leadId, reason: messageOf(error) }, 'run_summary.json could not be written anew');
  }
}

/**
 * To be called before leads are claimed. A run that ended and was never given back ended in the middle
 * of its last append, or after it: nobody claims a lead at rest, so nobody else would complete its files.
 */
export async function settleLeftOvers(shell: ShellDeps): Promise<void> {
  const { store, directory, log, options } = shell;
  for (const { id, claim_epoch: epoch } of await directory.heldAtRest(options.daemon)) {
    await copyLog(shell, id);
    await completeSummary(shell, id);
    await store.release(id, epoch, { delayMs: 0, seenSeq: Number.MAX_SAFE_INTEGER });
    log.info({ leadId: id }, 'A lead that was at rest was given back');
  }
}
