/** What PostgREST answers, as planline's coded errors. */
import { PlanlineError, type ErrorCode } from '../../core/errors.ts';

export interface PostgrestFailure {
  readonly code?: string | undefined;
  /** Absent or empty when the answer had no body. */
  readonly message?: string | undefined;
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
  PL007: 'lead_moved',
};

const HOW_TO_MIGRATE =
  'Put the migrations on the database: npx supabase db push, or paste the output of `planline db sql` into the SQL editor. `planline doctor` says what is missing.';

/**
 * 08 connection, 40 rollback, 53 resources, 57 intervention, 58 system, 25006 read-only (a hosted project
 * whose disk is full), 55P03 lock not available, PGRST00x no connection to the database.
 */
const PASSING = /^(08|40|53|57|58|25006|55P03)|^PGRST00/;
const SQLSTATE = /^[0-9A-Z]{5}$/;
const NOT_MIGRATED = new Set(['PGRST202', 'PGRST204', 'PGRST205', '42P01', '42883', '42703']);

/** A proxy may answer with a page of any length. */
const REASON_LIMIT = 300;
/** fetch says only that it failed; its cause comes as text, with a stack below it. */
const NETWORK_CAUSE = /^Caused by: (?:\w*Error: )?(.+)$/m;

/** PostgreSQL's own details may quote the row, and with it what the client told. */
function mayQuoteRow({ code }: PostgrestFailure): boolean {
  return SQLSTATE.test(code ?? '');
}

/** A cause is logged: all of the failure but what may quote the row. */
function withoutRow(failure: PostgrestFailure): PostgrestFailure {
  return mayQuoteRow(failure) ? { ...failure, details: null } : failure;
}

/** On one line, for people; never a value of the row. */
function describe(failure: PostgrestFailure, status: number): string {
  const network = NETWORK_CAUSE.exec(failure.details ?? '')?.[1];
  if (network !== undefined) return network;
  if (!/^\s*[^\s<]/.test(failure.message ?? '')) return `HTTP ${status}`;
  const details = failure.code?.startsWith('PGRST') === true ? failure.details : null;
  const whole = [failure.message, details, failure.hint].filter(Boolean).join(' ');
  return whole.replaceAll(/\s+/g, ' ').slice(0, REASON_LIMIT);
}

/** PostgREST gives its failures a code; a page of something else has none, nor has its 404 to a POST. */
function isForeign(code: string, status: number): boolean {
  return code === '' && (status === 404 || (status >= 200 && status < 300));
}

/** `status` is the HTTP status, 0 when there was no answer. `what` begins the sentence. */
export function toPlanlineError(
  what: string,
  failure: PostgrestFailure,
  status: number,
): PlanlineError {
  const code = failure.code ?? '';
  const own = OWN_CODES[code];
  const options = { cause: withoutRow(failure) };
  const reason = describe(failure, status);
  if (own !== undefined) return new PlanlineError(own, failure.message ?? reason, options);
  if (status === 401 || code === 'PGRST301') {
    return new PlanlineError(
      'setup',
      `${what}: the database refused the key. Check SUPABASE_SECRET_KEY (Supabase dashboard, Project settings, API keys: the secret key, not the publishable one).`,
      options,
    );
  }
  if (NOT_MIGRATED.has(code)) {
    return new PlanlineError('setup', `${what}: ${reason}. ${HOW_TO_MIGRATE}`, options);
  }
  if (isForeign(code, status)) {
    return new PlanlineError(
      'setup',
      `${what}: SUPABASE_URL has no such table or function (${reason}). Check that it is the API URL of the project, such as https://abc.supabase.co (Project settings, Data API). ${HOW_TO_MIGRATE}`,
      options,
    );
  }
  if (code === '42501' || status === 403) {
    return new PlanlineError(
      'setup',
      `${what}: ${reason}. The key has no rights there: use the secret key (service_role), and see \`planline doctor\` for missing grants.`,
      options,
    );
  }
  if (code === '22P02') {
    return new PlanlineError(
      'usage',
      `${what}: that is not an id of this table (${reason}).`,
      options,
    );
  }
  if (code.startsWith('23')) {
    return new PlanlineError(
      'setup',
      `${what}: a constraint of the table refuses what planline writes: ${reason}. Give columns of your own a default, or relax the constraint.`,
      options,
    );
  }
  if (status >= 500 && SQLSTATE.test(code) && !PASSING.test(code)) {
    return new PlanlineError(
      'retryable',
      `${what}: the database fails at it (${code}: ${reason}). A trigger or function of your own may be the cause; the database's log tells more.`,
      options,
    );
  }
  if (status === 0 || status >= 500 || status === 408 || status === 429 || PASSING.test(code)) {
    return new PlanlineError(
      'unavailable',
      `${what}: the database cannot be reached just now (${reason}). Nothing is lost. If it stays so, check SUPABASE_URL and the network; a paused project is resumed in its dashboard.`,
      options,
    );
  }
  return new PlanlineError('permanent', `${what}: ${reason}`, options);
}
