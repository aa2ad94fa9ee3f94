/** The `desktop` driver: the operator's own browser window, by keyboard, mouse and clipboard alone. */
import { ChatError } from '../../../core/errors.ts';
import type { ChatDriver, ChatPhase, ChatRequest } from '../../../ports.ts';
import { journaled } from '../journaled.ts';
import { startWatch } from '../openai/watch.ts';
import { ask } from './ask.ts';
import { checkDesktop } from './check.ts';
import { withPicture } from './evidence.ts';
import { HelperFailure } from './helper-link.ts';
import { createJob, type Job, type JobJournal, UNTOLD } from './job.ts';
import { recover } from './recover.ts';
import { createSession, type DesktopSettings, type Session } from './session.ts';
import { createTurns } from './turns.ts';

export type { DesktopSettings } from './session.ts';
export type { Timings } from './timings.ts';

/**
 * Asks one prompt at a time. Aborting throws ChatError `retryable` with the signal's reason as `cause`.
 * Errors that the journal throws pass through unchanged.
 */
export function createDesktopDriver(settings: DesktopSettings): ChatDriver {
  const session = createSession(settings);
  const turns = createTurns(session);
  return {
    name: 'desktop',
    async ask(request, journal, signal) {
      refuseUnusable(session);
      const reply = await turns.take(signal, () =>
        journaled(journal, signal, () =>
          work(session, { request, signal, journal }, (job) => ask(job, journal)),
        ),
      );
      session.memory.throttles = 0;
      return reply;
    },
    async recover(request, ref, signal) {
      refuseUnusable(session);
      return await turns.take(signal, () =>
        work(session, { request, signal, journal: UNTOLD }, (job) => recover(job, ref)),
      );
    },
    check: (signal) => checkDesktop(session, turns, signal),
    async close() {
      await turns.idle();
      await session.helper.stop();
    },
  };
}

interface Task {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly journal: JobJournal;
}

/** Within our turn: waiting for others is no part of the time for an answer. */
async function work<T>(
  session: Session,
  { request, signal, journal }: Task,
  run: (job: Job) => Promise<T>,
): Promise<T> {
  const watch = startWatch(session.settings.clock, signal, session.settings.timeoutMs);
  const phase = once((now) => journal.phase(now));
  const begin = (): Promise<void> => journal.begin();
  try {
    return await run(createJob(session, request, watch, { phase, begin }));
  } catch (error) {
    throw await withEvidence(session, signal, error);
  } finally {
    watch.end();
  }
}

function failureError(failure: HelperFailure): ChatError {
  return new ChatError('needs_operator', `${failure.message} Run: planline doctor`, {
    cause: failure,
  });
}

function refuseUnusable({ screen }: Session): void {
  if (screen.kind === 'usable') return;
  throw new ChatError('needs_operator', `${screen.problem} ${screen.action}`);
}

async function withEvidence(
  session: Session,
  signal: AbortSignal,
  error: unknown,
): Promise<unknown> {
  // Being stopped is no failure that anybody would want to look at.
  session.memory.reloadFirst = true;
  const coded = error instanceof HelperFailure ? failureError(error) : error;
  if (!(coded instanceof ChatError) || signal.aborted) return coded;
  return await withPicture(session, coded);
}

/** The same phase again is no news. */
function once(phase: (now: ChatPhase) => void): (now: ChatPhase) => void {
  let last: ChatPhase | null = null;
  return (now) => {
    if (now !== last) phase(now);
    last = now;
  };
}
