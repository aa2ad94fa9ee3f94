/** What an attempt at a prompt leaves when it fails: a line of the step's log, pictures, a decision. */
import { ChatError, messageOf } from '../../core/errors.ts';
import { elapsedMs } from '../../core/instant.ts';
import { effectKey } from '../../core/lead-state.ts';
import { recordFailure } from '../attempts.ts';
import { Park } from '../outcomes.ts';
import { promptState, type Asking } from './asking.ts';
import { RefusedReply } from './attempt.ts';
import { freeName } from './journal.ts';

/** Pause after a limit that is over by the time it is noted. */
const LIMIT_OVER_MS = 1_000;

/** What the driver saw, as files beside the failure; their paths. */
async function keepEvidence(asking: Asking, error: unknown): Promise<string[]> {
  const { run } = asking;
  const evidence = error instanceof ChatError ? error.evidence() : [];
  const paths: string[] = [];
  if (evidence.length === 0) return paths;
  try {
    const name = await freeName(asking, 'failures');
    for (const { name: ending, content } of evidence) {
      const path = `${name}.${ending}`;
      await run.runFiles.write(path, content);
      paths.push(path);
    }
  } catch (cause) {
    // The failure itself is what matters; a folder that cannot be written shows itself soon enough.
    run.deps.log.warn({ leadId: run.leadId, reason: messageOf(cause) }, 'Evidence was not kept');
  }
  return paths;
}

/** Before anything is written of it: whoever sends next asks the account first. */
export async function noteError({ run }: Asking, error: unknown): Promise<void> {
  if (error instanceof ChatError && !run.signals.abort.aborted) await run.deps.account.note(error);
}

/** One line of logs/<step>.jsonl. `error` is null when the prompt was answered. */
export async function logAttempt(asking: Asking, startedMs: number, error: unknown): Promise<void> {
  const { run, step, job } = asking;
  await run.runFiles.appendLog(step, {
    prompt: job.promptPath,
    response: error === null ? job.replyPath : null,
    started: new Date(startedMs).toISOString(),
    duration_ms: elapsedMs(startedMs, run.deps.clock.now()),
    retries: run.run().failures.get(effectKey(step, job.n))?.count ?? 0,
    driver: run.deps.driver.name,
    error: error === null ? null : messageOf(error),
    evidence: await keepEvidence(asking, error),
  });
  run.deps.crash.reached('attempt_logged');
}

/** True when the provider may still have an answer that is of use. */
function keepsRequest(asking: Asking, error: ChatError): boolean {
  if (error.code !== 'retryable' || error instanceof RefusedReply) return false;
  // A repair that fails is given up: the next attempt asks the whole prompt again.
  return (promptState(asking)?.repair ?? null) === null;
}

/** What a driver's error means for this prompt: park, a spent attempt, or a block. */
export async function settleError(asking: Asking, error: unknown): Promise<never> {
  const { run, step, job } = asking;
  if (run.signals.abort.aborted) throw new Park('stopping', null);
  if (!(error instanceof ChatError)) throw error;
  if (error.code !== 'retryable' && error.code !== 'permanent') {
    const turn = await run.deps.account.turn(run.signals.abort);
    // A limit may be over by now; no attempt is spent on it all the same.
    const untilMs = turn.ready ? run.deps.clock.now() + LIMIT_OVER_MS : null;
    throw new Park(`the chat account rests: ${error.message}`, untilMs);
  }
  const retryAtMs = await recordFailure(run, {
    step,
    n: job.n,
    code: error.code,
    reason: error.message,
    final: error.code === 'permanent',
    keepsRequest: keepsRequest(asking, error),
    cause: error,
  });
  throw new Park(error.message, retryAtMs);
}
