/** Two copies of one stream: what each has that the other lacks, and where they part. */
import type { StoredEnvelope } from './events.ts';
import { sameJson } from './same-json.ts';

export interface Comparison {
  /** The first seq that each has otherwise; null when one goes on from the other. */
  readonly forkSeq: number | null;
  /** What either has, in order; up to the fork where there is one. */
  readonly whole: readonly StoredEnvelope[];
  /** What only the disk has; from the fork on, all that it has. */
  readonly databaseLacks: readonly StoredEnvelope[];
  readonly diskLacks: readonly StoredEnvelope[];
}

/** Names of the fields in which two events differ. */
export function differingFields(one: StoredEnvelope, other: StoredEnvelope): string[] {
  const fields = new Map(Object.entries(other));
  return Object.entries(one)
    .filter(([name, value]) => !sameJson(value, fields.get(name)))
    .map(([name]) => name);
}

type BySeq = ReadonlyMap<number, StoredEnvelope>;

function bySeq(events: readonly StoredEnvelope[]): BySeq {
  return new Map(events.map((event) => [event.seq, event]));
}

/** Events of one copy that the other has otherwise or not at all, from `fromSeq` on. */
function lacking(has: BySeq, lacks: BySeq, fromSeq: number | null): StoredEnvelope[] {
  return [...has.values()].filter(
    ({ seq }) => !lacks.has(seq) || (fromSeq !== null && seq >= fromSeq),
  );
}

/** Each copy is in order; events may be missing from it. */
export function compareStreams(
  database: readonly StoredEnvelope[],
  disk: readonly StoredEnvelope[],
): Comparison {
  const [here, there] = [bySeq(database), bySeq(disk)];
  const parted = [...here.values()].find((event) => {
    const other = there.get(event.seq);
    return other !== undefined && differingFields(event, other).length > 0;
  });
  const forkSeq = parted?.seq ?? null;
  const whole = [...new Map([...here, ...there]).values()]
    .filter(({ seq }) => forkSeq === null || seq < forkSeq)
    .toSorted((a, b) => a.seq - b.seq);
  return {
    forkSeq,
    whole,
    databaseLacks: lacking(there, here, forkSeq),
    diskLacks: lacking(here, there, forkSeq),
  };
}
