/** Everything that must hold of leads after a disturbance, in one call. */
import { parseConfig } from '../../../src/config.ts';
import { daemonId } from '../../../src/adapters/disk/daemon-id.ts';
import { verifyLead } from '../../../src/shell/verify.ts';
import { openArtifacts, openDatabase } from '../../../src/wire.ts';
import type { Place } from '../planline.ts';
import { recordingLog } from '../recording-log.ts';
import {
  diskProblems,
  pageProblems,
  streamProblems,
  tellingProblems,
  witnessProblems,
  type Allowance,
} from './checks.ts';
import { leadRecord } from './records.ts';
import type { Site } from './site.ts';

/**
 * What `planline verify` finds of these leads on a machine: the same code on the same settings, without
 * a process for each lead or a look at all the others.
 */
export async function verifyProblems(
  { cwd, env }: Place,
  leadIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const config = parseConfig(env, cwd);
  const log = recordingLog();
  const database = await openDatabase(config, log);
  const daemon = await daemonId(config.home);
  const ports = { ...database, artifacts: openArtifacts(config, log), daemon };
  const problems = new Map<string, readonly string[]>();
  try {
    for (const id of leadIds) problems.set(id, (await verifyLead(id, ports)).problems);
  } finally {
    await database.close();
  }
  return problems;
}

/** Nothing may be asked or told again, and nothing may have failed. */
export const UNDISTURBED: Allowance = {
  blockCount: 1,
  askedAgain: false,
  blind: false,
  told: true,
  toldAgain: false,
  failures: false,
  zipsAside: false,
  logsAside: false,
};

/** What is wrong with leads that this machine has finished; empty when all is well. */
export async function problemsOf(
  site: Site,
  machine: Place,
  leadIds: readonly string[],
  allowed: Allowance = UNDISTURBED,
): Promise<string[]> {
  const verified = await verifyProblems(machine, leadIds);
  const problems: string[] = [];
  for (const leadId of leadIds) {
    const record = await leadRecord(site.database.sql, leadId);
    const found = [
      ...streamProblems(record, allowed),
      ...pageProblems(record, allowed),
      ...witnessProblems(record, site.chat.requests(), allowed).problems,
      ...(allowed.told ? tellingProblems(leadId, site.webhook, allowed) : []),
      ...(await diskProblems(record, machine.cwd, allowed)),
      ...(verified.get(leadId) ?? ['verify does not know the lead']),
    ];
    problems.push(...found.map((problem) => `${leadId}: ${problem}`));
  }
  return problems;
}
