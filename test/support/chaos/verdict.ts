/** Everything that must hold of leads after a disturbance, in one call. */
import { z } from 'zod';
import { run, type Place } from '../planline.ts';
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

const verification = z.array(z.object({ leadId: z.string(), problems: z.array(z.string()) }));

/** What `planline verify` finds on a machine, by lead. */
export async function verifyProblems(
  machine: Place,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await run(machine, 'verify', '--json');
  const results = verification.parse(JSON.parse(stdout));
  return new Map(results.map(({ leadId, problems }) => [leadId, problems]));
}

/** Nothing may be asked or told again, and nothing may have failed. */
export const UNDISTURBED: Allowance = {
  blockCount: 1,
  askedAgain: false,
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
  const verified = await verifyProblems(machine);
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
