/** run_summary.json: one entry a run, folded from the stream. */
import { elapsedMs, msOf } from './instant.ts';
import { promptsDone, type FailedAttempt, type Repair, type RunState } from './lead-state.ts';
import { promptsTotal, type Step } from './lifecycle.ts';
import { bySeverity, type RatedWarning } from './quality.ts';

export interface RunSummary {
  readonly run_id: string;
  readonly status: 'running' | 'blocked' | 'archived' | 'abandoned';
  readonly driver: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly duration_ms: number | null;
  readonly block_count: number;
  readonly prompts_done: number;
  readonly prompts_total: number;
  /** Failed attempts over the whole run. */
  readonly retries: number;
  /** Each of them: what was asked again, and why. */
  readonly failed_attempts: readonly FailedAttempt[];
  /** Each answer that was sent back to be mended, and why; no attempt was spent on it. */
  readonly repairs: readonly Repair[];
  /** What is wrong with pages, the worst first; codes as in core/quality.ts. */
  readonly warnings: readonly RatedWarning[];
  readonly steps: readonly {
    readonly step: Step;
    readonly completed_at: string;
    readonly duration_ms: number;
  }[];
  readonly blocked: {
    readonly step: Step | null;
    readonly code: string;
    readonly reason: string;
  } | null;
}

function statusOf(run: RunState, isCurrent: boolean): RunSummary['status'] {
  if (run.finishedAt !== null) return 'archived';
  if (!isCurrent) return 'abandoned';
  return run.blocked === null ? 'running' : 'blocked';
}

/** `isCurrent`: no later run was started on this lead. */
export function summarizeRun(run: RunState, isCurrent: boolean): RunSummary {
  return {
    run_id: run.runId,
    status: statusOf(run, isCurrent),
    driver: run.driver,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    duration_ms:
      run.finishedAt === null ? null : elapsedMs(msOf(run.startedAt), msOf(run.finishedAt)),
    block_count: run.blockCount,
    prompts_done: promptsDone(run),
    prompts_total: promptsTotal(run.blockCount),
    retries: run.retries,
    failed_attempts: run.failedAttempts,
    repairs: run.repairs,
    warnings: bySeverity(run.warnings),
    steps: run.completed.map(({ step, at, durationMs }) => ({
      step,
      completed_at: at,
      duration_ms: durationMs,
    })),
    blocked: run.blocked,
  };
}
