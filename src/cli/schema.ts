import { Command } from 'commander';
import { pageJsonSchema } from '../core/page-schema.ts';
import { withExample } from './example.ts';

export function schemaCommand(): Command {
  const command = new Command('schema').action(() => {
    process.stdout.write(`${JSON.stringify(pageJsonSchema(), null, 2)}\n`);
  });
  return withExample(command, 'planline schema > page.schema.json');
}
