/**
 * The stream of one lead while it is ours: folded state, appends in order, JSONL behind the database.
 * Appends that come while one is under way travel together in the next (group commit).
 */
import { accepts, fold, foldEvent, type LeadState } from '../../machines/fold.ts';
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import {
  EVENT_VERSION,
  type EventData,
  type EventType,
  type NewEvent,
  type StoredEnvelope,
  storedEnvelope,
} from '../core/events.ts';
import { nextOf } from '../core/deliveries.ts';
import { upcast } from '../core/upcast.ts';
import type {
  AppendRequest,
  Clock,
  CrashPoints,
  EventStore,
  LeadFiles,
  LeadPatch,
  Log,
  Random,
} from '../ports.ts';
import { confirmedState } from './lead-log.ts';

/** An event without what the stream itself adds. */
export type Fact = {
  [T in EventType]: {
    readonly type: T;
    readonly data: EventData<T>;
    readonly statusTo?: string;
    /** Of the run that the event begins or belongs to; the current run when left out. */
    readonly runId?: string;
  };
}[EventType];

const jsonRecord = storedEnvelope.shape.data;

interface Along extends Pick<AppendRequest, 'artifacts' | 'patch' | 'pages' | 'notifications'> {
  /** The facts were decided in this state of the chart, and hold in no other. */
  readonly onlyAt?: string;
}

