/** Runs cells of the crash matrix and says of each what was found. */
import { rm } from 'node:fs/promises';
import type { Place } from '../planline.ts';
import { keyOf, type Cell } from './cells.ts';
import {
  diskProblems,
  pageProblems,
  streamProblems,
  tellingProblems,
  witnessProblems,
  type Allowance,
} from './checks.ts';
import { verifyProblems } from './verdict.ts';
import { crashAt, damageLog, recover } from './kill.ts';
import { announcedRequests, leadRecord, unfinished, type LeadRecord } from './records.ts';
import { calm } from './moods.ts';
import type { Site } from './site.ts';

/** `same`: the same machine starts again. `other`: another one, whose disk is empty, takes over. */
export type Recovery = 'same' | 'other';

export interface CellResult {
  readonly cell: Cell;
  readonly recovery: Recovery;
  readonly problems: readonly string[];
  /** Prompts that the provider answered twice, as nobody here knew that it had the first. */
  readonly askedAgain: number;
}

interface Victim {
  readonly cell: Cell;
  readonly leadId: string;
}

/** Between the sending and the record of the id that the provider gave, nobody can know. */
const UNKNOWABLE = new Set(['prompt_taken', 'append_sending', 'append_sent']);

function allowanceOf({ point, scenario }: Cell): Allowance {
  return {
    blockCount: Number(scenario.env['BLOCK_COUNT'] ?? 1),
    askedAgain: UNKNOWABLE.has(point) || ['again', 'blind'].includes(scenario.name),
    blind: scenario.env['OPENAI_API'] === 'chat',
    told: scenario.env['SLACK_WEBHOOK_URL'] !== '',
    toldAgain: point === 'notification_sent' || point === 'notification_taken',
    failures: scenario.name === 'failing',
    zipsAside: false,
    logsAside: scenario.meanwhile !== 'nothing',
  };
}

async function killOnce(site: Site, place: Place, cell: Cell): Promise<Victim> {
  const { scenario } = cell;
  const leadId = await site.addLead();
  site.feel(scenario.mood(cell.phase));
  const treatment = scenario.treatment(cell);
  site.gateway.meet(
    treatment === null
      ? null
      : ({ path, body }) => (path.endsWith('/rpc/planline_append') ? treatment(body) : null),
  );
  for (const kill of scenario.before(cell)) {
    await crashAt(place, scenario.command, kill);
    if (scenario.meanwhile !== 'nothing') await damageLog(place, leadId, scenario.meanwhile);
  }
  await crashAt(place, scenario.command, scenario.at(cell));
  site.gateway.meet(null);
  await site.putAside([leadId]);
  return { cell, leadId };
}

async function judge(
  site: Site,
  { cell, leadId }: Victim,
  record: LeadRecord,
  machine: Place,
  isHere: boolean,
  recovery: Recovery,
  verified: ReadonlyMap<string, readonly string[]>,
): Promise<CellResult> {
  const allowed = allowanceOf(cell);
  const witnessed = witnessProblems(record, site.chat.requests(), allowed);
  return {
    cell,
    recovery,
    askedAgain: witnessed.askedAgain,
    problems: [
      ...streamProblems(record, allowed),
      ...pageProblems(record, allowed),
      ...witnessed.problems,
      ...(allowed.told ? tellingProblems(leadId, site.webhook, allowed) : []),
      ...(isHere ? await diskProblems(record, machine.cwd, allowed) : []),
      ...(verified.get(leadId) ?? ['verify does not know the lead']),
    ],
  };
}

/** Notes of one cell whose kill did not come about. */
function failed(cell: Cell, recovery: Recovery, error: unknown): CellResult {
  const problem = error instanceof Error ? error.message : String(error);
  return { cell, recovery, problems: [problem], askedAgain: 0 };
}

/**
 * Cells of one environment. Each has a lead of its own, that no other process touches until all of the batch were killed;
 * then one daemon takes all of them to their end.
 */
export async function runBatch(
  site: Site,
  cells: readonly Cell[],
  recovery: Recovery,
): Promise<CellResult[]> {
  const env = cells[0]?.scenario.env ?? {};
  const machine = await site.machine(env, { behindGateway: true });
  const results: CellResult[] = [];
  const victims: Victim[] = [];
  for (const cell of cells) {
    try {
      victims.push(await killOnce(site, machine, cell));
    } catch (error) {
      results.push(failed(cell, recovery, error));
    }
  }
  site.feel(calm());
  const leadIds = victims.map(({ leadId }) => leadId);
  await site.callBack(leadIds);
  // By now an append that was on its way when its daemon died has come to the database as well.
  const open = await unfinished(site.database.sql, leadIds);
  const left = new Set(open.map(({ id }) => id));
  if (recovery === 'other') await rm(machine.cwd, { recursive: true });
  const rescuer = recovery === 'same' ? machine : await site.machine(env);
  const quiet = await recover(site, rescuer, leadIds);
  const verified = await verifyProblems(rescuer, leadIds);
  const records = new Map<string, LeadRecord>();
  for (const id of leadIds) records.set(id, await leadRecord(site.database.sql, id));
  for (const victim of victims) {
    const record = records.get(victim.leadId);
    if (record === undefined) throw new Error('a lead was not read');
    const isHere = recovery === 'same' || left.has(victim.leadId);
    const judged = await judge(site, victim, record, rescuer, isHere, recovery, verified);
    const { problems, ...result } = judged;
    results.push({ ...result, problems: [...problems, ...quiet] });
  }
  return results;
}

/** A batch shares one machine, so its cells have one environment and one command. */
export function batchesOf(cells: readonly Cell[], size: number): Cell[][] {
  const batches: Cell[][] = [];
  const machineOf = ({ scenario }: Cell): string =>
    JSON.stringify([scenario.command, scenario.env]);
  for (const group of Map.groupBy(cells, machineOf).values()) {
    for (let from = 0; from < group.length; from += size) {
      batches.push(group.slice(from, from + size));
    }
  }
  return batches;
}

/** What reached the chat server without having been announced in a stream: there must be none. */
export async function unannounced({ chat, database }: Site): Promise<string[]> {
  const announced = await announcedRequests(database.sql);
  return chat
    .requests()
    .filter(({ requestId }) => requestId === null || !announced.has(requestId))
    .map(({ requestId, order }) => `request ${order} (${requestId ?? 'no id'})`);
}

export function describeCell({ cell, recovery }: CellResult): string {
  return `${cell.scenario.name} ${keyOf(cell)} (${recovery})`;
}
