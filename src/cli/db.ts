import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { migrationsDir } from '../package-root.ts';
import { withExample } from './example.ts';

/** The supabase CLI's own record, so that it and a pasted text can carry on after each other. */
const RECORD = `create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
`;

/** A migration that is applied where it is not on record, and put on record. */
function applyOnce(file: string, sql: string): string {
  const version = file.slice(0, 14);
  const name = file.slice(15, -'.sql'.length);
  return `do $planline$
declare
  v_sql constant text := $migration$
${sql.trim()}
$migration$;
begin
  if exists (select from supabase_migrations.schema_migrations where version = '${version}') then
    raise notice '${file} was applied before; it is left as it is.';
    return;
  end if;
  execute v_sql;
  insert into supabase_migrations.schema_migrations (version, name, statements)
  values ('${version}', '${name}', array[v_sql]);
end
$planline$;
`;
}

/** All migrations as one text; one transaction, so that a failure leaves nothing half-made. */
async function allMigrations(): Promise<string> {
  const files = (await readdir(migrationsDir)).filter((file) => file.endsWith('.sql')).toSorted();
  const parts = await Promise.all(
    files.map(async (file) => applyOnce(file, await readFile(join(migrationsDir, file), 'utf8'))),
  );
  return `begin;\n\n${[RECORD, ...parts].join('\n')}\ncommit;\n`;
}

export function dbCommand(): Command {
  const sql = withExample(
    new Command('sql')
      .description(
        'print the schema as one SQL text, to paste into the SQL editor of Supabase; again after an update',
      )
      .action(async () => {
        process.stdout.write(await allMigrations());
      }),
    'planline db sql > planline.sql',
  );
  return withExample(new Command('db').addCommand(sql), 'planline db sql > planline.sql');
}
