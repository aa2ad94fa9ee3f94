/**
 * Leads that something outside holds up, such as a disk that is not mounted. It costs no attempt and
 * blocks nobody, but it may last: the pauses grow, as each claim is an event that stays for ever, and
 * the operator is told once.
 */
import { messageOf } from '../core/errors.ts';
import type { Clock, Log } from '../ports.ts';

export interface HeldUp {
  /** Ms until the lead is looked at again. Never rejects. */
  again(leadId: string, reason: string): Promise<number>;
  /** The lead went on, or came to rest. */
  over(leadId: string): void;
}

export interface HeldUpDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** `sinceMs`: when this began, epoch ms. */
  readonly tell: (reason: string, sinceMs: number) => Promise<void>;
}

const MINUTE_MS = 60_000;
const LEAST_PAUSE_MS = MINUTE_MS;
const MOST_PAUSE_MS = 60 * MINUTE_MS;
/** Of the time that has passed: who waits for a day loses an hour. */
const PAUSE_SHARE = 0.1;
/** A router or a database that is started anew is back by then. */
const TOLD_AFTER_MS = 30 * MINUTE_MS;
/** A lead that was not looked at for so long was withdrawn, or is another daemon's. */
const FORGOTTEN_AFTER_MS = 2 * MOST_PAUSE_MS;

interface Waiting {
  readonly sinceMs: number;
  readonly lastMs: number;
}

export function createHeldUp({ clock, log, tell }: HeldUpDeps): HeldUp {
  const waiting = new Map<string, Waiting>();
  /** Those that waited when the operator was told, and wait still. */
  let told = new Set<string>();

  function over(leadId: string): void {
    waiting.delete(leadId);
    told.delete(leadId);
  }

  function forget(nowMs: number): void {
    for (const [leadId, { lastMs }] of waiting) {
      if (nowMs - lastMs > FORGOTTEN_AFTER_MS) over(leadId);
    }
  }

  /** One message for all that wait: they mostly wait for the same. */
  async function tellOnce(reason: string, sinceMs: number): Promise<void> {
    if (told.size > 0) return;
    told = new Set(waiting.keys());
    try {
      await tell(reason, sinceMs);
    } catch (error) {
      told.clear();
      log.warn({ reason: messageOf(error) }, 'Nobody could be told yet that work is held up');
    }
  }

  return {
    async again(leadId, reason) {
      const nowMs = clock.now();
      forget(nowMs);
      const sinceMs = waiting.get(leadId)?.sinceMs ?? nowMs;
      waiting.set(leadId, { sinceMs, lastMs: nowMs });
      const heldMs = nowMs - sinceMs;
      if (heldMs >= TOLD_AFTER_MS) await tellOnce(reason, sinceMs);
      return Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, Math.round(heldMs * PAUSE_SHARE)));
    },
    over,
  };
}
