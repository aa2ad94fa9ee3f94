import { styleText } from 'node:util';
import { Command } from 'commander';
import { PlanlineError } from '../core/errors.ts';
import { timesIn } from '../core/times.ts';
import type { LeadDirectory } from '../ports.ts';
import { readAccount, systemPorts } from '../wire.ts';
import { withExample } from './example.ts';
import { type LeadStatus, readLeads, statusOf } from './leads/lead-status.ts';
import { leadTable } from './leads/lead-table.ts';
import { accountLine, paintLead } from './leads/look.ts';
import { print, widthOf } from './report.ts';
import { withDatabase } from './session.ts';
import { wrapped } from './wrap.ts';

const LIST_LIMIT = 1_000;
const NO_LEADS = 'No leads yet. Add one: planline add --description-file client.txt';

async function oneLead(directory: LeadDirectory, id: string): Promise<LeadStatus> {
  const lead = await directory.get(id);
  if (lead === null) throw new PlanlineError('usage', `There is no lead ${id} in junior_leads.`);
  return statusOf(lead);
}

async function printAll(directory: LeadDirectory, account: string | null): Promise<void> {
  const leads = await readLeads(directory, { limit: LIST_LIMIT, atRest: true });
  const width = widthOf(process.stdout);
  if (account !== null) print(`${styleText('red', wrapped(account, width).join('\n'))}\n`);
  print(leads.length === 0 ? NO_LEADS : leadTable(leads, width, paintLead));
  const total = leads.length < LIST_LIMIT ? leads.length : await directory.count();
  if (total > leads.length) print(`\n… and ${total - leads.length} more, changed longer ago.`);
}

export function statusCommand(): Command {
  const command = new Command('status')
    .argument('[id]', 'id of a lead')
    .option('--json', 'as JSON: an object for one lead, an array for all')
    .action((id: string | undefined, options: { json?: true }) =>
      withDatabase(async ({ config, database: { directory } }) => {
        const isJson = options.json === true;
        const one = id === undefined ? null : await oneLead(directory, id);
        if (isJson) {
          const shown = one ?? (await readLeads(directory, { limit: LIST_LIMIT, atRest: true }));
          print(JSON.stringify(shown, null, 2));
        } else if (one !== null) {
          print(leadTable([one], widthOf(process.stdout), paintLead));
        } else {
          const state = (await readAccount(config))?.state ?? null;
          const times = timesIn(config.sweepTz);
          await printAll(directory, accountLine(state, systemPorts.clock.now(), times));
        }
      }),
    );
  return withExample(
    command,
    'planline status',
    'planline status 6f9619ff-8b86-4d01-b42d-00cf4fc964ff --json',
  );
}
