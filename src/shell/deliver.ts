/** Empties the outbox: what is due goes to its channel, and how that ended is recorded. */
import { messageOf } from '../core/errors.ts';
import { NotifyError } from '../core/errors-notify.ts';
import { isoOf } from '../core/instant.ts';
import { backoffMs } from '../core/retry.ts';
import { leadsOf } from '../core/notification.ts';
import type {
  Clock,
  CrashPoints,
  Delivery,
  DigestPace,
  LeadDirectory,
  Log,
  Names,
  Notifier,
  Outbox,
  OutboxItem,
  Random,
} from '../ports.ts';

/** Longer than any notifier waits: an item whose lease ran out counts as never ended. */
const LEASE_MS = 5 * 60_000;
/** One to two minutes after the first try, up to an hour after later ones: three hours in all. */
const RETRY_BASE_MS = 2 * 60_000;
const MAX_TRIES = 8;
/** A server that asks for more is asked again after a day all the same. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000;

/** How the operator wants to be told. */
export interface TellingOptions {
  readonly pace: DigestPace;
  /** Names of clients go along. */
  readonly withNames: boolean;
}

/** Until when (epoch ms) a channel asked to be left alone; kept from call to call. */
export type Rests = Map<string, number>;

export interface DeliverDeps {
  readonly outbox: Outbox;
  readonly notifiers: readonly Notifier[];
  readonly directory: Pick<LeadDirectory, 'names'>;
  readonly telling: TellingOptions;
  readonly rests: Rests;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crash: CrashPoints;
  /** Told when the end of a lead's notification was recorded, which is an event of its stream. */
  readonly onRecorded?: (leadId: string) => void;
}

/** The fewest of its rows: what joined a message late is not given up with it. */
function attemptsOf({ rows }: OutboxItem): number {
  return Math.min(...rows.map(({ attempts }) => attempts));
}

interface Failure {
  readonly reason: string;
  /** ISO; null when it is given up. */
  readonly retryAt: string | null;
}

function failureOf(error: unknown, item: OutboxItem, { clock, random }: DeliverDeps): Failure {
  const known = error instanceof NotifyError ? error : null;
  const reason = messageOf(error);
  const attempts = attemptsOf(item);
  if (known?.retryable === false) return { reason, retryAt: null };
  if (attempts >= MAX_TRIES) {
    return { reason: `given up after ${attempts} tries: ${reason}`, retryAt: null };
  }
  const waitMs = Math.max(askedMs(known), backoffMs(attempts, RETRY_BASE_MS, random.fraction()));
  return { reason, retryAt: isoOf(clock.now() + waitMs) };
}

function askedMs(error: NotifyError | null): number {
  return Math.min(error?.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
}

async function recordFailure(
  item: OutboxItem,
  { reason, retryAt }: Failure,
  deps: DeliverDeps,
): Promise<void> {
  const { outbox, log } = deps;
  const { id, channel, notification } = item;
  const leads = leadsOf(notification);
  const fields = {
    notificationId: id,
    channel,
    kind: notification.kind,
    leads,
    attempts: attemptsOf(item),
    reason,
    retryAt,
  };
  if (retryAt === null) log.error(fields, 'A notification was given up');
  else log.warn(fields, 'A notification could not be delivered; it is tried again');
  await outbox.failed(item, reason, retryAt);
  if (retryAt === null) recorded(item, deps);
}

function recorded({ rows }: OutboxItem, { onRecorded }: DeliverDeps): void {
  for (const { leadId } of rows) if (leadId !== null) onRecorded?.(leadId);
}

const NAMELESS: Names = new Map();

/** A message without names is better than none. */
async function namesFor(item: OutboxItem, deps: DeliverDeps): Promise<Names> {
  if (!deps.telling.withNames) return NAMELESS;
  try {
    return await deps.directory.names(leadsOf(item.notification));
  } catch (error) {
    deps.log.warn({ reason: messageOf(error) }, 'Names could not be looked up; told by ids alone');
    return NAMELESS;
  }
}

type Outcome = 'delivered' | 'failed' | 'unknown';

async function deliverOne(
  item: OutboxItem,
  notifier: Notifier,
  deps: DeliverDeps,
  abort: AbortSignal,
): Promise<Outcome> {
  const { clock, crash, rests } = deps;
  crash.reached('notification_taken', 'tell');
  try {
    const { id, notification, maybeRepeated } = item;
    const delivery: Delivery = {
      id,
      notification,
      maybeRepeated,
      names: await namesFor(item, deps),
    };
    await notifier.deliver(delivery, abort);
  } catch (error) {
    // Whether it arrived before we hung up is unknown: unrecorded, the next one says so.
    if (abort.aborted) return 'unknown';
    if (error instanceof NotifyError && askedMs(error) > 0) {
      rests.set(notifier.channel, clock.now() + askedMs(error));
    }
    await recordFailure(item, failureOf(error, item, deps), deps);
    return 'failed';
  }
  crash.reached('notification_sent', 'tell');
  await deps.outbox.delivered(item);
  crash.reached('delivery_recorded', 'tell');
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
  const { outbox, clock, rests, telling } = deps;
  const { channel } = notifier;
  const tried = new Set<string>();
  let delivered = 0;
  while (!stopping.aborted && !abort.aborted) {
    // Asked to wait, it would only refuse the next one too, and each would lose a try by it.
    if (clock.now() < (rests.get(channel) ?? 0)) break;
    const item = await outbox.take(channel, LEASE_MS, telling.pace);
    if (item === null) break;
    if (item.rows.some(({ id }) => tried.has(id))) {
      const error = new NotifyError('the clocks of this machine and the database differ', {
        retryable: true,
        retryAfterMs: LEASE_MS,
      });
      await recordFailure(item, failureOf(error, item, deps), deps);
      break;
    }
    for (const { id } of item.rows) tried.add(id);
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
