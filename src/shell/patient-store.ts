/**
 * An EventStore that waits out a database that cannot be reached: no attempt of a lead is spent on it.
 * Every call is safe to repeat: appends are idempotent by event_id, and a claim whose answer was lost
 * is found again as ours.
 */
import { backoffMs } from '../core/retry.ts';
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import type { Clock, EventStore, Log, Random } from '../ports.ts';

const BASE_MS = 500;
const MAX_MS = 15_000;

export interface PatienceDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

export function patient<A extends unknown[], R>(
  work: (...args: A) => Promise<R>,
  { clock, random, log, signal }: PatienceDeps,
): (...args: A) => Promise<R> {
  return async (...args) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(...args);
      } catch (error) {
        if (!isPlanlineError(error, 'unavailable')) throw error;
        if (signal.aborted) {
          throw new PlanlineError('stopping', 'Stopped while the database could not be reached.', {
            cause: error,
          });
        }
        const waitMs = Math.min(MAX_MS, backoffMs(attempt, BASE_MS, random.fraction()));
        log.warn({ attempt, waitMs, reason: error.message }, 'Waiting for the database');
        await clock.sleep(waitMs, signal);
      }
    }
  };
}

/** `stopping` ends the waiting for a claim: until there is one, nothing is under way. */
export function patientStore(
  store: EventStore,
  deps: PatienceDeps & { readonly stopping: AbortSignal },
): EventStore {
  return {
    claim: patient((options) => store.claim(options), { ...deps, signal: deps.stopping }),
    renew: patient((...args) => store.renew(...args), deps),
    release: patient((...args) => store.release(...args), deps),
    append: patient((request) => store.append(request), deps),
    read: patient((...args) => store.read(...args), deps),
    artifact: patient((...args) => store.artifact(...args), deps),
    pages: patient((leadId) => store.pages(leadId), deps),
  };
}
