import type { LeadRow } from '../../ports.ts';

/** What flagging leads to, from the row as it was. */
export function outlookOf(
  lead: Pick<LeadRow, 'status' | 'pipeline_progress' | 'processing_completed_at'>,
): string {
  const { status, pipeline_progress: progress } = lead;
  if (status === 'flagged') return 'was flagged already; it waits for its turn';
  if (progress?.run_id === null || progress?.run_id === undefined)
    return 'flagged: its first run begins';
  // By the run, not by the status: a finished lead may bear a status of the user's own by now.
  if (lead.processing_completed_at !== null) return 'flagged: a new run begins';
  const at = progress.step === null ? '' : ` at ${progress.step}`;
  return `flagged: run ${progress.run_id} goes on${at}, or a new one begins if its description was changed`;
}
