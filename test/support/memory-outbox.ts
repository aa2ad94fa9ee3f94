import type { Clock, Outbox, OutboxItem } from '../../src/ports.ts';
import type { Notification } from '../../src/core/notification.ts';

/** A row of `pipeline_notifications`, as far as the port shows it. */
export interface OutboxRow {
  readonly id: string;
  readonly key: string;
  readonly channel: string;
  readonly notification: Notification;
  state: 'due' | 'trying' | 'delivered' | 'abandoned';
  attempts: number;
  /** Epoch ms: not before this, or, while it is tried, the end of the lease. */
  notBeforeMs: number;
  reason: string | null;
}

/** The outbox in memory, by the clock it is given; what planline_outbox_take and _finish do. */
export function memoryOutbox(clock: Clock): Outbox & { readonly rows: OutboxRow[] } {
  const rows: OutboxRow[] = [];

  /** A try that lost its lease may no longer say how it ended. */
  const taken = (item: OutboxItem): OutboxRow | undefined =>
    rows.find(
      (row) => row.id === item.id && row.state === 'trying' && row.attempts === item.attempts,
    );

  return {
    rows,

    async put(key, notification, channels) {
      for (const channel of channels) {
        if (rows.some((row) => row.key === key && row.channel === channel)) continue;
        rows.push({
          id: `00000000-0000-4000-8000-${String(rows.length + 1).padStart(12, '0')}`,
          key,
          channel,
          notification,
          state: 'due',
          attempts: 0,
          notBeforeMs: clock.now(),
          reason: null,
        });
      }
    },

    async take(channels, leaseMs) {
      const row = rows.find(
        ({ channel, state, notBeforeMs }) =>
          channels.includes(channel) &&
          (state === 'due' || state === 'trying') &&
          notBeforeMs <= clock.now(),
      );
      if (row === undefined) return null;
      const maybeRepeated = row.state === 'trying';
      row.state = 'trying';
      row.attempts += 1;
      row.notBeforeMs = clock.now() + leaseMs;
      const { id, channel, notification, attempts } = row;
      return { id, channel, leadId: null, notification, attempts, maybeRepeated };
    },

    async delivered(item) {
      const row = taken(item);
      if (row !== undefined) row.state = 'delivered';
    },

    async failed(item, reason, retryAt) {
      const row = taken(item);
      if (row === undefined) return;
      row.state = retryAt === null ? 'abandoned' : 'due';
      row.notBeforeMs = retryAt === null ? row.notBeforeMs : Date.parse(retryAt);
      row.reason = reason;
    },
  };
}
