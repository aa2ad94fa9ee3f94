/** How long a lead has taken, and may take. Pure. */
import { durationText } from '../../core/duration-text.ts';
import { isRunningStatus } from '../../core/lifecycle.ts';
import type { LeadItem } from '../../ports-dashboard.ts';

/** A run whose prompts took longer each rested in between: its pace tells nothing of what is left. */
const SLOWEST_PROMPT_MS = 15 * 60_000;

type Timed = Pick<
  LeadItem,
  'status' | 'startedAt' | 'completedAt' | 'changedAt' | 'progress' | 'claimedBy'
>;

/** From the start of the run to its end, to where it rests, or to now; null before the first. */
export function elapsedMs(lead: Timed, nowMs: number): number | null {
  if (lead.startedAt === null) return null;
  const endedAt = lead.completedAt ?? (isRunningStatus(lead.status) ? null : lead.changedAt);
  return Math.max(0, (endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(lead.startedAt));
}

/** At the pace so far; null for a lead that nobody works on, and where the pace tells nothing. */
export function remainingMs(lead: Timed, nowMs: number): number | null {
  const { progress, claimedBy, status } = lead;
  const spentMs = elapsedMs(lead, nowMs);
  if (progress === null || spentMs === null || claimedBy === null || !isRunningStatus(status))
    return null;
  const { prompts_done: done, prompts_total: total } = progress;
  if (done === 0 || total <= done || spentMs / done > SLOWEST_PROMPT_MS) return null;
  return (spentMs / done) * (total - done);
}

const MINUTE_MS = 60_000;

/** A forecast is no more exact than this. */
export function remainingText(ms: number): string {
  if (ms < MINUTE_MS) return 'less than a minute left';
  return `about ${durationText(Math.round(ms / MINUTE_MS) * MINUTE_MS)} left`;
}
