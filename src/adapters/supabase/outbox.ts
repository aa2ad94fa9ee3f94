/** Outbox by `pipeline_notifications` and its two functions. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { Outbox, OutboxItem } from '../../ports.ts';
import { notification } from './notification-schema.ts';
import { call } from './call.ts';

const item = z.object({
  id: z.uuid(),
  key: z.string(),
  channel: z.string(),
  lead_id: z.string().nullable(),
  payload: notification,
  attempts: z.int(),
  maybe_repeated: z.boolean(),
});

export function createOutbox(client: SupabaseClient): Outbox {
  const finish = async (
    what: string,
    taken: OutboxItem,
    outcome: 'delivered' | 'retry' | 'abandoned',
    reason: string | null,
    retryAt: string | null,
  ): Promise<void> => {
    await call(
      what,
      z.boolean(),
      client.rpc('planline_outbox_finish', {
        p_id: taken.id,
        p_attempts: taken.attempts,
        p_outcome: outcome,
        p_reason: reason,
        p_retry_at: retryAt,
      }),
    );
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

    async take(channels, leaseMs): Promise<OutboxItem | null> {
      const [taken] = await call(
        'Taking a notification from the outbox',
        z.array(item),
        client.rpc('planline_outbox_take', { p_channels: channels, p_lease_ms: leaseMs }),
      );
      if (taken === undefined) return null;
      return {
        id: taken.id,
        channel: taken.channel,
        leadId: taken.lead_id,
        notification: taken.payload,
        attempts: taken.attempts,
        maybeRepeated: taken.maybe_repeated,
      };
    },

    delivered: (taken) => finish('Recording a delivery', taken, 'delivered', null, null),

    failed: (taken, reason, retryAt) =>
      retryAt === null
        ? finish('Giving up a notification', taken, 'abandoned', reason, null)
        : finish('Putting a notification back', taken, 'retry', reason, retryAt),
  };
}
