/** How PostgreSQL answers what the growth suite asks: plans with what was read, as text. */
import { z } from 'zod';
import type { AdminSql } from '../../test/support/admin-sql.ts';
import type { Section } from '../report/section.ts';
import type { Known } from './growth-calls.ts';

const UNDER_WAY = `'flagged', 'processing', 'plan_ready', 'html_ready', 'uploaded'`;

const planRows = z.array(z.object({ 'QUERY PLAN': z.string() }));
const sqlRows = z.tuple([z.object({ sql: z.string() })]);

/** The statements inside planline's functions, with values in place of their arguments. */
function statements({ leadId }: Known): Readonly<Record<string, string>> {
  return {
    'planline_claim: the next lead': `
      select * from public.junior_leads l
       where l.status in (${UNDER_WAY}) and (l.status = 'flagged' or l.claim_epoch > 0)
         and l.next_attempt_at <= clock_timestamp()
         and (l.claimed_by is null or l.claimed_by = 'd1' or l.lease_expires_at < clock_timestamp())
         and not (l.id::text = any ('{}'::text[]))
       order by l.next_attempt_at, l.id limit 1 for update skip locked`,
    'planline_claim: the last status of its stream': `
      select e.status_to from public.pipeline_events e
       where e.lead_id = '${leadId}' and e.status_to is not null order by e.seq desc limit 1`,
    'planline_append: is it there already': `
      select 1 from public.pipeline_events
       where event_id = '00000000-0000-4000-8000-000000000000' and lead_id = '${leadId}'`,
    'planline_append: the end of the stream': `
      select coalesce(max(seq), 0) from public.pipeline_events where lead_id = '${leadId}'`,
    'planline_record: the event before': `
      select * from public.pipeline_events where lead_id = '${leadId}' order by seq desc limit 1`,
    'a page of the stream': `
      select * from public.pipeline_events where lead_id = '${leadId}' and seq > 0 order by seq limit 1000`,
    'planline status: what is not at rest': `
      select id, status, last_error, retry_count, pipeline_progress, pipeline_updated_at
        from public.junior_leads where status in ('blocked', ${UNDER_WAY})
       order by pipeline_updated_at desc nulls last limit 1000`,
    'planline status: how many there are': 'select count(*) from public.junior_leads',
  };
}

/** The arguments of planline_leads_sql for the pages that are measured. */
function lists({ middle, name }: Known): Readonly<Record<string, string>> {
  return {
    'planline status: what changed last': `'', null, 'changed', true, null, null, 1000`,
    'list, latest change first': `'', null, 'changed', true, null, null, 51`,
    'list, oldest start first': `'', null, 'started', false, null, null, 51`,
    'list, a page in the middle': `'', null, 'changed', true, '${middle.key}', '${middle.id}', 51`,
    'list, one status': `'', 'blocked', 'changed', true, null, null, 51`,
    'list, search for a name': `'${name}', null, 'changed', true, null, null, 51`,
  };
}

async function planOf(admin: AdminSql, sql: string): Promise<string> {
  const rows = planRows.parse(await admin.query(`explain (analyze, buffers) ${sql}`));
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

export async function plansOf(admin: AdminSql, known: Known): Promise<Section['appendix']> {
  const plans: { heading: string; text: string }[] = [];
  for (const [heading, sql] of Object.entries(statements(known))) {
    plans.push({ heading, text: await planOf(admin, sql) });
  }
  for (const [heading, args] of Object.entries(lists(known))) {
    const [{ sql }] = sqlRows.parse(
      await admin.query(`select public.planline_leads_sql(${args}) as sql`),
    );
    plans.push({ heading, text: await planOf(admin, sql) });
  }
  return plans;
}
