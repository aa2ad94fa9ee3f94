/** How leads stand, as `status` and `watch` show it. */
import { isRunningStatus, UNDER_WAY_STATUSES } from '../../core/lifecycle.ts';
import type { LeadDirectory, LeadGlance } from '../../ports.ts';

export interface LeadStatus {
  readonly id: string;
  readonly status: string | null;
  readonly step: string | null;
  readonly prompts_done: number;
  readonly prompts_total: number;
  readonly run_id: string | null;
  readonly last_error: string | null;
  readonly retry_count: number;
  readonly updated_at: string | null;
}

export function statusOf(lead: LeadGlance): LeadStatus {
  const progress = lead.pipeline_progress;
  return {
    id: lead.id,
    status: lead.status,
    step: progress?.step ?? null,
    prompts_done: progress?.prompts_done ?? 0,
    prompts_total: progress?.prompts_total ?? 0,
    run_id: progress?.run_id ?? null,
    last_error: lead.last_error,
    retry_count: lead.retry_count,
    updated_at: lead.pipeline_updated_at,
  };
}

/** What needs a person, what is under way, what waits; the rest, a table's own statuses too, last. */
const NOT_AT_REST = ['blocked', ...UNDER_WAY_STATUSES];

export type Urgency = 'blocked' | 'under_way' | 'waiting' | 'at_rest';

export function urgencyOf({ status }: LeadStatus): Urgency {
  if (status === 'blocked') return 'blocked';
  if (status === 'flagged') return 'waiting';
  return isRunningStatus(status) ? 'under_way' : 'at_rest';
}

const ORDER: readonly Urgency[] = ['blocked', 'under_way', 'waiting', 'at_rest'];

/** Run ids begin with the time of their start. */
function byStart(a: LeadStatus, b: LeadStatus): number {
  return (a.run_id ?? '').localeCompare(b.run_id ?? '') || a.id.localeCompare(b.id);
}

/**
 * What needs a person first; within the same the latest change first. Leads under way stand by their
 * start instead: they change all the time, and a line that is watched should stay where it is.
 */
export function byUrgency(leads: readonly LeadStatus[]): LeadStatus[] {
  return leads.toSorted((a, b) => {
    const [first, second] = [urgencyOf(a), urgencyOf(b)];
    if (first !== second) return ORDER.indexOf(first) - ORDER.indexOf(second);
    if (first === 'under_way') return byStart(a, b);
    return (b.updated_at ?? '').localeCompare(a.updated_at ?? '');
  });
}

/** Leads not at rest before all others, so that a long table hides none of them; at most `limit`. */
export async function readLeads(
  directory: LeadDirectory,
  { limit, atRest }: { readonly limit: number; readonly atRest: boolean },
): Promise<LeadStatus[]> {
  const urgent = await directory.list({ statuses: NOT_AT_REST, limit });
  const latest = atRest ? await directory.list({ limit }) : [];
  const leads = new Map([...urgent, ...latest].map((lead) => [lead.id, statusOf(lead)]));
  return byUrgency([...leads.values()]).slice(0, limit);
}
