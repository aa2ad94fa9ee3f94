/**
 * Cells that share a lead. It is killed at one boundary of each phase in turn, each time by a process
 * that resumed after the kill before, and is judged once: a run is made for several kills, not for each.
 */
import { CRASH_PHASES, type CrashPhase, type CrashPoint } from '../../../src/core/crash-points.ts';
import type { Cell } from './cells.ts';

/** In the order of their phases, no two in one phase; of one scenario, and excused from the same. */
export type Chain = readonly [Cell, ...Cell[]];

/** Between the sending and the record of the id that the provider gave, nobody can know. */
const UNKNOWABLE: ReadonlySet<CrashPoint> = new Set([
  'prompt_taken',
  'append_sending',
  'append_sent',
]);

/** Whether a prompt may be asked again after a kill there. */
export const isUnknowable = ({ point }: Cell): boolean => UNKNOWABLE.has(point);

/**
 * At the start a machine is made, once. At the end the run is as good as over: what lies on a disk is
 * judged of each of these kills.
 */
const ALONE: ReadonlySet<CrashPhase> = new Set(['start', 'notify', 'rest', 'tell']);

/** Once in each step, who resumes also takes the run to its end. */
const runsOn = ({ point, nth }: Cell): boolean => point === 'append_committed' && nth === 1;

/** Those that were killed before, or whose log is damaged, are judged of that by themselves. */
function mayShare(cell: Cell): boolean {
  const { scenario } = cell;
  return (
    !ALONE.has(cell.phase) &&
    !runsOn(cell) &&
    scenario.before(cell).length === 0 &&
    scenario.meanwhile === 'nothing'
  );
}

const orderOf = ({ phase }: Cell): number => CRASH_PHASES.indexOf(phase);

/** The first boundary of each phase, then the second of each that has one, and so on. */
function chained(cells: readonly Cell[]): Chain[] {
  const phases = [...Map.groupBy(cells, orderOf)].toSorted(([a], [b]) => a - b);
  const longest = Math.max(0, ...phases.map(([, found]) => found.length));
  return Array.from({ length: longest }, (_, nth): readonly Cell[] =>
    phases.flatMap(([, found]) => found.slice(nth, nth + 1)),
  ).filter(isChain);
}

const isChain = (cells: readonly Cell[]): cells is Chain => cells.length > 0;

/** Every cell once; those that need a machine without a name or a note come first. */
export function chainsOf(cells: readonly Cell[]): Chain[] {
  const kinds = Map.groupBy(cells, (cell) => `${cell.scenario.name} ${String(isUnknowable(cell))}`);
  const isStart = ({ phase }: Cell): boolean => phase === 'start';
  const alone = (found: readonly Cell[]): Chain[] => found.map((cell): Chain => [cell]);
  return [...kinds.values()].flatMap((kind) =>
    alone(kind.filter(isStart)).concat(
      chained(kind.filter(mayShare)),
      alone(kind.filter((cell) => !isStart(cell) && !mayShare(cell))),
    ),
  );
}

/** Chains of a batch share one machine, so they have one environment and one command. */
export function batchesOf(chains: readonly Chain[], size: number): Chain[][] {
  const machineOf = ([{ scenario }]: Chain): string =>
    JSON.stringify([scenario.command, scenario.env]);
  return [...Map.groupBy(chains, machineOf).values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / size) }, (_, n) =>
      group.slice(n * size, (n + 1) * size),
    ),
  );
}
