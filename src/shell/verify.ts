/** Do the database, events.jsonl and the row tell the same? */
import { fold, type LeadState } from '../../machines/fold.ts';
import { messageOf } from '../core/errors.ts';
import type { StoredEnvelope } from '../core/events.ts';
import { findChainFault, sha256Hex } from '../core/hash-chain.ts';
import type { ArtifactStore, EventStore, LeadDirectory, LeadRow } from '../ports.ts';

export interface Verification {
  readonly leadId: string;
  readonly seq: number;
  readonly hash: string;
  readonly status: string | null;
  /** Empty when all agree. */
  readonly problems: readonly string[];
}

interface Side {
  readonly name: string;
  readonly events: readonly StoredEnvelope[];
}

function chainProblems({ name, events }: Side): string[] {
  const fault = findChainFault(events);
  return fault === null ? [] : [`${name}, seq ${fault.seq}: ${fault.problem}`];
}

function foldSide(side: Side): { state: LeadState | null; problems: string[] } {
  try {
    return { state: fold(side.events), problems: [] };
  } catch (error) {
    return { state: null, problems: [`${side.name}: ${messageOf(error)}`] };
  }
}

/**
 * The database without its end, when disk lacks only that end and no daemon wrote it: what people and
 * the outbox append while nobody runs a lead reaches events.jsonl when it is run next.
 */
function asFarAsCopied(database: Side, disk: Side): Side {
  const beyond = database.events.slice(disk.events.length);
  const byOthers = beyond.every(({ actor }) => actor === 'outbox' || actor.startsWith('hand:'));
  return byOthers
    ? { ...database, events: database.events.slice(0, disk.events.length) }
    : database;
}

/** The first event that one side has otherwise than the other, or only one has. */
function difference(database: Side, disk: Side): string[] {
  const length = Math.max(database.events.length, disk.events.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [database.events[index], disk.events[index]];
    if (left?.hash === right?.hash) continue;
    if (right === undefined)
      return [`seq ${index + 1} is in ${database.name} but not in ${disk.name}`];
    if (left === undefined)
      return [`seq ${index + 1} is in ${disk.name} but not in ${database.name}`];
    return [`seq ${index + 1} (${left.type}) differs between ${database.name} and ${disk.name}`];
  }
  return [];
}

/** Compared by what was folded, not by text: the order of keys is no difference. */
function foldHash(state: LeadState): string {
  return sha256Hex(
    JSON.stringify(state, (_key, value: unknown) => (value instanceof Map ? [...value] : value)),
  );
}

function rowProblems(row: LeadRow | null, state: LeadState | null): string[] {
  if (state === null || state.seq === 0) return [];
  if (row === null) return state.at === 'idle' ? [] : ['the row is not in junior_leads'];
  return row.status === state.status
    ? []
    : [`the row says "${row.status ?? ''}", its events say "${state.status ?? ''}"`];
}

export async function verifyLead(
  leadId: string,
  ports: { store: EventStore; directory: LeadDirectory; artifacts: ArtifactStore },
): Promise<Verification> {
  const database: Side = { name: 'the database', events: await ports.store.read(leadId, 0) };
  const disk: Side = {
    name: 'events.jsonl',
    events: await ports.artifacts.lead(leadId).readEvents(),
  };
  const folded = foldSide(database);
  // A machine that never worked on this lead has no log of it, which is no disagreement.
  const isLogged = disk.events.length > 0;
  const copied = isLogged ? asFarAsCopied(database, disk) : database;
  const logged = isLogged ? foldSide(disk) : folded;
  const comparable = copied === database ? folded : foldSide(copied);
  const foldsDiffer =
    comparable.state !== null &&
    logged.state !== null &&
    foldHash(comparable.state) !== foldHash(logged.state);
  return {
    leadId,
    seq: folded.state?.seq ?? database.events.length,
    hash: folded.state?.hash ?? '',
    status: folded.state?.status ?? null,
    problems: [
      ...chainProblems(database),
      ...chainProblems(disk),
      ...folded.problems,
      ...(isLogged ? [...logged.problems, ...difference(copied, disk)] : []),
      ...(foldsDiffer ? ['the two streams fold to different states'] : []),
      ...rowProblems(await ports.directory.get(leadId), folded.state),
    ],
  };
}
