/**
 * The prompts of a chat step. Each is journaled: staged, send intended, sent, answered, saved. A reply
 * that is on disk, or that the provider still has, is never asked for again.
 */
import { isPlanlineError, PlanlineError } from '../../core/errors.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { effectKey, waitsUntilMs } from '../../core/lead-state.ts';
import type { ChatStep } from '../../core/lifecycle.ts';
import { Block, Park } from '../outcomes.ts';
import type { RunContext } from '../run-context.ts';
import { isSaved, type Asking, type PromptJob } from './asking.ts';
import { attempt } from './attempt.ts';
import { logAttempt, noteError, settleError } from './failure.ts';
import { adoptFromDisk } from './journal.ts';

function reportPrompts(run: RunContext, step: ChatStep, total: number): void {
  const saved = [...run.run().prompts.values()].filter(
    (prompt) => prompt.step === step && prompt.phase === 'saved',
  );
  run.deps.progress({ kind: 'prompts', leadId: run.leadId, step, done: saved.length, total });
}

async function askOne(asking: Asking): Promise<void> {
  const { run, step, job } = asking;
  if (isSaved(asking) || (await adoptFromDisk(asking))) return;
  if (run.signals.stopping.aborted) throw new Park('stopping', null);
  const startedMs = run.deps.clock.now();
  const untilMs = waitsUntilMs(run.run().failures.get(effectKey(step, job.n)), startedMs);
  if (untilMs !== null) throw new Park('waiting for the next attempt', untilMs);
  try {
    await attempt(asking);
    await logAttempt(asking, startedMs, null);
  } catch (error) {
    if (error instanceof Park || error instanceof PlanlineError) throw error;
    await noteError(asking, error);
    await logAttempt(asking, startedMs, error);
    await settleError(asking, error);
  }
}

/** A block outweighs everything, a lost lease everything but a block, then the earliest park. */
function throwWorst(errors: readonly Error[]): void {
  const weight = (error: Error): number => {
    if (isPlanlineError(error, 'stale_lease') || isPlanlineError(error, 'lead_moved')) return 0;
    if (error instanceof Block) return 1;
    return error instanceof Park ? 3 : 2;
  };
  const until = (error: Error): number => (error instanceof Park ? (error.untilMs ?? 0) : 0);
  const [worst] = errors.toSorted((a, b) => weight(a) - weight(b) || until(a) - until(b));
  if (worst !== undefined) throw worst;
}

/**
 * Asks every prompt of a step that is not answered yet, at most `chatConcurrency` at a time. Others
 * go on when one fails. Throws Park, Block, `stale_lease`, `lead_moved`.
 */
export async function askAll(
  run: RunContext,
  step: ChatStep,
  jobs: readonly PromptJob[],
): Promise<void> {
  const waiting = [...jobs];
  const errors: Error[] = [];
  reportPrompts(run, step, jobs.length);
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      try {
        await askOne({ run, step, job, sha256: sha256Hex(job.text) });
        reportPrompts(run, step, jobs.length);
      } catch (error) {
        errors.push(error instanceof Error ? error : new Error(String(error), { cause: error }));
        // Only a failed attempt leaves the other prompts their turn.
        if (!(error instanceof Park)) return;
      }
    }
  };
  const workers = Math.min(run.deps.options.chatConcurrency, jobs.length);
  await Promise.all(Array.from({ length: workers }, worker));
  throwWorst(errors);
}
