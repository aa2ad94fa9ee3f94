/** The two copies of a stream: each whole in itself, and both the same. */
import type { LeadState } from '../../../machines/fold.ts';
import { differingFields } from '../../core/compare-streams.ts';
import type { StoredEnvelope } from '../../core/events.ts';
import { findChainFault, sha256Hex } from '../../core/hash-chain.ts';
import { NOTHING, problem, together, type Findings } from './findings.ts';
import { sideOf, type Side } from './sides.ts';

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

/** Not by a daemon: such events reach events.jsonl when the lead is run next. */
export function isByOthers({ actor }: StoredEnvelope): boolean {
  return actor === 'outbox' || actor === 'rebuild' || actor.startsWith('hand:');
}

/**
 * The database without its end, when disk lacks only that end and no daemon wrote it: what people and
 * the outbox append while nobody runs a lead reaches events.jsonl when it is run next.
 */
function asFarAsCopied(database: Side, disk: Side): Side {
  const end = disk.events.at(-1)?.seq ?? 0;
  const beyond = database.events.filter(({ seq }) => seq > end);
  if (beyond.length === 0 || !beyond.every(isByOthers)) return database;
  const events = database.events.filter(({ seq }) => seq <= end);
  return sideOf(database.name, { ...database, events });
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

export function streamFindings(database: Side, disk: Side): Findings {
  const own = together([sideFindings(database), sideFindings(disk)]);
  // A machine that never worked on this lead has no log of it, which is no disagreement.
  if (disk.events.length === 0) return own;
  const copied = asFarAsCopied(database, disk);
  return together([
    own,
    differenceFindings(copied, disk),
    foldsDiffer(copied, disk) ? problem('the two streams fold to different states') : NOTHING,
  ]);
}
