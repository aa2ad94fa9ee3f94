/** RetentionStore by the functions of supabase/migrations/…_planline_retention.sql. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { RetentionStore } from '../../ports-retention.ts';
import { call } from './call.ts';

const IDS_PAGE = 1_000;

const erased = z.object({
  lead_id: z.string(),
  recorded: z.boolean(),
  runs: z.int(),
  artifacts: z.int(),
  pages: z.int(),
  page_versions: z.int(),
  notifications: z.int(),
  own_columns: z.array(z.string()),
});

const pruned = z.object({ artifacts: z.int(), bytes: z.int() });

export function createRetentionStore(client: SupabaseClient): RetentionStore {
  return {
    async erase({ leadId, actor, keepRuns = [] }) {
      const told = await call(
        `Erasing lead ${leadId}`,
        erased,
        client.rpc('planline_erase', {
          p_lead_id: leadId,
          p_actor: actor,
          p_keep_runs: keepRuns,
        }),
      );
      return {
        leadId: told.lead_id,
        recorded: told.recorded,
        runs: told.runs,
        artifacts: told.artifacts,
        pages: told.pages,
        pageVersions: told.page_versions,
        notifications: told.notifications,
        ownColumns: told.own_columns,
      };
    },

    async *erasedIds(lately) {
      let last = '';
      for (;;) {
        const page = await call(
          'Listing erased leads',
          z.array(z.string()),
          client.rpc('planline_erased_ids', {
            p_after: last,
            p_limit: IDS_PAGE,
            p_within_ms: lately?.withinMs ?? null,
          }),
        );
        yield* page;
        if (page.length < IDS_PAGE) return;
        last = page.at(-1) ?? last;
      }
    },

    prune: ({ leadId, runId, actor, zipSha256, sums }) =>
      call(
        `Pruning run ${runId} of lead ${leadId}`,
        pruned,
        client.rpc('planline_prune', {
          p_lead_id: leadId,
          p_run_id: runId,
          p_actor: actor,
          p_zip_sha256: zipSha256,
          p_sums: sums,
        }),
      ),
  };
}
