/** Outbox by `pipeline_notifications` and its functions. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { PlanlineError } from '../../core/errors.ts';
import { isEnding, summaryDay, summaryKey, type Notification } from '../../core/notification.ts';
import type { Outbox, OutboxItem } from '../../ports.ts';
import { notification } from './notification-schema.ts';
import { call, countOf } from './call.ts';

const takenRow = z.object({
  id: z.uuid(),
  channel: z.string(),
  lead_id: z.string().nullable(),
  payload: notification,
  attempts: z.int(),
  batch: z.uuid().nullable(),
  maybe_repeated: z.boolean(),
});
const summaryRow = z.object({
  key: z.string(),
  created_at: z.string(),
  payload: z.looseObject({ until: z.string().optional() }),
});
type TakenRow = z.infer<typeof takenRow>;

/** Rows of one batch are one message; a row without one is a message of its own. */
function messageOf(first: TakenRow, rows: readonly TakenRow[]): Notification {
  if (first.batch === null) return first.payload;
  const endings = rows.map(({ payload }) => payload).filter(isEnding);
  if (endings.length === rows.length) return { kind: 'digest', endings };
  throw new PlanlineError(
    'corrupt',
    `Batch ${first.batch} of pipeline_notifications holds a row that tells no end of a lead. ` +
      'Set batch to null in its rows.',
  );
}

function itemOf(rows: readonly TakenRow[]): OutboxItem | null {
  const [first] = rows;
  if (first === undefined) return null;
  return {
    id: first.batch ?? first.id,
    channel: first.channel,
    notification: messageOf(first, rows),
    maybeRepeated: first.maybe_repeated,
    rows: rows.map(({ id, lead_id: leadId, attempts }) => ({ id, leadId, attempts })),
  };
}

export function createOutbox(client: SupabaseClient): Outbox {
  /** Row by row: each end is an event of its lead, and no two leads are locked at a time. */
  const finish = async (
    what: string,
    { rows }: OutboxItem,
    outcome: 'delivered' | 'retry' | 'abandoned',
    reason: string | null,
    retryAt: string | null,
  ): Promise<void> => {
    for (const { id, attempts } of rows) {
      await call(
        what,
        z.boolean(),
        client.rpc('planline_outbox_finish', {
          p_id: id,
          p_attempts: attempts,
          p_outcome: outcome,
          p_reason: reason,
          p_retry_at: retryAt,
        }),
      );
    }
  };

  return {
    async put(key, payload, channels) {
      if (channels.length === 0) return;
      await call(
        'Putting a notification into the outbox',
        z.unknown(),
        client.from('pipeline_notifications').upsert(
          channels.map((channel) => ({ key, channel, payload })),
          { onConflict: 'key,channel', ignoreDuplicates: true },
        ),
      );
    },

    async take(channel, leaseMs, { windowMs, singles }) {
      const rows = await call(
        'Taking a notification from the outbox',
        z.array(takenRow),
        client.rpc('planline_outbox_take_next', {
          p_channel: channel,
          p_lease_ms: leaseMs,
          p_window_ms: windowMs,
          p_singles: singles,
        }),
      );
      return itemOf(rows);
    },

    waiting: () =>
      countOf(
        'Counting notifications',
        client
          .from('pipeline_notifications')
          .select('id', { count: 'exact', head: true })
          .in('state', ['pending', 'trying']),
      ),

    async summaryBefore(day, channels) {
      const [row] = await call(
        'Looking for the daily summary before',
        z.array(summaryRow),
        client
          .from('pipeline_notifications')
          .select('key,created_at,payload')
          .like('key', summaryKey('%'))
          .lt('key', summaryKey(day))
          .in('channel', channels)
          .order('key', { ascending: false })
          .limit(1),
      );
      if (row === undefined) return null;
      // Those of earlier versions do not say up to when they count.
      const untilMs = Date.parse(row.payload.until ?? row.created_at);
      return { day: summaryDay(row.key), untilMs };
    },

    delivered: (taken) => finish('Recording a delivery', taken, 'delivered', null, null),

    failed: (taken, reason, retryAt) =>
      retryAt === null
        ? finish('Giving up a notification', taken, 'abandoned', reason, null)
        : finish('Putting a notification back', taken, 'retry', reason, retryAt),
  };
}
