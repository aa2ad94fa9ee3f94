import { Command } from 'commander';
import { isPlanlineError } from '../core/errors.ts';
import type { LeadDirectory } from '../ports.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { outlookOf } from './leads/outlook.ts';
import { print } from './report.ts';
import { withDatabase } from './session.ts';

/** What became of it. Throws `usage` or `lead_moved` when there is no such lead. */
async function flagOne(directory: LeadDirectory, id: string): Promise<string> {
  const lead = await directory.get(id);
  if (lead?.status !== 'flagged') await directory.flag(id);
  return lead === null ? 'flagged' : outlookOf(lead);
}

/** One that cannot be flagged does not keep the others from it. Returns how many there were. */
async function flagEach(directory: LeadDirectory, ids: readonly string[]): Promise<number> {
  let refused = 0;
  for (const id of ids) {
    try {
      print(`${id}  ${await flagOne(directory, id)}`);
    } catch (error) {
      const isItsOwn = isPlanlineError(error, 'usage') || isPlanlineError(error, 'lead_moved');
      if (!isItsOwn || ids.length === 1) throw error;
      refused += 1;
      print(`${id}  not flagged: ${error.message}`);
    }
  }
  return refused;
}

export function flagCommand(): Command {
  const command = new Command('flag')
    .argument('<id...>', 'ids of leads')
    .action((given: string[]) =>
      withDatabase(async ({ database }) => {
        const ids = [...new Set(given)];
        const refused = await flagEach(database.directory, ids);
        if (refused === 0) return;
        process.stderr.write(`planline: ${refused} of ${ids.length} could not be flagged.\n`);
        process.exitCode = EXIT.bad;
      }),
    );
  return withExample(
    command,
    'planline flag 6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
    'planline flag 41 42 43',
  );
}
