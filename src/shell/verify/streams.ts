/** The two copies of a stream: each whole in itself, and both the same. */
import type { LeadState } from '../../../machines/fold.ts';
import { differingFields } from '../../core/compare-streams.ts';
import type { StoredEnvelope } from '../../core/events.ts';
import { findChainFault, sha256Hex } from '../../core/hash-chain.ts';
import { note, NOTHING, problem, together, type Findings } from './findings.ts';
import { sideOf, type Side, type Sides } from './sides.ts';

/** The chart's state and the statuses that the events name must be the same thing twice. */
function statusFindings({ name, state }: Side): Findings {
  if (state === null || state.seq === 0 || state.at === 'idle') return NOTHING;
  const [status] = state.at.split('.');
  if (status === state.status) return NOTHING;
  return problem(
    `${name}: its events name the status "${state.status ?? ''}", but lead to ${state.at}`,
  );
}

export function sideFindings(side: Side): Findings {
  const { name, events, unreadable, damage, foldProblem } = side;
  const fault = findChainFault(events);
  return together([
    damage === null ? NOTHING : problem(`${name}: ${damage}`),
    ...unreadable.map(({ seq, problem: what }) => problem(`${name}, seq ${seq}: ${what}`)),
    fault === null ? NOTHING : problem(`${name}, seq ${fault.seq}: ${fault.problem}`),
    foldProblem === null ? NOTHING : problem(`${name}: ${foldProblem}`),
    statusFindings(side),
  ]);
}

/** Told apart from damage: the whole lines before it can be built on. */
export function tornFindings(
  leadId: string,
  { disk, mayBeWritten }: Pick<Sides, 'disk' | 'mayBeWritten'>,
): Findings {
  if (!disk.isTorn) return NOTHING;
  const end = disk.events.at(-1)?.seq;
  const before = end === undefined ? 'no line before it' : `seq ${end}`;
  const what = `the last line of ${disk.name} is torn; whole up to ${before}`;
  if (mayBeWritten) {
    return note(
      `${what}: it may be written just now → stop the daemon, then planline verify ${leadId}`,
    );
  }
  return problem(
    `${what}: a crash left it so, or somebody changed it → planline rebuild --to disk ${leadId}, which keeps the torn end in a file`,
  );
}

/** Not by a daemon: such events reach events.jsonl when the lead is run next. */
export function isByOthers({ actor, type }: StoredEnvelope): boolean {
  if (type === 'lead.erased' || type === 'run.pruned') return true;
  return actor === 'outbox' || actor === 'rebuild' || actor.startsWith('hand:');
}

/** By which daemon's work the log ends; null when none is in it. */
function lastDaemon({ events }: Side): string | null {
  return events.findLast(({ type }) => type === 'lead.claimed')?.actor ?? null;
}

interface Copied {
  readonly copied: Side;
  /** By which daemon the lead was taken over where the log ends; null when it was not. */
  readonly takenOverBy: string | null;
}

/**
 * The database without its end, when disk lacks only that end and this machine did not write it: what
 * people and the outbox append while nobody runs a lead reaches events.jsonl when it is run next, and
 * what another machine appends once it took the lead over is in the log there.
 */
export function asFarAsCopied(database: Side, disk: Side): Copied {
  const end = disk.events.at(-1)?.seq ?? 0;
  const beyond = database.events.filter(({ seq }) => seq > end);
  const next = beyond.find((event) => !isByOthers(event));
  const isTakenOver = next?.type === 'lead.claimed' && next.actor !== lastDaemon(disk);
  if (beyond.length === 0 || (next !== undefined && !isTakenOver)) {
    return { copied: database, takenOverBy: null };
  }
  const events = database.events.filter(({ seq }) => seq <= end);
  return {
    copied: sideOf(database.name, { ...database, events }),
    takenOverBy: isTakenOver ? next.actor : null,
  };
}

/** The first event that one side has otherwise than the other, or only one has. */
function differenceFindings(database: Side, disk: Side): Findings {
  const [here, there] = [database, disk].map(
    ({ events }) => new Map(events.map((event) => [event.seq, event])),
  );
  const seqs = new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])]);
  for (const seq of [...seqs].toSorted((a, b) => a - b)) {
    const [left, right] = [here?.get(seq), there?.get(seq)];
    if (left === undefined || right === undefined) {
      const [has, lacks] = right === undefined ? [database, disk] : [disk, database];
      const { type } = left ?? right ?? { type: '' };
      return problem(`seq ${seq} (${type}) is in ${has.name} but not in ${lacks.name}`);
    }
    const fields = differingFields(left, right);
    if (fields.length === 0) continue;
    return problem(
      `seq ${seq} (${left.type}) differs between ${database.name} and ${disk.name}: ${fields.join(', ')}`,
    );
  }
  return NOTHING;
}

/** Compared by what was folded, not by text: the order of keys is no difference. */
function foldHash(state: LeadState): string {
  return sha256Hex(
    JSON.stringify(state, (_key, value: unknown) => (value instanceof Map ? [...value] : value)),
  );
}

function foldsDiffer(one: Side, other: Side): boolean {
  return (
    one.state !== null && other.state !== null && foldHash(one.state) !== foldHash(other.state)
  );
}

function behindFindings({ name, events }: Side, takenOverBy: string | null): Findings {
  if (takenOverBy === null) return NOTHING;
  const end = events.at(-1)?.seq ?? 0;
  return note(`${name} ends at seq ${end}, where ${takenOverBy} took the lead over`);
}

export function streamFindings(database: Side, disk: Side): Findings {
  const own = together([sideFindings(database), sideFindings(disk)]);
  // A machine that never worked on this lead has no log of it, which is no disagreement.
  if (disk.events.length === 0) return own;
  const { copied, takenOverBy } = asFarAsCopied(database, disk);
  return together([
    own,
    behindFindings(disk, takenOverBy),
    differenceFindings(copied, disk),
    foldsDiffer(copied, disk) ? problem('the two streams fold to different states') : NOTHING,
  ]);
}
