/** RecoveryStore by the functions of supabase/migrations/…_planline_rebuild.sql. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { StoredEnvelope } from '../../core/events.ts';
import type { RecoveryStore, StoredStream } from '../../ports.ts';
import { call } from './call.ts';
import { eventRow } from './rows.ts';

const EVENTS_PAGE = 1_000;
const IDS_PAGE = 1_000;

/** Not an artifactRef: what somebody made of the columns is for `verify` to tell. */
const artifactSum = z.object({
  run_id: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  found_sha256: z.string(),
  found_bytes: z.int(),
});

const restored = z.object({ added: z.int(), left_out: z.array(z.string()) });

const numbered = z.looseObject({ seq: z.int() });

/** What is wrong with a row, on one line. */
function problemOf(error: z.ZodError): string {
  return `it cannot be read: ${z.prettifyError(error).replaceAll(/\s+/g, ' ')}`;
}

function sortOut(rows: readonly z.infer<typeof numbered>[]): StoredStream {
  const events: StoredEnvelope[] = [];
  const unreadable: { seq: number; problem: string }[] = [];
  for (const row of rows) {
    const event = eventRow.safeParse(row);
    if (event.success) events.push(event.data);
    else unreadable.push({ seq: row.seq, problem: problemOf(event.error) });
  }
  return { events, unreadable };
}

export function createRecoveryStore(client: SupabaseClient): RecoveryStore {
  return {
    async *streamIds() {
      let last = '';
      for (;;) {
        const page = await call(
          'Listing streams',
          z.array(z.string()),
          client.rpc('planline_stream_ids', { p_after: last, p_limit: IDS_PAGE }),
        );
        yield* page;
        if (page.length < IDS_PAGE) return;
        last = page.at(-1) ?? last;
      }
    },

    async stream(leadId) {
      const rows: z.infer<typeof numbered>[] = [];
      let page: z.infer<typeof numbered>[];
      do {
        page = await call(
          `Reading the events of lead ${leadId}`,
          z.array(numbered),
          client
            .from('pipeline_events')
            .select('*')
            .eq('lead_id', leadId)
            .gt('seq', rows.at(-1)?.seq ?? 0)
            .order('seq')
            .limit(EVENTS_PAGE),
        );
        rows.push(...page);
      } while (page.length > 0);
      return sortOut(rows);
    },

    async artifacts(leadId) {
      const rows = await call(
        `Checking the artifacts of lead ${leadId}`,
        z.array(artifactSum),
        client.rpc('planline_artifact_sums', { p_lead_id: leadId }),
      );
      return rows.map((row) => ({
        runId: row.run_id,
        path: row.path,
        sha256: row.sha256,
        bytes: row.bytes,
        found: { sha256: row.found_sha256, bytes: row.found_bytes },
      }));
    },

    async putArtifacts(leadId, runId, artifacts) {
      await call(
        `Storing artifacts of lead ${leadId}`,
        z.unknown(),
        client.rpc('planline_put_artifacts', {
          p_lead_id: leadId,
          p_run_id: runId,
          p_artifacts: artifacts,
        }),
      );
    },

    async restore({ leadId, events, row, pages }) {
      const { added, left_out: leftOut } = await call(
        `Restoring lead ${leadId}`,
        restored,
        client.rpc('planline_restore', {
          p_lead_id: leadId,
          p_events: events,
          p_row: row,
          p_run_id: pages?.runId ?? null,
          p_pages: pages?.pages ?? null,
        }),
      );
      return { added, leftOut };
    },
  };
}
