import { Command } from 'commander';
import { PlanlineError } from '../core/errors.ts';
import type { ArtifactStore, LeadDirectory } from '../ports.ts';
import { verifyLead, type Verification } from '../shell/verify.ts';
import { openArtifacts } from '../wire.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { withDatabase } from './session.ts';

/** Leads of the table, and those that only the disk knows. */
async function everyLead(directory: LeadDirectory, artifacts: ArtifactStore): Promise<Set<string>> {
  const ids = new Set(await artifacts.leadIds());
  for await (const id of directory.ids()) ids.add(id);
  return ids;
}

function lineOf({ leadId, seq, hash, status, problems }: Verification): string {
  if (problems.length > 0)
    return `${leadId}  differs\n${problems.map((text) => `    ${text}`).join('\n')}`;
  return `${leadId}  ok  ${seq} events, ${status ?? 'no status'}, ${hash.slice(0, 12)}`;
}

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('check hash chains, and that database, events.jsonl and row agree')
    .argument('[id]', 'id of a lead; all leads when left out')
    .option('--json', 'as a JSON array')
    .action((id: string | undefined, options: { json?: true }) =>
      withDatabase(async ({ config, log, database: { store, directory } }) => {
        const artifacts = openArtifacts(config, log);
        const ids = id === undefined ? await everyLead(directory, artifacts) : [id];
        const results: Verification[] = [];
        for (const leadId of ids) {
          const result = await verifyLead(leadId, { store, directory, artifacts });
          if (result.seq > 0 || result.problems.length > 0) results.push(result);
          if (options.json !== true && result.seq + result.problems.length > 0) {
            process.stdout.write(`${lineOf(result)}\n`);
          }
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
