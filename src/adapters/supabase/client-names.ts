/** Names of clients, out of the profiles that their leads have. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { Names } from '../../ports.ts';
import { call } from './call.ts';
import { leadId } from './rows.ts';

/** Ids travel in the URL, which has an end. */
const NAMES_AT_ONCE = 100;

const row = z.object({ id: leadId, input_transform: z.unknown() });
/** The rest of the profile is not looked at here. */
const named = z.looseObject({ name: z.string().trim().min(1) });

export async function readNames(
  client: SupabaseClient,
  leadIds: readonly string[],
): Promise<Names> {
  if (leadIds.length === 0) return new Map();
  const wanted = leadIds.slice(0, NAMES_AT_ONCE);
  const rows = await call(
    'Looking up names of clients',
    z.array(row),
    client.from('junior_leads').select('id,input_transform').in('id', wanted),
  );
  const here = rows.flatMap(({ id, input_transform: profile }): [string, string][] => {
    const found = named.safeParse(profile);
    return found.success ? [[id, found.data.name]] : [];
  });
  return new Map([...here, ...(await readNames(client, leadIds.slice(NAMES_AT_ONCE)))]);
}
