/** What doctor asks the database: key, migrations, grants, triggers, publication, clock. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { isPlanlineError } from '../../core/errors.ts';
import type { Clock, Finding } from '../../ports.ts';
import { call } from './call.ts';

const info = z.object({
  schema_version: z.int(),
  now: z.string(),
  role: z.string(),
  realtime: z.boolean(),
  missing_grants: z.array(z.string()),
  missing_triggers: z.array(z.string()),
});
type Info = z.infer<typeof info>;

/** What this build was written for: the newest migration that changes what the daemon calls. */
const SCHEMA_VERSION = 20_261_124_110_000;
const CLOCK_DRIFT_MS = 60_000;
const MIGRATE = 'npx supabase db push, or paste the output of: planline db sql';

function well(name: string, detail: string): Finding {
  return { name, level: 'ok', detail, action: null };
}

function schemaFinding({ schema_version: found }: Info): Finding {
  if (found === SCHEMA_VERSION) return well('migrations', `version ${found}`);
  const older = found < SCHEMA_VERSION;
  return {
    name: 'migrations',
    level: older ? 'error' : 'warning',
    detail: `the database has version ${found}, this planline was made for ${SCHEMA_VERSION}`,
    action: older ? MIGRATE : 'Update planline.',
  };
}

function missingFinding(name: string, missing: readonly string[], action: string): Finding {
  if (missing.length === 0) return well(name, 'all there');
  return { name, level: 'error', detail: `missing: ${missing.join(', ')}`, action };
}

function realtimeFinding(found: Info, embedded: boolean): Finding {
  if (found.realtime || embedded) return well('realtime', 'junior_leads is published');
  return {
    name: 'realtime',
    level: 'warning',
    detail:
      'junior_leads is not in the publication supabase_realtime; leads are found by polling only',
    action: 'alter publication supabase_realtime add table public.junior_leads;',
  };
}

function clockFinding(found: Info, nowMs: number): Finding {
  const driftMs = Math.abs(nowMs - Date.parse(found.now));
  if (driftMs <= CLOCK_DRIFT_MS) return well('clock', 'this machine and the database agree');
  return {
    name: 'clock',
    level: 'warning',
    detail: `this machine and the database are ${Math.round(driftMs / 1_000)} s apart`,
    action: 'Set the clock of this machine by network time.',
  };
}

/** Throws `unavailable` when the database cannot be reached. */
export async function checkDatabase(
  client: SupabaseClient,
  { embedded, clock }: { embedded: boolean; clock: Clock },
): Promise<Finding[]> {
  try {
    const found = await call('Asking the database about itself', info, client.rpc('planline_info'));
    return [
      well('database', `reachable, the key acts as ${found.role}`),
      schemaFinding(found),
      missingFinding(
        'grants',
        found.missing_grants,
        `The key needs service_role. Otherwise: ${MIGRATE}`,
      ),
      missingFinding('triggers', found.missing_triggers, MIGRATE),
      realtimeFinding(found, embedded),
      clockFinding(found, clock.now()),
    ];
  } catch (error) {
    if (!isPlanlineError(error, 'setup')) throw error;
    return [
      {
        name: 'database',
        level: 'error',
        detail: error.message,
        action: 'Do what the message says, then run planline doctor again.',
      },
    ];
  }
}
