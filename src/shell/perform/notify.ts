/** The last step: the run's folder may go where cold storage has it, and the operator is told. */
import { elapsedMs } from '../../core/instant.ts';
import type { RunContext } from '../run-context.ts';
import { writeRunSummary } from '../run-summary.ts';
import { zipOfRun } from './archive.ts';
import type { StepOutcome } from './outcome.ts';

export async function performNotify(run: RunContext): Promise<StepOutcome> {
  const { deps, leadId, files, runFiles } = run;
  const { runId, startedAt, blockCount } = run.run();
  const nowMs = deps.clock.now();
  const finishedAt = new Date(nowMs).toISOString();
  const { zip, outputs } = await zipOfRun(run);
  await writeRunSummary(run, finishedAt);
  deps.crash.reached('summary_written');
  await runFiles.retire(zip);
  return {
    outputs,
    patch: { processing_completed_at: finishedAt },
    notifications: [
      {
        key: `${leadId}/${runId}/finished`,
        channels: deps.options.channels,
        payload: {
          kind: 'lead_finished',
          leadId,
          runId,
          pages: blockCount,
          durationMs: elapsedMs(Date.parse(startedAt), nowMs),
          directory: files.directory,
        },
      },
    ],
  };
}
