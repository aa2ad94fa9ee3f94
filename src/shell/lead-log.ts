/** events.jsonl as a run finds it: read, checked and folded, and confirmed by the database. */
import { fold, NEW_LEAD, type LeadState } from '../../machines/fold.ts';
import { isPlanlineError } from '../core/errors.ts';
import type { StoredEnvelope } from '../core/events.ts';
import { type ChainFault, findChainFault } from '../core/hash-chain.ts';
import type { CrashPoints, EventStore, LeadFiles, Log } from '../ports.ts';

export interface LeadLogDeps {
  readonly store: Pick<EventStore, 'readSome'>;
  readonly files: LeadFiles;
  readonly log: Log;
  readonly crash: CrashPoints;
}

/** What the log amounts to by itself. */
interface ReadLog {
  /** The chain holds up to here; the stream's beginning when there is no log. */
  readonly end: Pick<LeadState, 'seq' | 'hash'>;
  readonly fault: ChainFault | null;
  /** Throws what the chart refuses: it is told once the database has confirmed the log. */
  readonly state: () => LeadState;
}

/** Reads, checks and folds some events at a time: a log of any length takes little memory. */
async function readLog(files: LeadFiles): Promise<ReadLog> {
  let end: ReadLog['end'] = NEW_LEAD;
  let fault: ChainFault | null = null;
  let state = (): LeadState => NEW_LEAD;
  await files.scanEvents((events) => {
    fault ??= findChainFault(events, end);
    if (fault !== null) return;
    end = events.at(-1) ?? end;
    state = foldedOnto(state, events);
  });
  return { end, fault, state };
}

function foldedOnto(before: () => LeadState, events: readonly StoredEnvelope[]): () => LeadState {
  try {
    const after = fold(events, before());
    return () => after;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** The log as it can be read; one that cannot is set aside, as the database has all of it. */
async function readableLog(leadId: string, { files, log, crash }: LeadLogDeps): Promise<ReadLog> {
  try {
    return await readLog(files);
  } catch (error) {
    if (!isPlanlineError(error, 'corrupt')) throw error;
    const aside = await files.setEventsAside('damaged');
    crash.reached('log_set_aside');
    log.warn(
      { leadId, aside, reason: error.message },
      'events.jsonl is damaged; it is written anew',
    );
    return { end: NEW_LEAD, fault: null, state: () => NEW_LEAD };
  }
}

/**
 * The state of the log as the database confirms it; what it does not is set aside, never deleted, and
 * the lead begins anew.
 */
export async function confirmedState(leadId: string, deps: LeadLogDeps): Promise<LeadState> {
  const { files, store, log, crash } = deps;
  const { end, fault, state } = await readableLog(leadId, deps);
  if (fault === null && end.seq === 0) return NEW_LEAD;
  const there = fault === null ? await store.readSome(leadId, end.seq - 1) : null;
  if (there?.events[0]?.hash === end.hash) return state();
  const aside = await files.setEventsAside('differs');
  crash.reached('log_set_aside');
  log.warn(
    { leadId, seq: fault?.seq ?? end.seq, aside },
    'events.jsonl differs from the database; it was set aside and is written anew',
  );
  return NEW_LEAD;
}