interface Pending {
  readonly events: readonly NewEvent[];
  readonly along: Along;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface StreamDeps {
  readonly store: EventStore;
  readonly files: LeadFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crash: CrashPoints;
  readonly daemon: string;
}

export interface LeadStream {
  state(): LeadState;
  /**
   * Resolves once the facts are in the database and in events.jsonl. Throws `lead_moved` when a hand
   * edit made them impossible: `state()` then shows the lead as it is now. Throws `stale_lease`.
   */
  append(facts: readonly Fact[], along?: Along): Promise<void>;
  /** Reads what others appended. */
  refresh(): Promise<void>;
}

/** Later facts win: they were told after the earlier ones. */
function mergedPatch(along: readonly Along[]): LeadPatch {
  let patch: LeadPatch = {};
  for (const part of along) patch = { ...patch, ...part.patch };
  return patch;
}

/** Prompts that are saved by this very append count too. */
function withPromptsSaved(patch: LeadPatch, events: readonly NewEvent[]): LeadPatch {
  const { pipeline_progress: progress } = patch;
  if (progress === undefined) return patch;
  const saved = events.filter((event) => event.type === 'prompt.saved').length;
  return {
    ...patch,
    pipeline_progress: { ...progress, prompts_done: progress.prompts_done + saved },
  };
}

function refuseMoved(leadId: string, { at }: LeadState, batch: readonly Pending[]): never {
  const types = batch.flatMap((pending) => pending.events.map((event) => event.type));
  throw new PlanlineError(
    'lead_moved',
    `Lead ${leadId} is ${at} now: ${types.join(', ')} cannot follow.`,
  );
}

function gapAfter(leadId: string, seq: number): PlanlineError {
  return new PlanlineError(
    'corrupt',
    `The stream of lead ${leadId} has no event ${seq + 1}, but later ones. planline verify ${leadId} tells more, planline rebuild --to database ${leadId} fills it from the disk.`,
  );
}

export async function openStream(
  leadId: string,
  epoch: number,
  deps: StreamDeps,
): Promise<LeadStream> {
  const { store, files, clock, random, crash, daemon } = deps;
  let state = await confirmedState(leadId, deps);
  const queue: Pending[] = [];
  let flushing = false;
  /** Folded, and not in events.jsonl: the disk refused. They go there first, or it would have a gap. */
  let unwritten: readonly StoredEnvelope[] = [];

  /** True when the delivery had a gap: what lies between is still to be read. */
  async function take(events: readonly StoredEnvelope[]): Promise<boolean> {
    const { next: fresh, gap } = nextOf(state.seq, events);
    state = fold(fresh, state);
    unwritten = [...unwritten, ...fresh];
    if (unwritten.length > 0) {
      await files.appendEvents(unwritten);
      unwritten = [];
      crash.reached('log_written');
    }
    return gap;
  }

  const refresh = async (): Promise<void> => {
    for (let left: number | undefined; left !== 0;) {
      const part = await store.readSome(leadId, state.seq, left);
      if (await take(part.events)) throw gapAfter(leadId, state.seq);
      ({ left } = part);
    }
  };

  function toEvent(fact: Fact): NewEvent {
    const event = {
      event_id: random.uuid(),
      run_id: fact.runId ?? state.run?.runId ?? null,
      type: fact.type,
      v: EVENT_VERSION,
      data: fact.data,
      status_to: fact.statusTo ?? null,
      actor: daemon,
      occurred_at: new Date(clock.now()).toISOString(),
    };
    // Fact pairs type and data; TypeScript loses the pairing when the object is rebuilt.
    return event as NewEvent;
  }

  /** Would the chart take these events, one after the other, from where the lead stands now? */
  function acceptable(events: readonly NewEvent[]): boolean {
    let ahead = state;
    for (const event of events) {
      const seq = ahead.seq + 1;
      const stored = upcast({
        ...event,
        data: jsonRecord.parse(event.data),
        lead_id: leadId,
        seq,
        status_from: ahead.status,
        recorded_at: event.occurred_at,
        prev_hash: ahead.hash,
        hash: ahead.hash,
      });
      if (!accepts(ahead, stored)) return false;
      ahead = foldEvent(ahead, stored);
    }
    return true;
  }

  async function commit(batch: readonly Pending[]): Promise<void> {
    const events = batch.flatMap((pending) => pending.events);
    const along = batch.map((pending) => pending.along);
    const pages = along.findLast((part) => part.pages !== undefined)?.pages;
    for (;;) {
      const decidedElsewhere = along.some(({ onlyAt }) => (onlyAt ?? state.at) !== state.at);
      if (decidedElsewhere || !acceptable(events)) refuseMoved(leadId, state, batch);
      try {
        crash.reached('append_sending');
        const stored = await store.append({
          leadId,
          epoch,
          expectedSeq: state.seq,
          events,
          runId: events.findLast((event) => event.run_id !== null)?.run_id ?? null,
          artifacts: along.flatMap((part) => part.artifacts ?? []),
          patch: withPromptsSaved(mergedPatch(along), events),
          notifications: along.flatMap((part) => part.notifications ?? []),
          ...(pages === undefined ? {} : { pages }),
        });
        crash.reached('append_committed');
        // An append that was repeated after a lost answer may have been overtaken by others' events.
        if (await take(stored)) await refresh();
        return;
      } catch (error) {
        if (!isPlanlineError(error, 'stale_stream')) throw error;
        await refresh();
      }
    }
  }

  async function flush(): Promise<void> {
    if (flushing) return;
    flushing = true;
    try {
      while (queue.length > 0) {
        const batch = queue.splice(0);
        try {
          await commit(batch);
          for (const pending of batch) pending.resolve();
        } catch (error) {
          for (const pending of batch) pending.reject(error);
        }
      }
    } finally {
      flushing = false;
    }
  }

  await refresh();
  return {
    state: () => state,
    append: (facts, along = {}) =>
      new Promise<void>((resolve, reject) => {
        queue.push({ events: facts.map(toEvent), along, resolve, reject });
        void flush();
      }),
    refresh,
  };
}

/** No fencing token is 0: a stream that is only read appends nothing. */
const READ_ONLY = 0;

/**
 * Copies into events.jsonl what others appended while the lead rests. Nothing when this machine has
 * no log of the lead. Not while the lead is being run: the run copies by itself.
 */
export async function catchUp(leadId: string, deps: StreamDeps): Promise<void> {
  let isThere = false;
  await deps.files.scanEvents((events) => {
    isThere ||= events.length > 0;
  });
  if (isThere) await openStream(leadId, READ_ONLY, deps);
}
