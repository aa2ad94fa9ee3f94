/** What the database, events.jsonl and the row hold of one lead at one moment. */
import { fold, type LeadState } from '../../../machines/fold.ts';
import { isPlanlineError, messageOf, PlanlineError } from '../../core/errors.ts';
import type { StoredEnvelope, StoredEvent } from '../../core/events.ts';
import { upcast } from '../../core/upcast.ts';
import type {
  ArtifactStore,
  EventStore,
  LeadDirectory,
  LeadFiles,
  LeadRow,
  RecoveryStore,
  StoredArtifact,
  StoredStream,
} from '../../ports.ts';

export interface VerifyPorts {
  readonly store: EventStore;
  readonly directory: LeadDirectory;
  readonly artifacts: ArtifactStore;
  readonly recovery: Pick<RecoveryStore, 'stream' | 'artifacts'>;
  /** Whose machine this is; told by name only when it is known. */
  readonly daemon?: string;
  /** Does a process of this home work on leads just now? None does when left out. */
  readonly isWorking?: () => Promise<boolean>;
}

/** One copy of the stream. */
export interface Side extends StoredStream {
  /** For messages. */
  readonly name: string;
  /** Null when the events cannot be folded; `foldProblem` says why. */
  readonly state: LeadState | null;
  readonly foldProblem: string | null;
  /** Why the file cannot be read at all. */
  readonly damage: string | null;
}

/** events.jsonl. */
export interface LogSide extends Side {
  /** What follows its last whole line is none. */
  readonly isTorn: boolean;
}

export interface Sides {
  readonly database: Side;
  readonly disk: LogSide;
  /** What looks torn may be a line of a process that works: it was still there when read again. */
  readonly mayBeWritten: boolean;
  readonly row: LeadRow | null;
  /** As the database has them. */
  readonly stored: readonly StoredArtifact[];
  readonly pages: readonly Readonly<Record<string, unknown>>[];
}

export function sideOf(name: string, stream: StoredStream, damage: string | null = null): Side {
  try {
    const state = fold(stream.events);
    return { ...stream, name, damage, state, foldProblem: null };
  } catch (error) {
    return { ...stream, name, damage, state: null, foldProblem: messageOf(error) };
  }
}

/** Only looked at: the file is evidence, and a process that works on the lead may be writing it. */
export async function viewLog(files: LeadFiles): Promise<LogSide> {
  const name = 'events.jsonl';
  try {
    const { events, isTorn } = await files.viewEvents();
    return { ...sideOf(name, { events, unreadable: [] }), isTorn };
  } catch (error) {
    if (!isPlanlineError(error, 'corrupt')) throw error;
    return { ...sideOf(name, { events: [], unreadable: [] }, error.message), isTorn: false };
  }
}

function endOf({ events, unreadable }: StoredStream): number {
  return Math.max(0, ...[...events, ...unreadable].map(({ seq }) => seq));
}

/** A daemon appends every few milliseconds at most: it is met in a quiet moment before long. */
const MAX_READS = 20;

/**
 * A stream that grows while it is looked at would seem to contradict its row: it is read again. So is a
 * line that may be half-written.
 */
export async function readSides(leadId: string, ports: VerifyPorts): Promise<Sides> {
  for (let reads = 1; reads <= MAX_READS; reads += 1) {
    const database = await ports.recovery.stream(leadId);
    const row = await ports.directory.get(leadId);
    const stored = await ports.recovery.artifacts(leadId);
    const pages = await ports.store.pages(leadId);
    const disk = await viewLog(ports.artifacts.lead(leadId));
    if ((await ports.store.read(leadId, endOf(database))).length > 0) continue;
    const isWorking = disk.isTorn && ((await ports.isWorking?.()) ?? false);
    if (isWorking && reads < MAX_READS) continue;
    // What is added to the log of a lead at rest is added in an instant.
    const mayBeWritten = isWorking && row !== null && row.claimed_by !== null;
    return { database: sideOf('the database', database), disk, mayBeWritten, row, stored, pages };
  }
  throw new PlanlineError(
    'unavailable',
    `The stream of lead ${leadId} grows faster than it can be read. Try again, or stop its daemon first.`,
  );
}

/** Events that say what they are; those that do not are told of elsewhere. */
export function readableEvents(events: readonly StoredEnvelope[]): StoredEvent[] {
  return events.flatMap((event) => {
    try {
      return [upcast(event)];
    } catch (error) {
      if (isPlanlineError(error, 'corrupt')) return [];
      throw error;
    }
  });
}
