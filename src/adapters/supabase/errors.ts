/** What PostgREST answers, as planline's coded errors. */
import { PlanlineError, type ErrorCode } from '../../core/errors.ts';

export interface PostgrestFailure {
  readonly code?: string | undefined;
  readonly message: string;
  readonly details?: string | null | undefined;
  readonly hint?: string | null | undefined;
}

/** Raised by the functions in supabase/migrations. */
const OWN_CODES: Readonly<Record<string, ErrorCode>> = {
  PL001: 'stale_lease',
  PL002: 'stale_stream',
  PL003: 'lead_moved',
  PL004: 'corrupt',
  PL005: 'usage',
  PL006: 'usage',
};

const HOW_TO_MIGRATE =
  'Put the migrations on the database: npx supabase db push, or paste the output of `planline db sql` into the SQL editor. `planline doctor` says what is missing.';

/** 08 connection, 40 rollback, 53 resources, 57 intervention, PGRST00x no connection to the database. */
const PASSING = /^(08|40|53|57)|^PGRST00|^58/;
const NOT_MIGRATED = new Set(['PGRST202', 'PGRST204', 'PGRST205', '42P01', '42883', '42703']);

function describe(failure: PostgrestFailure): string {
  return [failure.message, failure.details, failure.hint].filter(Boolean).join(' ');
}

/** `status` is the HTTP status, 0 when there was no answer. `what` begins the sentence. */
export function toPlanlineError(
  what: string,
  failure: PostgrestFailure,
  status: number,
): PlanlineError {
  const code = failure.code ?? '';
  const own = OWN_CODES[code];
  const options = { cause: failure };
  if (own !== undefined) return new PlanlineError(own, failure.message, options);
  if (status === 401 || code === 'PGRST301') {
    return new PlanlineError(
      'setup',
      `${what}: the database refused the key. Check SUPABASE_SECRET_KEY (Supabase dashboard, Project settings, API keys: the secret key, not the publishable one).`,
      options,
    );
  }
  if (NOT_MIGRATED.has(code)) {
    return new PlanlineError('setup', `${what}: ${failure.message}. ${HOW_TO_MIGRATE}`, options);
  }
  if (code === '42501' || status === 403) {
    return new PlanlineError(
      'setup',
      `${what}: ${failure.message}. The key has no rights there: use the secret key (service_role), and see \`planline doctor\` for missing grants.`,
      options,
    );
  }
  if (code === '22P02') {
    return new PlanlineError(
      'usage',
      `${what}: that is not an id of this table (${failure.message}).`,
      options,
    );
  }
  if (code.startsWith('23')) {
    return new PlanlineError(
      'setup',
      `${what}: a constraint of the table refuses what planline writes: ${describe(failure)}`,
      options,
    );
  }
  if (status === 0 || status >= 500 || status === 408 || status === 429 || PASSING.test(code)) {
    return new PlanlineError(
      'unavailable',
      `${what}: the database cannot be reached just now (${describe(failure)}).`,
      options,
    );
  }
  return new PlanlineError('permanent', `${what}: ${describe(failure)}`, options);
}
