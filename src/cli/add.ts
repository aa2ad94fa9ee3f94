import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { messageOf, PlanlineError } from '../core/errors.ts';
import { checkDescription } from '../steps/input-transform.ts';
import { withExample } from './example.ts';
import { withDatabase } from './session.ts';

async function readDescription(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new PlanlineError('usage', `The description cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const checked = checkDescription(text);
  if (!checked.ok) throw new PlanlineError('usage', `${path}: ${checked.error.reason}`);
  return text;
}

export function addCommand(): Command {
  const command = new Command('add')
    .requiredOption('--description-file <file>', 'what the client told you, as text')
    .option('--id <id>', 'an id of your own, of the type that the table has')
    .action(async (options: { descriptionFile: string; id?: string }) => {
      const description = await readDescription(options.descriptionFile);
      await withDatabase(async ({ database }) => {
        const { id } = options;
        const added = await database.directory.add({
          description,
          ...(id === undefined ? {} : { id }),
        });
        process.stdout.write(`${added}\n`);
      });
    });
  return withExample(command, 'planline add --description-file client.txt');
}
