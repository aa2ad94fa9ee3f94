/** Keeps a lease alive while its lead is being worked on. */
import { isPlanlineError, messageOf } from '../core/errors.ts';
import type { Claim } from '../ports.ts';
import type { ShellDeps } from './deps.ts';

export interface LeaseKeeper {
  /** Aborts when the lease is lost: another daemon took the lead over. */
  readonly lost: AbortSignal;
  stop(): Promise<void>;
}

export function keepLease(deps: ShellDeps, { lead, epoch }: Claim): LeaseKeeper {
  const { clock, store, log, crash, options } = deps;
  const lost = new AbortController();
  const done = new AbortController();

  async function renewing(): Promise<void> {
    while (!done.signal.aborted) {
      await clock.sleep(options.leaseMs / 3, done.signal);
      if (done.signal.aborted) return;
      try {
        await store.renew(lead.id, epoch, options.leaseMs);
        crash.reached('lease_renewed');
      } catch (error) {
        if (isPlanlineError(error, 'stale_lease')) {
          lost.abort(error);
          return;
        }
        // The fencing token, not the clock, keeps others' work safe: go on and try again.
        log.warn({ leadId: lead.id, reason: messageOf(error) }, 'The lease could not be renewed');
      }
    }
  }

  const running = renewing();
  return {
    lost: lost.signal,
    async stop() {
      done.abort();
      await running;
    },
  };
}
