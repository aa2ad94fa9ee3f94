/** Runs cells of the crash matrix and says of each what was found. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment, Place } from '../planline.ts';
import { keyOf, type Cell } from './cells.ts';
import { isUnknowable, type Chain } from './chains.ts';
import {
  diskProblems,
  leftLog,
  leftLogProblems,
  pageProblems,
  streamProblems,
  summaryProblems,
  tellingProblems,
  witnessProblems,
  type Allowance,
  type LeftLog,
} from './checks.ts';
import { verifyProblems } from './verdict.ts';
import { crashAt, damageLog, recover } from './kill.ts';
import { announcedRequests, leadRecord, unfinished, type LeadRecord } from './records.ts';
import { calm } from './moods.ts';
import type { Site } from './site.ts';

/** After each cell, `same`: the same machine starts again. `other`: another one, whose disk is empty, takes over. */
export type Recovery = 'same' | 'other';

export interface CellResult {
  readonly cell: Cell;
  readonly recovery: Recovery;
  readonly problems: readonly string[];
  /** Prompts that the provider answered twice, as nobody here knew that it had the first. */
  readonly askedAgain: number;
}

/** A lead that was killed at each cell of a chain. */
interface Victim {
  readonly chain: Chain;
  readonly leadId: string;
  readonly logs: readonly LeftLog[];
}

function allowanceOf([cell]: Chain): Allowance {
  const { point, scenario } = cell;
  return {
    blockCount: Number(scenario.env['BLOCK_COUNT'] ?? 1),
    askedAgain: isUnknowable(cell) || ['again', 'blind'].includes(scenario.name),
    blind: scenario.env['OPENAI_API'] === 'chat',
    told: scenario.env['SLACK_WEBHOOK_URL'] !== '',
    toldAgain: point === 'notification_sent' || point === 'notification_taken',
    failures: scenario.name === 'failing',
    zipsAside: false,
    logsAside: scenario.meanwhile !== 'nothing',
  };
}

const newMachine = (site: Site, env: Environment): Promise<Place> =>
  site.machine(env, { behindGateway: true });

async function killAt(site: Site, place: Place, cell: Cell, leadId: string): Promise<void> {
  const { scenario } = cell;
  site.feel(scenario.mood(cell.phase));
  const treatment = scenario.treatment(cell);
  site.gateway.meet(
    treatment === null
      ? null
      : ({ path, body }) => (path.endsWith('/rpc/planline_append') ? treatment(body) : null),
  );
  try {
    for (const kill of scenario.before(cell)) {
      await crashAt(place, scenario.command, kill);
      if (scenario.meanwhile !== 'nothing') await damageLog(place, leadId, scenario.meanwhile);
    }
    await crashAt(place, scenario.command, scenario.at(cell));
  } finally {
    site.gateway.meet(null);
  }
}

/**
 * Each kill is on the machine that is shared, or on a new one whose disk is lost with it. No other process
 * touches the lead until all of the batch were killed.
 */
async function killAll(
  site: Site,
  shared: Place | null,
  chain: Chain,
  leadId: string,
): Promise<Victim> {
  const logs: LeftLog[] = [];
  try {
    for (const cell of chain) {
      const machine = shared ?? (await newMachine(site, cell.scenario.env));
      await killAt(site, machine, cell, leadId);
      const log = await leftLog(join(machine.cwd, 'runs', leadId), keyOf(cell));
      if (log !== null && cell.scenario.meanwhile === 'nothing') logs.push(log);
      if (shared === null) await rm(machine.cwd, { recursive: true });
    }
  } finally {
    await site.putAside([leadId]);
  }
  return { chain, leadId, logs };
}

const isOf = ({ phase }: Cell, prompt: string): boolean => prompt.startsWith(`${phase}/`);

/** A prompt may be asked again in the phase of a kill, and in no other. */
function elsewhere(chain: Chain, askedAgain: readonly string[]): string[] {
  if (chain.length === 1) return [];
  return askedAgain
    .filter((prompt) => !chain.some((cell) => isOf(cell, prompt)))
    .map((prompt) => `${prompt} was asked again, and nobody was killed there`);
}

/** Which of the kills did it is not known: all of them are named. */
function named(chain: Chain, problem: string): string {
  return chain.length === 1 ? problem : `${problem} (killed at ${chain.map(keyOf).join(', ')})`;
}

