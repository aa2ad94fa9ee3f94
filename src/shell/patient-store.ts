/**
 * An EventStore that waits out a database that cannot be reached: no attempt of a lead is spent on it.
 * Every call is safe to repeat: appends are idempotent by event_id, and a claim whose answer was lost
 * is found again as ours.
 *
 * A database that answers others and never this call is not away: it refuses. Waiting for it would hold
 * one of the few places for leads for ever, so that becomes a failure of the lead's own.
 */
import { backoffMs } from '../core/retry.ts';
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import type { Clock, EventStore, Log, Random } from '../ports.ts';

const BASE_MS = 500;
const MAX_MS = 15_000;
/** Tries of one call that failed although the database answered others since the try before. */
const MAX_REFUSALS = 10;

export interface PatienceDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** How often the database has answered: shared by all calls to it. */
export interface Pulse {
  answers: number;
}

/** A long outage is told of ever more rarely. */
function isWorthTelling(attempt: number): boolean {
  return Number.isInteger(Math.log2(attempt));
}

function refused(error: PlanlineError): PlanlineError {
  return new PlanlineError(
    'retryable',
    `The database answers, but not this call, ${MAX_REFUSALS} times over. ${error.message}`,
    { cause: error },
  );
}

function stopped(error: PlanlineError): PlanlineError {
  return new PlanlineError('stopping', 'Stopped while the database could not be reached.', {
    cause: error,
  });
}

/** Throws `stopping` once the signal aborts, `retryable` when the database answers only others. */
export function patient<A extends unknown[], R>(
  work: (...args: A) => Promise<R>,
  { clock, random, log, signal }: PatienceDeps,
  pulse: Pulse = { answers: 0 },
): (...args: A) => Promise<R> {
  return async (...args) => {
    let seen = pulse.answers;
    let refusals = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await work(...args);
        pulse.answers += 1;
        return answer;
      } catch (error) {
        if (!isPlanlineError(error, 'unavailable')) throw error;
        if (signal.aborted) throw stopped(error);
        if (pulse.answers > seen) refusals += 1;
        if (refusals >= MAX_REFUSALS) throw refused(error);
        seen = pulse.answers;
        const waitMs = Math.min(MAX_MS, backoffMs(attempt, BASE_MS, random.fraction()));
        const level = isWorthTelling(attempt) ? 'warn' : 'debug';
        log[level]({ attempt, waitMs, reason: error.message }, 'Waiting for the database');
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
  const pulse: Pulse = { answers: 0 };
  const claiming = { ...deps, signal: deps.stopping };
  return {
    claim: patient((options) => store.claim(options), claiming, pulse),
    renew: patient((...args) => store.renew(...args), deps, pulse),
    release: patient((...args) => store.release(...args), deps, pulse),
    append: patient((request) => store.append(request), deps, pulse),
    read: patient((...args) => store.read(...args), deps, pulse),
    readSome: patient((...args) => store.readSome(...args), deps, pulse),
    artifact: patient((...args) => store.artifact(...args), deps, pulse),
    pages: patient((leadId) => store.pages(leadId), deps, pulse),
  };
}
