/** What the owner of a database can do with planline's triggers off: nothing is recorded or refused. */
import type { RunningTarget } from './supabase-targets.ts';

export const PLANLINE_TABLES = [
  'junior_leads',
  'pipeline_events',
  'pipeline_artifacts',
  'client_learning_pages',
  'client_learning_pages_history',
  'pipeline_notifications',
] as const;

export async function untold({ sql }: Pick<RunningTarget, 'sql'>, text: string): Promise<void> {
  const switched = (how: string): string[] =>
    PLANLINE_TABLES.map((table) => `alter table public.${table} ${how} trigger user`);
  await sql([...switched('disable'), text, ...switched('enable')].join('; '));
}

/** As a new project is: planline's tables, and nothing in them. */
export function loseDatabase(running: Pick<RunningTarget, 'sql'>): Promise<void> {
  return untold(running, PLANLINE_TABLES.map((table) => `delete from public.${table}`).join('; '));
}
