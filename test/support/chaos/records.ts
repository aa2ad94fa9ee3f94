/** What the database holds of a lead, read with the owner's rights. */
import { z } from 'zod';
import { storedEnvelope, type StoredEnvelope } from '../../../src/core/events.ts';
import type { RunningTarget } from '../supabase-targets.ts';

const pageRow = z.object({ page_index: z.int(), title: z.string(), content: z.unknown() });
const artifactRow = z.object({
  run_id: z.string(),
  path: z.string(),
  sha256: z.string(),
  content: z.string(),
});
const statusRow = z.object({ status: z.string() });
const openRow = z.object({ id: z.string(), status: z.string() });
const countRow = z.object({ count: z.coerce.number() });

export interface LeadRecord {
  readonly leadId: string;
  readonly status: string;
  readonly events: readonly StoredEnvelope[];
  readonly pages: readonly z.infer<typeof pageRow>[];
  readonly artifacts: readonly z.infer<typeof artifactRow>[];
  /** Versions of pages that were replaced. */
  readonly replaced: number;
}

type Sql = RunningTarget['sql'];

export async function leadRecord(sql: Sql, leadId: string): Promise<LeadRecord> {
  const [status] = await sql('select status from public.junior_leads where id::text = $1', [
    leadId,
  ]);
  const events = await sql(
    `select event_id, lead_id, seq, run_id, type, v, data, status_from, status_to, actor,
            public.planline_utc(occurred_at) as occurred_at,
            public.planline_utc(recorded_at) as recorded_at, prev_hash, hash
       from public.pipeline_events where lead_id = $1 order by seq`,
    [leadId],
  );
  const pages = await sql(
    `select page_index, title, content from public.client_learning_pages
      where client_id::text = $1 order by page_index`,
    [leadId],
  );
  const artifacts = await sql(
    'select run_id, path, sha256, content from public.pipeline_artifacts where lead_id = $1',
    [leadId],
  );
  const [replaced] = await sql(
    'select count(*) as count from public.client_learning_pages_history where client_id = $1',
    [leadId],
  );
  return {
    leadId,
    status: statusRow.parse(status).status,
    events: z.array(storedEnvelope).parse(events),
    pages: z.array(pageRow).parse(pages),
    artifacts: z.array(artifactRow).parse(artifacts),
    replaced: countRow.parse(replaced).count,
  };
}

const idRow = z.object({ id: z.string() });

/** Ids of all requests that some stream announced before they were sent. */
export async function announcedRequests(sql: Sql): Promise<ReadonlySet<string>> {
  const rows = await sql(
    `select data ->> 'request_id' as id from public.pipeline_events
      where type = 'prompt.send_intended'`,
  );
  return new Set(
    z
      .array(idRow)
      .parse(rows)
      .map(({ id }) => id),
  );
}

/** Does no daemon hold this lead? */
export async function isGivenBack(sql: Sql, leadId: string): Promise<boolean> {
  const rows = await sql(
    'select 1 from public.junior_leads where id::text = $1 and claimed_by is null',
    [leadId],
  );
  return rows.length === 1;
}

/** Leads of these that are not archived yet. */
export async function unfinished(
  sql: Sql,
  leadIds: readonly string[],
): Promise<{ id: string; status: string }[]> {
  const rows = await sql(
    `select id::text as id, status::text as status from public.junior_leads
      where id::text = any ($1) and status <> 'archived'`,
    [leadIds],
  );
  return z.array(openRow).parse(rows);
}

/** What holds these leads up, for the message of a failed test. */
export async function whyUnfinished(sql: Sql, leadIds: readonly string[]): Promise<string> {
  const rows = await sql(
    `select id::text, status::text, retry_count, last_error, claimed_by,
            lease_expires_at - now() as lease_left,
            next_attempt_at - now() as due_in,
            (select type || ' ' || recorded_at from public.pipeline_events
              where lead_id = l.id::text order by seq desc limit 1) as last_event
       from public.junior_leads l where id::text = any ($1) and status <> 'archived'`,
    [leadIds],
  );
  return rows.map((row) => JSON.stringify(row)).join('\n');
}
