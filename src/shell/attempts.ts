/** Failed attempts: counted by events, spaced by backoff, ended by a block. */
import { effectKey } from '../core/lead-state.ts';
import type { Step } from '../core/lifecycle.ts';
import { backoffMs } from '../core/retry.ts';
import { Block } from './outcomes.ts';
import type { RunContext } from './run-context.ts';

export interface FailedAttempt {
  readonly step: Step;
  readonly n: number | null;
  readonly code: string;
  readonly reason: string;
  /** True when the provider may still have the answer. */
  readonly keepsRequest?: boolean;
  /** True when trying again cannot help. */
  readonly final: boolean;
  readonly cause?: unknown;
}

/** `block 7` of a step with prompts, or the step alone. */
export function placeOf(step: Step, n: number | null): string {
  return n === null || step === 'input_transform' || step === 'plan' ? step : `${step}, block ${n}`;
}

/**
 * Records a failed attempt. Returns the epoch ms of the next one. Throws Block when it was the last:
 * `maxRetries` retries after the first attempt.
 */
export async function recordFailure(run: RunContext, failed: FailedAttempt): Promise<number> {
  const { deps, leadId } = run;
  const { step, n, code, reason } = failed;
  const attempt = (run.run().failures.get(effectKey(step, n))?.count ?? 0) + 1;
  const last = failed.final || attempt > deps.options.maxRetries;
  const waitMs = backoffMs(attempt, deps.options.retryBaseMs, deps.random.fraction());
  const retryAtMs = deps.clock.now() + waitMs;
  const retryAt = last ? null : new Date(retryAtMs).toISOString();
  await run.stream.append(
    [
      {
        type: 'attempt.failed',
        data: {
          step,
          n,
          attempt,
          code,
          reason,
          retry_at: retryAt,
          keeps_request: failed.keepsRequest ?? false,
        },
      },
    ],
    { patch: { retry_count: attempt, last_error: `${placeOf(step, n)}: ${reason}` } },
  );
  deps.crash.reached('failure_recorded');
  deps.log.warn({ leadId, step, n, attempt, code, reason, retryAt }, 'An attempt failed');
  if (last) throw new Block(reason, { step, n, code, cause: failed.cause });
  deps.progress({ kind: 'retry', leadId, reason, atMs: retryAtMs });
  return retryAtMs;
}
