/** Notification as it stands in the outbox: what an older daemon wrote must be readable or refused. */
import { z } from 'zod';
import { STEPS } from '../../core/lifecycle.ts';
import type { StoredNotification } from '../../core/notification.ts';

const summary = z.object({
  archived: z.int(),
  blocked: z.int(),
  running: z.int(),
  flagged: z.int(),
  blockedLeads: z.array(z.object({ id: z.string(), lastError: z.string().nullable() })),
});

export const notification: z.ZodType<StoredNotification> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('lead_finished'),
    leadId: z.string(),
    runId: z.string(),
    pages: z.int(),
    durationMs: z.int(),
    directory: z.string(),
  }),
  z.object({
    kind: z.literal('lead_blocked'),
    leadId: z.string(),
    runId: z.string().nullable(),
    step: z.enum(STEPS).nullable(),
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('chat_needs_operator'),
    driver: z.string(),
    reason: z.string(),
    untilPerson: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('work_held_up'), reason: z.string() }),
  z.object({
    kind: z.literal('daily_summary'),
    day: z.string(),
    since: z.string().optional(),
    until: z.string().optional(),
    summary,
  }),
]);
