/** PageStore by the function that uploads use too. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { PageStore } from '../../ports.ts';
import { call } from './call.ts';

export function createPageStore(client: SupabaseClient): PageStore {
  return {
    async replace(leadId, pages) {
      await call(
        `Uploading the pages of lead ${leadId}`,
        z.unknown(),
        client.rpc('planline_put_pages', {
          p_lead_id: leadId,
          p_run_id: null,
          p_pages: pages,
        }),
      );
    },
  };
}
