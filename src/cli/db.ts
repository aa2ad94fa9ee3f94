import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { migrationsDir } from '../package-root.ts';
import { withExample } from './example.ts';

/** All migrations as one text; one transaction, so that a failure leaves nothing half-made. */
async function allMigrations(): Promise<string> {
  const names = (await readdir(migrationsDir)).filter((name) => name.endsWith('.sql')).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(migrationsDir, name), 'utf8')));
  const parts = texts.map((text, index) => `-- ${names[index] ?? ''}\n\n${text.trim()}\n`);
  return `begin;\n\n${parts.join('\n')}\ncommit;\n`;
}

export function dbCommand(): Command {
  const sql = withExample(
    new Command('sql')
      .description('print all migrations as one SQL text, to paste into the SQL editor of Supabase')
      .action(async () => {
        process.stdout.write(await allMigrations());
      }),
    'planline db sql > planline.sql',
  );
  return new Command('db').description('the database schema').addCommand(sql);
}
