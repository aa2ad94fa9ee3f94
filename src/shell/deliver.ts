/** Empties the outbox: what is due goes to its channel, and how that ended is recorded. */
import { messageOf } from '../core/errors.ts';
import { NotifyError } from '../core/errors-notify.ts';
import { isoOf } from '../core/instant.ts';
import { backoffMs } from '../core/retry.ts';
import type { Clock, CrashPoints, Log, Notifier, Outbox, OutboxItem, Random } from '../ports.ts';

/** Longer than any notifier waits: an item whose lease ran out counts as never ended. */
const LEASE_MS = 5 * 60_000;
/** One to two minutes after the first try, up to an hour after later ones: three hours in all. */
const RETRY_BASE_MS = 2 * 60_000;
const MAX_TRIES = 8;
/** A server that asks for more is asked again after a day all the same. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000;

export interface DeliverDeps {
  readonly outbox: Outbox;
  readonly notifiers: readonly Notifier[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crash: CrashPoints;
  /** Told when the end of a lead's notification was recorded, which is an event of its stream. */
  readonly onRecorded?: (leadId: string) => void;
}

interface Failure {
  readonly reason: string;
  /** ISO; null when it is given up. */
  readonly retryAt: string | null;
}

function failureOf(error: unknown, item: OutboxItem, { clock, random }: DeliverDeps): Failure {
  const known = error instanceof NotifyError ? error : null;
  const reason = messageOf(error);
  if (known?.retryable === false) return { reason, retryAt: null };
  if (item.attempts >= MAX_TRIES) {
    return { reason: `given up after ${item.attempts} tries: ${reason}`, retryAt: null };
  }
  const askedMs = Math.min(known?.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  const waitMs = Math.max(askedMs, backoffMs(item.attempts, RETRY_BASE_MS, random.fraction()));
  return { reason, retryAt: isoOf(clock.now() + waitMs) };
}

async function recordFailure(
  item: OutboxItem,
  { reason, retryAt }: Failure,
  deps: DeliverDeps,
): Promise<void> {
  const { outbox, log } = deps;
  const { id, channel, leadId, attempts } = item;
  const fields = { notificationId: id, channel, leadId, attempts, reason, retryAt };
  if (retryAt === null) log.error(fields, 'A notification was given up');
  else log.warn(fields, 'A notification could not be delivered; it is tried again');
  await outbox.failed(item, reason, retryAt);
  if (retryAt === null) recorded(item, deps);
}

function recorded({ leadId }: OutboxItem, { onRecorded }: DeliverDeps): void {
  if (leadId !== null) onRecorded?.(leadId);
}

type Outcome = 'delivered' | 'failed' | 'unknown';

async function deliverOne(
  item: OutboxItem,
  notifier: Notifier,
  deps: DeliverDeps,
  abort: AbortSignal,
): Promise<Outcome> {
  deps.crash.reached('notification_taken', 'tell');
  try {
    await notifier.deliver(item, abort);
  } catch (error) {
    // Whether it arrived before we hung up is unknown: unrecorded, the next one says so.
    if (abort.aborted) return 'unknown';
    await recordFailure(item, failureOf(error, item, deps), deps);
    return 'failed';
  }
  deps.crash.reached('notification_sent', 'tell');
  await deps.outbox.delivered(item);
  deps.crash.reached('delivery_recorded', 'tell');
  recorded(item, deps);
  return 'delivered';
}

/** Each item once: one that comes again although its time is not come waits for the next call. */
async function drainChannel(
  notifier: Notifier,
  deps: DeliverDeps,
  stopping: AbortSignal,
  abort: AbortSignal,
): Promise<number> {
  const tried = new Set<string>();
  let delivered = 0;
  while (!stopping.aborted && !abort.aborted) {
    const item = await deps.outbox.take([notifier.channel], LEASE_MS);
    if (item === null) break;
    if (tried.has(item.id)) {
      const error = new NotifyError('the clocks of this machine and the database differ', {
        retryable: true,
        retryAfterMs: LEASE_MS,
      });
      await recordFailure(item, failureOf(error, item, deps), deps);
      break;
    }
    tried.add(item.id);
    if ((await deliverOne(item, notifier, deps, abort)) === 'delivered') delivered += 1;
  }
  return delivered;
}

/**
 * Delivers everything that is due, each channel by itself, so that a dead one holds up no other.
 * `stopping` takes no further one, `abort` hangs up on those under way. Returns how many were
 * delivered. Throws what the outbox throws, after every channel has ended.
 */
export async function deliverDue(
  deps: DeliverDeps,
  stopping: AbortSignal,
  abort: AbortSignal = stopping,
): Promise<number> {
  const ends = await Promise.allSettled(
    deps.notifiers.map((notifier) => drainChannel(notifier, deps, stopping, abort)),
  );
  let delivered = 0;
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    delivered += end.value;
  }
  return delivered;
}
