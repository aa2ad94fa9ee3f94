/** LeadReader and LeadMover by the functions of supabase/migrations/…_planline_dashboard.sql. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { LeadItem, LeadMover, LeadQuery, LeadReader, Lease } from '../../ports-dashboard.ts';
import { call } from './call.ts';
import { instant, leadId, progress } from './rows.ts';

// What only informs must not keep the list from being shown.
const shown = instant.nullable().catch(null);

const item = z
  .object({
    id: leadId,
    status: z.string().nullable(),
    name: z.string().nullable(),
    last_error: z.string().nullable(),
    retry_count: z.int().catch(0),
    claimed_by: z.string().nullable(),
    lease_expires_at: shown,
    next_attempt_at: shown,
    processing_started_at: shown,
    processing_completed_at: shown,
    pipeline_updated_at: shown,
    pipeline_progress: progress.nullable().catch(null),
    sort_key: z.string(),
  })
  .transform((row): LeadItem => ({
    id: row.id,
    status: row.status,
    name: row.name,
    lastError: row.last_error,
    retryCount: row.retry_count,
    claimedBy: row.claimed_by,
    leaseExpiresAt: row.lease_expires_at,
    nextAttemptAt: row.next_attempt_at,
    startedAt: row.processing_started_at,
    completedAt: row.processing_completed_at,
    changedAt: row.pipeline_updated_at,
    progress: row.pipeline_progress,
    cursor: { key: row.sort_key, id: row.id },
  }));

const lease = z
  .object({
    lead_id: leadId,
    status: z.string().nullable(),
    step: z.string().nullable(),
    claimed_by: z.string(),
    claim_epoch: z.int(),
    lease_expires_at: shown,
  })
  .transform((row): Lease => ({
    leadId: row.lead_id,
    status: row.status,
    step: row.step,
    daemon: row.claimed_by,
    epoch: row.claim_epoch,
    expiresAt: row.lease_expires_at,
  }));

const overview = z.object({
  now: instant,
  leases: z.array(lease),
  queue: z
    .object({ due: z.int(), later: z.int(), held: z.int(), next_at: shown })
    .transform(({ next_at: nextAt, ...queue }) => ({ ...queue, nextAt })),
  untold: z.int(),
});

const count = z.object({ status: z.string().nullable(), leads: z.int() });

/** Of planline_leads. */
export function leadsArguments(query: LeadQuery) {
  const { text, status, sort, isDescending, after, limit } = query;
  return {
    p_text: text,
    p_status: status,
    p_sort: sort,
    p_is_descending: isDescending,
    p_after_key: after?.key ?? null,
    p_after_id: after?.id ?? null,
    p_limit: limit,
  };
}

export function createLeadReader(client: SupabaseClient): LeadReader {
  return {
    list: (query) =>
      call('Listing leads', z.array(item), client.rpc('planline_leads', leadsArguments(query))),
    counts: (text) =>
      call('Counting leads', z.array(count), client.rpc('planline_lead_counts', { p_text: text })),
    overview: () => call('Looking at the queue', overview, client.rpc('planline_overview')),
    changeMark: () => call('Looking for changes', z.string(), client.rpc('planline_change_mark')),
  };
}

export function createLeadMover(client: SupabaseClient): LeadMover {
  return {
    async move(id, from, to, actor) {
      await call(
        `Setting lead ${id} to "${to}"`,
        z.string(),
        client.rpc('planline_move', { p_lead_id: id, p_from: from, p_to: to, p_actor: actor }),
      );
    },
  };
}
