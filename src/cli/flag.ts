import { Command } from 'commander';
import { withExample } from './example.ts';
import { withDatabase } from './session.ts';

export function flagCommand(): Command {
  const command = new Command('flag').argument('<id...>', 'ids of leads').action((ids: string[]) =>
    withDatabase(async ({ database }) => {
      for (const id of ids) {
        await database.directory.flag(id);
        process.stdout.write(`${id} flagged\n`);
      }
    }),
  );
  return withExample(command, 'planline flag 6f9619ff-8b86-4d01-b42d-00cf4fc964ff');
}
