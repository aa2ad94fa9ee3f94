/** What doctor asks the database: key, migrations, grants, triggers, publication, clock. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { isPlanlineError, type PlanlineError } from '../../core/errors.ts';
import type { Clock, Finding } from '../../ports.ts';
import { call } from './call.ts';
import { SCHEMA_VERSION, WANTED } from './wanted.ts';

const info = z.object({ schema_version: z.int(), now: z.string(), role: z.string() });
type Info = z.infer<typeof info>;

const lacks = z.object({
  grants: z.array(z.string()),
  triggers: z.array(z.string()),
  functions: z.array(z.string()),
  publication: z
    .object({ table: z.boolean(), inserts: z.boolean(), updates: z.boolean() })
    .nullable(),
});
type Lacks = z.infer<typeof lacks>;

const CLOCK_DRIFT_MS = 60_000;
const MIGRATE =
  'Run: npx supabase db push, or paste the output of `planline db sql` into the SQL editor.';

function well(name: string, detail: string): Finding {
  return { name, level: 'ok', detail, action: null };
}

function inSqlEditor(statements: readonly string[]): string {
  return `In the SQL editor: ${statements.map((statement) => `${statement};`).join(' ')}`;
}

function schemaFinding({ schema_version: found }: Info): Finding {
  if (found === SCHEMA_VERSION) return well('migrations', `version ${found}`);
  const older = found < SCHEMA_VERSION;
  return {
    name: 'migrations',
    level: older ? 'error' : 'warning',
    detail: `the database has version ${found}, this planline was made for ${SCHEMA_VERSION}`,
    action: older
      ? MIGRATE
      : 'Update planline on this machine: take its newer version and install it again.',
  };
}

function grantsFinding({ grants }: Lacks, role: string): Finding {
  if (grants.length === 0) return well('grants', 'all there');
  const statements = grants.map((grant) => {
    const [table = '', privilege = ''] = grant.split(' ');
    return `grant ${privilege.toLowerCase()} on public.${table} to ${role}`;
  });
  return {
    name: 'grants',
    level: 'error',
    detail: `${role} may not: ${grants.join(', ')}`,
    action: inSqlEditor(statements),
  };
}

function functionsFinding({ functions }: Lacks, role: string): Finding {
  if (functions.length === 0) return well('functions', 'all there');
  const grants = functions.map((name) => `grant execute on function public.${name} to ${role}`);
  return {
    name: 'functions',
    level: 'error',
    detail: `missing, or not to be called by ${role}: ${functions.join(', ')}`,
    action: `${MIGRATE} Where they are there already: ${grants.join('; ')};`,
  };
}

function triggersFinding({ triggers }: Lacks): Finding {
  if (triggers.length === 0) return well('triggers', 'all there');
  const statements = triggers.map((trigger) => {
    const [table = '', name = ''] = trigger.split('.');
    return `alter table public.${table} enable trigger ${name}`;
  });
  return {
    name: 'triggers',
    level: 'error',
    detail: `missing or disabled: ${triggers.join(', ')}; hand edits and old pages would not be kept`,
    action: `${inSqlEditor(statements)} One that is gone: create it as \`planline db sql\` has it.`,
  };
}

function publicationFinding({ publication }: Lacks): Finding {
  const name = 'publication';
  const level = 'warning';
  const polled = 'leads are found by polling only, every POLL_SECONDS';
  if (publication === null) {
    const detail = `the database has no publication supabase_realtime; ${polled}`;
    const statement = 'create publication supabase_realtime for table public.junior_leads';
    return { name, level, detail, action: inSqlEditor([statement]) };
  }
  if (!publication.table) {
    const detail = `junior_leads is not in the publication supabase_realtime; ${polled}`;
    const statement = 'alter publication supabase_realtime add table public.junior_leads';
    return { name, level, detail, action: inSqlEditor([statement]) };
  }
  if (!publication.inserts || !publication.updates) {
    const detail = `the publication supabase_realtime leaves inserts or updates out; ${polled}`;
    const statement =
      "alter publication supabase_realtime set (publish = 'insert, update, delete, truncate')";
    return { name, level, detail, action: inSqlEditor([statement]) };
  }
  return well(name, 'junior_leads is published to Realtime');
}

function clockFinding(found: Info, nowMs: number): Finding {
  const driftMs = Math.abs(nowMs - Date.parse(found.now));
  if (driftMs <= CLOCK_DRIFT_MS) return well('clock', 'this machine and the database agree');
  return {
    name: 'clock',
    level: 'warning',
    detail: `this machine and the database are ${Math.round(driftMs / 1_000)} s apart`,
    action: 'Set the clock of this machine by network time (Linux: timedatectl set-ntp true).',
  };
}

const DENIED = /permission denied for function (planline_\w+)/;

const WRONG_KEY = /refused the key|has no rights there/;
const RIGHT_KEY = 'Set SUPABASE_SECRET_KEY to the secret key (Project settings, API keys)';

/** A database that could be asked nothing: the message says what happened, this what to do. */
function refusedFinding(error: PlanlineError): Finding {
  const { message } = error;
  const denied = DENIED.exec(message)?.[1];
  const elsewise =
    denied === undefined
      ? 'then run: planline doctor'
      : `or, where it is that one, in the SQL editor: grant execute on function public.${denied} to service_role;`;
  const action = WRONG_KEY.test(message)
    ? `${RIGHT_KEY}, ${elsewise}`
    : 'Do what the message says, then run: planline doctor';
  return { name: 'database', level: 'error', detail: message, action };
}

async function lacksOf(client: SupabaseClient): Promise<Lacks | Finding> {
  try {
    return await call(
      'Asking the database what it lacks',
      lacks,
      client.rpc('planline_lacks', { p_wanted: WANTED }),
    );
  } catch (error) {
    if (!isPlanlineError(error, 'setup')) throw error;
    return { name: 'migrations', level: 'error', detail: error.message, action: MIGRATE };
  }
}

/** Throws `unavailable` when the database cannot be reached. */
export async function checkDatabase(
  client: SupabaseClient,
  { embedded, clock }: { embedded: boolean; clock: Clock },
): Promise<Finding[]> {
  try {
    const found = await call('Asking the database about itself', info, client.rpc('planline_info'));
    const reached = well('database', `reachable, the key acts as ${found.role}`);
    const lacking = await lacksOf(client);
    if ('level' in lacking) return [reached, lacking, clockFinding(found, clock.now())];
    return [
      reached,
      schemaFinding(found),
      grantsFinding(lacking, found.role),
      functionsFinding(lacking, found.role),
      triggersFinding(lacking),
      // The embedded one needs no publication: its bridge listens to a trigger.
      ...(embedded ? [] : [publicationFinding(lacking)]),
      clockFinding(found, clock.now()),
    ];
  } catch (error) {
    if (!isPlanlineError(error, 'setup')) throw error;
    return [refusedFinding(error)];
  }
}
