/**
 * Triggers that report row changes by NOTIFY. They belong to the embedded server, not to the schema:
 * they are installed at each start, on the tables of publication supabase_realtime, and never by a
 * migration.
 */
import { z } from 'zod';
import type { SqlSession } from '../migrations.ts';
import type { Column } from './protocol.ts';

export const CHANNEL = 'planline_realtime';

export interface PublishedTable {
  readonly schema: string;
  readonly table: string;
  /** What a change reports: the columns of the primary key, and `status` if there is one. */
  readonly columns: readonly Column[];
}

// NOTIFY carries at most 8000 bytes. A row whose key alone is larger is reported without values.
const NOTIFY_FUNCTION_SQL = `
create schema if not exists planline_embedded;
revoke all on schema planline_embedded from public;
create or replace function planline_embedded.notify_change() returns trigger
-- Definer: the role that writes the row has no business in this schema.
language plpgsql security definer set search_path = '' as $$
declare
  reported constant text[] := tg_argv[0]::text[];
  key_columns constant text[] := tg_argv[1]::text[];
  change jsonb := jsonb_build_object(
    'schema', tg_table_schema, 'table', tg_table_name, 'type', tg_op,
    'commit_timestamp', clock_timestamp(), 'record', '{}'::jsonb, 'old_record', '{}'::jsonb);
  whole jsonb;
begin
  if tg_op <> 'DELETE' then
    whole := change || jsonb_build_object('record', planline_embedded.pick(to_jsonb(new), reported));
  end if;
  if tg_op <> 'INSERT' then
    whole := coalesce(whole, change)
      || jsonb_build_object('old_record', planline_embedded.pick(to_jsonb(old), key_columns));
  end if;
  if octet_length(whole::text) > 7900 then whole := change; end if;
  perform pg_notify('${CHANNEL}', whole::text);
  return null;
end $$;
create or replace function planline_embedded.pick(whole jsonb, names text[]) returns jsonb
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_object_agg(name, whole -> name), '{}') from unnest(names) as name
$$;`;

const PUBLISHED_TABLES_SQL = `
select tables.schemaname as schema, tables.tablename as table,
  coalesce(json_agg(
    json_build_object('name', attribute.attname, 'type', type.typname, 'key', key.indrelid is not null)
    order by attribute.attnum
  ) filter (where key.indrelid is not null or attribute.attname = 'status'), '[]') as columns
from pg_catalog.pg_publication_tables as tables
join pg_catalog.pg_namespace as namespace on namespace.nspname = tables.schemaname
join pg_catalog.pg_class as class
  on class.relnamespace = namespace.oid and class.relname = tables.tablename
join pg_catalog.pg_attribute as attribute
  on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
join pg_catalog.pg_type as type on type.oid = attribute.atttypid
left join pg_catalog.pg_index as key
  on key.indrelid = class.oid and key.indisprimary and attribute.attnum = any (key.indkey)
where tables.pubname = 'supabase_realtime'
group by tables.schemaname, tables.tablename
order by tables.schemaname, tables.tablename`;

const publishedTables = z.array(
  z.object({
    schema: z.string(),
    table: z.string(),
    columns: z.array(z.object({ name: z.string(), type: z.string(), key: z.boolean() })),
  }),
);

const OLD_TRIGGERS_SQL = `
select format('drop trigger planline_embedded_notify on %s', tgrelid::regclass) as statement
from pg_catalog.pg_trigger where tgname = 'planline_embedded_notify'`;

/** Returns the tables whose changes are reported from now on. */
export async function installTriggers(session: SqlSession): Promise<PublishedTable[]> {
  await session.exec(NOTIFY_FUNCTION_SQL);
  for (const row of await session.query(OLD_TRIGGERS_SQL, [])) {
    await session.exec(String(row['statement']));
  }
  const tables = publishedTables.parse(await session.query(PUBLISHED_TABLES_SQL, []));
  for (const { schema, table, columns } of tables) {
    const reported = columns.map(({ name }) => name);
    const keys = columns.filter(({ key }) => key).map(({ name }) => name);
    await session.exec(createTriggerSql(schema, table, [reported, keys]));
  }
  return tables;
}

function createTriggerSql(schema: string, table: string, args: readonly string[][]): string {
  const literals = args.map((names) => quoteLiteral(arrayLiteral(names))).join(', ');
  return `create trigger planline_embedded_notify
    after insert or update or delete on ${quoteName(schema)}.${quoteName(table)}
    for each row execute function planline_embedded.notify_change(${literals})`;
}

function arrayLiteral(names: readonly string[]): string {
  return `{${names.map((name) => `"${name.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The E form means the same whatever standard_conforming_strings says. */
function quoteLiteral(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
