/** Changes from two sides: told by this process, and found in the database while somebody watches. */
import { messageOf } from '../../core/errors.ts';
import type { Clock, Log } from '../../ports.ts';
import type { Changes } from '../deps.ts';

const LOOK_EVERY_MS = 2_000;

export interface ChangeHub extends Changes {
  tell(leadId: string | null): void;
  stop(): void;
}

export interface ChangeHubDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Differs whenever a lead has changed, by whomever. */
  readonly mark: () => Promise<string>;
}

export function createChangeHub({ clock, log, mark }: ChangeHubDeps): ChangeHub {
  const listeners = new Set<(leadId: string | null) => void>();
  const stopped = new AbortController();
  let watching = false;

  function tell(leadId: string | null): void {
    for (const listener of listeners) listener(leadId);
  }

  async function look(last: string | null): Promise<string | null> {
    try {
      const now = await mark();
      if (last !== null && now !== last) tell(null);
      return now;
    } catch (error) {
      log.debug({ reason: messageOf(error) }, 'The dashboard could not look for changes');
      return last;
    }
  }

  /** Nobody is asked while nobody watches. */
  async function watch(): Promise<void> {
    let last: string | null = null;
    while (listeners.size > 0 && !stopped.signal.aborted) {
      last = await look(last);
      await clock.sleep(LOOK_EVERY_MS, stopped.signal);
    }
    watching = false;
  }

  return {
    tell,
    subscribe(listener) {
      listeners.add(listener);
      if (!watching && !stopped.signal.aborted) {
        watching = true;
        void watch();
      }
      return () => listeners.delete(listener);
    },
    stop: () => stopped.abort(),
  };
}
