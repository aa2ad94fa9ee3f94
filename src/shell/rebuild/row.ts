/** The row of a lead as its events and files tell it. */
import type { LeadState } from '../../../machines/fold.ts';
import type { StoredEvent } from '../../core/events.ts';
import { effectKey, type RunState } from '../../core/lead-state.ts';
import type { Step } from '../../core/lifecycle.ts';
import { placeOf } from '../attempts.ts';
import { stepToResume } from '../begin.ts';
import { progressOf } from '../run-context.ts';

interface Trouble {
  readonly last_error: string | null;
  readonly retry_count: number;
}

const NO_TROUBLE: Trouble = { last_error: null, retry_count: 0 };

/** What the appends of these events left in `last_error` and `retry_count`. */
function troubleOf(events: readonly StoredEvent[]): Trouble {
  const failing = new Set<string>();
  let trouble = NO_TROUBLE;
  for (const event of events) {
    switch (event.type) {
      case 'attempt.failed': {
        const { step, n, attempt, reason } = event.data;
        failing.add(effectKey(step, n));
        trouble = { last_error: `${placeOf(step, n)}: ${reason}`, retry_count: attempt };
        break;
      }
      case 'prompt.saved':
        failing.delete(effectKey(event.data.step, event.data.n));
        if (failing.size === 0) trouble = NO_TROUBLE;
        break;
      case 'lead.blocked': {
        const { step, n, reason } = event.data;
        const place = step === null ? '' : `${placeOf(step, n)}: `;
        trouble = { ...trouble, last_error: `${place}${reason}` };
        break;
      }
      case 'lead.erased':
      case 'run.started':
      case 'run.resumed':
      case 'step.completed':
        failing.clear();
        trouble = NO_TROUBLE;
        break;
      default:
    }
  }
  return trouble;
}

/** The step that the row shows; null when the run is over. */
function shownStep(run: RunState): Step | null {
  if (run.finishedAt !== null) return null;
  return run.blocked === null ? stepToResume(run) : run.blocked.step;
}

/** When a failed attempt may be made again; in the past, and so at once, when none waits. */
function nextAttemptAt(run: RunState | null, lastAt: string): string {
  const waits = [...(run?.failures.values() ?? [])].flatMap(({ retryAt }) => retryAt ?? []);
  return waits.toSorted()[0] ?? lastAt;
}

/** Was the row deleted, and not flagged again since? */
export function isDeleted(events: readonly StoredEvent[]): boolean {
  const last = events.findLast(({ type }) => type === 'lead.deleted' || type === 'lead.flagged');
  return last?.type === 'lead.deleted';
}

/** The columns of junior_leads that are planline's. `texts`: what goes into the columns of that name. */
export function pipelineColumns(
  state: LeadState,
  events: readonly StoredEvent[],
  texts: { readonly input_transform: unknown; readonly plan: string | null },
): Readonly<Record<string, unknown>> {
  const { run } = state;
  const lastAt = events.at(-1)?.recorded_at ?? '';
  const claim = events.findLast((event) => event.type === 'lead.claimed');
  return {
    ...texts,
    ...troubleOf(events),
    status: state.status,
    processing_started_at: run?.startedAt ?? null,
    processing_completed_at: run?.finishedAt ?? null,
    claimed_by: null,
    lease_expires_at: null,
    claim_epoch: claim?.data.epoch ?? 0,
    next_attempt_at: nextAttemptAt(run, lastAt),
    pipeline_progress: run === null ? null : progressOf(run, shownStep(run)),
    pipeline_updated_at: lastAt,
  };
}
