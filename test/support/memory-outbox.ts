import type { Clock, Outbox, OutboxItem } from '../../src/ports.ts';
import type { StoredNotification } from '../../src/core/notification.ts';

/** A row of `pipeline_notifications`, as far as the port shows it. */
export interface MemoryRow {
  readonly id: string;
  readonly key: string;
  readonly channel: string;
  readonly notification: StoredNotification;
  state: 'due' | 'trying' | 'delivered' | 'abandoned';
  attempts: number;
  /** Epoch ms: not before this, or, while it is tried, the end of the lease. */
  notBeforeMs: number;
  reason: string | null;
}

/**
 * The outbox in memory, by the clock it is given; what planline_outbox_take_next and _finish do. It
 * tells each row by itself: what goes together is decided in SQL, and tried there.
 */
export function memoryOutbox(clock: Clock): Outbox & { readonly rows: MemoryRow[] } {
  const rows: MemoryRow[] = [];

  /** A try that lost its lease may no longer say how it ended. */
  const taken = (item: OutboxItem): MemoryRow[] =>
    rows.filter(
      (row) =>
        row.state === 'trying' &&
        item.rows.some(({ id, attempts }) => row.id === id && row.attempts === attempts),
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

    async take(wanted, leaseMs) {
      const row = rows.find(
        ({ channel, state, notBeforeMs }) =>
          channel === wanted &&
          (state === 'due' || state === 'trying') &&
          notBeforeMs <= clock.now(),
      );
      if (row === undefined) return null;
      const maybeRepeated = row.state === 'trying';
      row.state = 'trying';
      row.attempts += 1;
      row.notBeforeMs = clock.now() + leaseMs;
      const { id, channel, notification, attempts } = row;
      return {
        id,
        channel,
        notification,
        maybeRepeated,
        rows: [{ id, leadId: null, attempts }],
      };
    },

    waiting: async () => rows.filter(({ state }) => state === 'due' || state === 'trying').length,

    async summaryBefore(day, channels) {
      const marks = rows.flatMap(({ channel, notification }) =>
        notification.kind === 'daily_summary' &&
        notification.day < day &&
        channels.includes(channel)
          ? [{ day: notification.day, untilMs: Date.parse(notification.until ?? '') }]
          : [],
      );
      return marks.toSorted((a, b) => a.day.localeCompare(b.day)).at(-1) ?? null;
    },

    async delivered(item) {
      for (const row of taken(item)) row.state = 'delivered';
    },

    async failed(item, reason, retryAt) {
      for (const row of taken(item)) {
        row.state = retryAt === null ? 'abandoned' : 'due';
        row.notBeforeMs = retryAt === null ? row.notBeforeMs : Date.parse(retryAt);
        row.reason = reason;
      }
    },
  };
}
