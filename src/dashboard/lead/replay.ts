/** A lead's stream folded event by event, so that each moment of it can be shown again. */
import { foldEvent, NEW_LEAD, type ChartState, type LeadState } from '../../../machines/fold.ts';
import { PlanlineError } from '../../core/errors.ts';
import type { StoredEnvelope, StoredEvent } from '../../core/events.ts';
import { upcast } from '../../core/upcast.ts';

/** One event, and where the chart stood before and after it. */
export interface Moment {
  readonly event: StoredEvent;
  readonly from: ChartState;
  readonly to: ChartState;
}

export interface Replay {
  readonly state: LeadState;
  readonly moments: readonly Moment[];
  /** Why the fold stopped before the end; null when it did not. */
  readonly fault: string | null;
}

/** Folds the events up to `untilSeq` (all of them when null). A damaged stream is shown as far as it goes. */
export function replay(events: readonly StoredEnvelope[], untilSeq: number | null): Replay {
  const moments: Moment[] = [];
  let state = NEW_LEAD;
  for (const envelope of events) {
    if (untilSeq !== null && envelope.seq > untilSeq) break;
    try {
      const event = upcast(envelope);
      const next = foldEvent(state, event);
      moments.push({ event, from: state.at, to: next.at });
      state = next;
    } catch (error) {
      if (!(error instanceof PlanlineError)) throw error;
      return { state, moments, fault: error.message };
    }
  }
  return { state, moments, fault: null };
}

/** The moments of the run under way or last ended, from the flag that led to it. */
export function ofLastRun(moments: readonly Moment[]): readonly Moment[] {
  const started = moments.findLastIndex(({ event }) => event.type === 'run.started');
  const before = moments.slice(0, Math.max(0, started));
  const flagged = before.findLastIndex(({ event }) => event.type === 'lead.flagged');
  return moments.slice(Math.max(0, flagged));
}
