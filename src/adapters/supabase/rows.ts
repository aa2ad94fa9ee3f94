/** Rows as the database gives them, checked and brought to planline's own shapes. */
import { z } from 'zod';
import { STEPS } from '../../core/lifecycle.ts';
import { storedEnvelope } from '../../core/events.ts';
import type { LeadRow } from '../../ports.ts';

/** bigint ids come as numbers, uuids as strings. A rounded one would be the id of another lead. */
export const leadId = z
  .union([
    z.string(),
    z
      .number()
      .refine(
        Number.isSafeInteger,
        'an id above 9007199254740991 does not get through JSON unharmed; use smaller ones, or change the column to text',
      ),
  ])
  .transform(String);

/** `2026-11-23T10:00:00.123+00:00` as toISOString writes it: what the hash is made of. */
export const instant = z.string().transform((text, context) => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) {
    context.addIssue({ code: 'custom', message: 'not a timestamp' });
    return z.NEVER;
  }
  return new Date(ms).toISOString();
});

export const progress = z.object({
  run_id: z.string().nullable(),
  step: z.enum(STEPS).nullable(),
  prompts_done: z.int(),
  prompts_total: z.int(),
});

const leadColumns = z.looseObject({
  id: leadId,
  status: z.string().nullable(),
  description: z.unknown().transform((value) => {
    if (value === null || value === undefined) return null;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }),
  // What only informs must not keep a lead, or those behind it, from being worked on.
  last_error: z.string().nullable().catch(null),
  retry_count: z.int().catch(0),
  claimed_by: z.string().nullable(),
  lease_expires_at: instant.nullable(),
  claim_epoch: z.int(),
  next_attempt_at: instant,
  processing_started_at: instant.nullable().catch(null),
  processing_completed_at: instant.nullable().catch(null),
  pipeline_progress: progress.nullable().catch(null),
  pipeline_updated_at: instant.nullable().catch(null),
});

const GLANCE = {
  id: true,
  status: true,
  last_error: true,
  retry_count: true,
  pipeline_progress: true,
  pipeline_updated_at: true,
} as const;

/** A row of junior_leads, or of what a list of them gives, as far as a table of many shows it. */
export const leadGlance = z.object(leadColumns.shape).pick(GLANCE);
export const GLANCE_COLUMNS = Object.keys(GLANCE).join(',');

export const leadRow = z.record(z.string(), z.unknown()).transform((raw, context): LeadRow => {
  const parsed = leadColumns.safeParse(raw);
  if (!parsed.success) {
    context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
    return z.NEVER;
  }
  const lead = parsed.data;
  return {
    id: lead.id,
    status: lead.status,
    description: lead.description,
    last_error: lead.last_error,
    retry_count: lead.retry_count,
    claimed_by: lead.claimed_by,
    lease_expires_at: lead.lease_expires_at,
    claim_epoch: lead.claim_epoch,
    next_attempt_at: lead.next_attempt_at,
    processing_started_at: lead.processing_started_at,
    processing_completed_at: lead.processing_completed_at,
    pipeline_progress: lead.pipeline_progress,
    pipeline_updated_at: lead.pipeline_updated_at,
    raw,
  };
});

const { lead_id: storedId, occurred_at: storedInstant } = storedEnvelope.shape;

/** A row of pipeline_events as a stored envelope: `position` is left out, it differs by database. */
export const eventRow = storedEnvelope.extend({
  lead_id: leadId.pipe(storedId),
  occurred_at: instant.pipe(storedInstant),
  recorded_at: instant.pipe(storedInstant),
});