async function judge(
  site: Site,
  { chain, leadId, logs }: Victim,
  record: LeadRecord,
  machine: Place,
  isHere: boolean,
  verified: ReadonlyMap<string, readonly string[]>,
): Promise<Omit<CellResult, 'recovery'>[]> {
  const allowed = allowanceOf(chain);
  const witnessed = witnessProblems(record, site.chat.requests(), allowed);
  const problems = [
    ...streamProblems(record, allowed),
    ...pageProblems(record, allowed),
    ...witnessed.problems,
    ...elsewhere(chain, witnessed.askedAgain),
    ...leftLogProblems(record, logs),
    ...(allowed.told ? tellingProblems(leadId, site.webhook, allowed) : []),
    ...(chain[0].scenario.name === 'sweeping' ? summaryProblems(site.webhook) : []),
    ...(isHere ? await diskProblems(record, machine.cwd, allowed) : []),
    ...(verified.get(leadId) ?? ['verify does not know the lead']),
  ];
  return chain.map((cell) => ({
    cell,
    problems: problems.map((problem) => named(chain, problem)),
    askedAgain: witnessed.askedAgain.filter((prompt) => chain.length === 1 || isOf(cell, prompt))
      .length,
  }));
}

/** Red cells, all for one reason. */
function failed(chain: Chain, recovery: Recovery, error: unknown): CellResult[] {
  const problem = error instanceof Error ? error.message : String(error);
  return chain.map((cell) => ({
    cell,
    recovery,
    problems: [named(chain, problem)],
    askedAgain: 0,
  }));
}

/** Of leads that went wrong; what is left of them is no concern of the sweeps to come. */
async function givenUp(site: Site, leadIds: readonly string[], error: unknown): Promise<unknown> {
  try {
    await site.giveUp(leadIds);
    return error;
  } catch (another) {
    return new AggregateError([error, another], `${String(error)}; then ${String(another)}`);
  }
}

async function attempt(
  site: Site,
  shared: Place | null,
  chain: Chain,
): Promise<Victim | { readonly error: unknown }> {
  const leadId = await site.addLead();
  try {
    return await killAll(site, shared, chain, leadId);
  } catch (error) {
    return { error: await givenUp(site, [leadId], error) };
  }
}

/** One daemon takes all of them to their end. */
async function rescue(
  site: Site,
  victims: readonly Victim[],
  shared: Place | null,
  recovery: Recovery,
): Promise<CellResult[]> {
  const [first] = victims;
  if (first === undefined) return [];
  const results: CellResult[] = [];
  site.feel(calm());
  const leadIds = victims.map(({ leadId }) => leadId);
  await site.callBack(leadIds);
  // By now an append that was on its way when its daemon died has come to the database as well.
  const open = await unfinished(site.database.sql, leadIds);
  const left = new Set(open.map(({ id }) => id));
  const rescuer = shared ?? (await site.machine(first.chain[0].scenario.env));
  const quiet = await recover(site, rescuer, leadIds);
  const verified = await verifyProblems(rescuer, leadIds);
  for (const victim of victims) {
    const record = await leadRecord(site.database.sql, victim.leadId);
    const isHere = recovery === 'same' || left.has(victim.leadId);
    for (const found of await judge(site, victim, record, rescuer, isHere, verified)) {
      results.push({ ...found, recovery, problems: [...found.problems, ...quiet] });
    }
  }
  return results;
}

/** Chains of one environment; each has a lead of its own. */
export async function runBatch(
  site: Site,
  chains: readonly Chain[],
  recovery: Recovery,
): Promise<CellResult[]> {
  const shared =
    recovery === 'same' ? await newMachine(site, chains[0]?.[0].scenario.env ?? {}) : null;
  const results: CellResult[] = [];
  const victims: Victim[] = [];
  for (const chain of chains) {
    const found = await attempt(site, shared, chain);
    if ('error' in found) results.push(...failed(chain, recovery, found.error));
    else victims.push(found);
  }
  try {
    results.push(...(await rescue(site, victims, shared, recovery)));
  } catch (error) {
    const leadIds = victims.map(({ leadId }) => leadId);
    const why = await givenUp(site, leadIds, error);
    results.push(...victims.flatMap(({ chain }) => failed(chain, recovery, why)));
  }
  return results;
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
