import { Command } from 'commander';
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import type { RecoveryStore } from '../ports.ts';
import { verifyLead, type Verification } from '../shell/verify.ts';
import type { VerifyPorts } from '../shell/verify/sides.ts';
import { daemonOf, openArtifacts, workerOf } from '../wire.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { withDatabase } from './session.ts';

/** Leads of the table, streams without a row, and leads that only the disk knows. */
async function everyLead({
  directory,
  artifacts,
  recovery,
}: VerifyPorts & { readonly recovery: RecoveryStore }): Promise<Set<string>> {
  const ids = new Set(await artifacts.leadIds());
  for await (const id of directory.ids()) ids.add(id);
  for await (const id of recovery.streamIds()) ids.add(id);
  return ids;
}

/** Of all leads, one that cannot even be asked for (a folder whose name is no id) is told like the rest. */
async function verified(leadId: string, ports: VerifyPorts): Promise<Verification> {
  try {
    return await verifyLead(leadId, ports);
  } catch (error) {
    const isItsOwn = isPlanlineError(error, 'usage') || isPlanlineError(error, 'corrupt');
    if (!isItsOwn) throw error;
    return { leadId, seq: 0, hash: '', status: null, problems: [error.message], notes: [] };
  }
}

function lineOf({ leadId, seq, hash, status, problems, notes }: Verification): string {
  const head =
    problems.length > 0
      ? 'differs'
      : `ok  ${seq} events, ${status ?? 'no status'}, ${hash.slice(0, 12)}`;
  const below = [...problems, ...notes.map((text) => `note: ${text}`)];
  return [`${leadId}  ${head}`, ...below.map((text) => `    ${text}`)].join('\n');
}

function isWorthTelling({ seq, problems, notes }: Verification): boolean {
  return seq + problems.length + notes.length > 0;
}

export function verifyCommand(): Command {
  const command = new Command('verify')
    .argument('[id]', 'id of a lead; all leads when left out')
    .option('--json', 'as a JSON array')
    .action((id: string | undefined, options: { json?: true }) =>
      withDatabase(async ({ config, log, database }) => {
        const ports = {
          ...database,
          artifacts: openArtifacts(config, log),
          daemon: await daemonOf(config),
          isWorking: async () => (await workerOf(config)) !== null,
        };
        const ids = id === undefined ? await everyLead(ports) : [id];
        const results: Verification[] = [];
        for (const leadId of ids) {
          const result = await (id === undefined ? verified : verifyLead)(leadId, ports);
          if (!isWorthTelling(result)) continue;
          results.push(result);
          if (options.json !== true) process.stdout.write(`${lineOf(result)}\n`);
        }
        if (id !== undefined && results.length === 0) {
          throw new PlanlineError('usage', `Lead ${id} has no events, here or in the database.`);
        }
        if (options.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
        const differing = results.filter((result) => result.problems.length > 0).length;
        if (differing > 0) {
          process.stderr.write(`planline: ${differing} of ${results.length} leads differ.\n`);
          process.exitCode = EXIT.bad;
        }
      }),
    );
  return withExample(
    command,
    'planline verify',
    'planline verify 6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  );
}
