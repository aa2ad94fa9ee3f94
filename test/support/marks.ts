/** Traces of one person, wherever a database or a disk may hold them. */
import { filesBelow } from './rebuild-workshop.ts';
import type { RunningTarget } from './supabase-targets.ts';

/** Words that nobody else's texts hold. */
export const MARKS = [
  'Zdenobia',
  'Quarxova',
  'Trnkovany',
  'zdenobia.quarxova@example.org',
  'brontolup',
] as const;

export const MARKED = `My name is Zdenobia Quarxova, I am 31 and I live in Trnkovany with two children. I was a nurse
for nine years and want to become a brontolup tamer. I can study eight hours a week, in the evenings.
You can write to me at zdenobia.quarxova@example.org. I am patient and careful, and I like puzzles.`;

function quoted(name: unknown): string {
  return `"${String(name).replaceAll('"', '""')}"`;
}

/** Tables of any schema with a row that holds a mark in any column, in whatever case. */
export async function markedTables({ sql }: Pick<RunningTarget, 'sql'>): Promise<string[]> {
  const tables = await sql(
    `select n.nspname as schema, c.relname as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm', 'p') and n.nspname <> 'information_schema'
        and has_table_privilege(c.oid, 'select') order by 1, 2`,
  );
  const found: string[] = [];
  for (const { schema, name } of tables) {
    const table = `${quoted(schema)}.${quoted(name)}`;
    const [row] = await sql(
      `select count(*)::int as rows from ${table} t where t::text ilike any ($1::text[])`,
      [MARKS.map((mark) => `%${mark}%`)],
    );
    if (Number(row?.['rows']) > 0) found.push(`${String(schema)}.${String(name)}`);
  }
  return found;
}

/** Files below a folder whose path or content holds a mark. */
export async function markedFiles(folder: string): Promise<string[]> {
  const files = await filesBelow(folder);
  return [...files]
    .filter(([path, content]) => {
      const text = `${path}\n${content.toString('utf8')}`.toLowerCase();
      return MARKS.some((mark) => text.includes(mark.toLowerCase()));
    })
    .map(([path]) => path)
    .toSorted();
}
