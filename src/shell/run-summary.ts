/** Writes run_summary.json from the lead's stream. */
import { foldEvent, NEW_LEAD } from '../../machines/fold.ts';
import type { StoredEnvelope } from '../core/events.ts';
import type { RunState } from '../core/lead-state.ts';
import { summarizeRun, type RunSummary } from '../core/run-summary.ts';
import { upcast } from '../core/upcast.ts';
import type { LeadContext } from './run-context.ts';

/** The last state of each run, oldest run first. */
function runsOf(events: readonly StoredEnvelope[]): RunState[] {
  const runs = new Map<string, RunState>();
  let state = NEW_LEAD;
  for (const event of events) {
    state = foldEvent(state, upcast(event));
    if (state.run !== null) runs.set(state.run.runId, state.run);
  }
  return [...runs.values()];
}

/** After the log was brought up to date by others than a run; nothing where there is no log. */
export async function renewRunSummary(files: LeadContext['files']): Promise<void> {
  if ((await files.readEvents()).length > 0) await writeRunSummary({ files }, null);
}

/** `finishedAt` (ISO) when the current run ends with what is about to be appended. */
export async function writeRunSummary(
  lead: Pick<LeadContext, 'files'>,
  finishedAt: string | null,
): Promise<void> {
  const runs = runsOf(await lead.files.readEvents());
  const summaries: RunSummary[] = runs.map((run, index) => {
    const isCurrent = index === runs.length - 1;
    return summarizeRun(isCurrent && finishedAt !== null ? { ...run, finishedAt } : run, isCurrent);
  });
  await lead.files.writeSummary(summaries);
}
