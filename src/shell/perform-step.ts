/** One step: performed, its files on disk, then its completion appended with all that goes along. */
import { bySeverity } from '../core/quality.ts';
import { elapsedMs } from '../core/instant.ts';
import { waitsUntilMs } from '../core/lead-state.ts';
import { statusAfter, stepAfter, STATUS_OF_STEP, type Step } from '../core/lifecycle.ts';
import { performerOf } from './perform/index.ts';
import { Park } from './outcomes.ts';
import { progressOf, refOf, type RunContext } from './run-context.ts';

/** A failed attempt at the step itself is not repeated before its time. */
function checkRetryTime(run: RunContext, step: Step): void {
  const untilMs = waitsUntilMs(run.run().failures.get(step), run.deps.clock.now());
  if (untilMs !== null) throw new Park('waiting for the next attempt', untilMs);
}

export async function performStep(run: RunContext, step: Step): Promise<void> {
  const { deps, leadId, stream } = run;
  checkRetryTime(run, step);
  const startedMs = deps.clock.now();
  const { runId, blockCount } = run.run();
  deps.progress({ kind: 'step', leadId, runId, step, blockCount });
  const perform = await performerOf(step);

  const { outputs, patch, warnings = [], ...along } = await perform(run);

  const durationMs = elapsedMs(startedMs, deps.clock.now());
  const statusTo = statusAfter(step);
  const notified = (along.notifications ?? []).filter((entry) => entry.channels.length > 0);
  await stream.append(
    [
      ...notified.map(
        (entry) =>
          ({
            type: 'notification.requested',
            data: { notification_id: entry.key, kind: entry.payload.kind },
          }) as const,
      ),
      {
        type: 'step.completed',
        data: {
          step,
          outputs: outputs.map(refOf),
          duration_ms: durationMs,
          warnings: [...warnings],
        },
        ...(statusTo === STATUS_OF_STEP[step] ? {} : { statusTo }),
      },
    ],
    {
      ...along,
      artifacts: outputs,
      patch: {
        retry_count: 0,
        last_error: null,
        ...patch,
        pipeline_progress: progressOf(run.run(), stepAfter(step)),
      },
    },
  );
  for (const warning of bySeverity(warnings)) {
    deps.log.warn({ leadId, runId, step, ...warning }, 'A page wants a look');
  }
  deps.log.info({ leadId, runId, step, durationMs }, 'Step completed');
}
