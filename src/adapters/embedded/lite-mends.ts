/**
 * Where @supabase/lite 0.10.0 differs from hosted Supabase in a way that planline would notice. What
 * is not mended: a JSON string as the whole value of a json column must be sent as its JSON text, and
 * rows of one insert that differ in their keys get null where a column has a default.
 */
import { inspect } from 'node:util';
import type { Connection } from '@supabase/lite';
import { z } from 'zod';

/** To be called once the migrations are applied. */
export function mendConnection(connection: Connection): void {
  keepGrants(connection);
  connection.normalizeDbError = normalizeDbError;
}

/** Unless told that roles are set up, lite grants ALL on every table to anon and the others. */
function keepGrants(connection: Connection): void {
  // The field is private to lite's types. Should another version rename it, REVOKEs would silently
  // be undone, so that must fail here.
  if (!Reflect.has(connection, 'rlsState')) {
    throw new Error('@supabase/lite is not the version that planline was made for: no rlsState');
  }
  Reflect.set(connection, 'rlsState', 'active');
}

const databaseError = z.object({
  code: z.string().regex(/^[0-9A-Z]{5}$/),
  message: z.string(),
  detail: z.string().nullish(),
  hint: z.string().nullish(),
});
type DatabaseError = z.infer<typeof databaseError>;

/** lite answers these as PostgREST does, or rewords their message as PostgREST's own SQL would. */
const WELL_HANDLED = /^(PT\d{3}|PGRST|42501|42703|42883)$/;

/**
 * lite knows few SQLSTATEs and loses code, details and hint of all others. It passes them on for
 * errors raised with code PGRST, which carry the answer's body and status as JSON.
 */
export function normalizeDbError(error: unknown): unknown {
  const parsed = databaseError.safeParse(error);
  if (!parsed.success) return error;
  const { code, message, detail, hint } = parsed.data;
  if (WELL_HANDLED.test(code)) return quiet(code, parsed.data);
  return quiet(code, {
    code: 'PGRST',
    message: JSON.stringify({ code, message, details: detail ?? null, hint: hint ?? null }),
    detail: JSON.stringify({ status: postgrestStatus(code), headers: {} }),
  });
}

/** lite prints every error to the console, and DETAIL quotes the failing row. */
function quiet(sqlState: string, error: DatabaseError): DatabaseError {
  return Object.assign(error, { [inspect.custom]: () => `[database error ${sqlState}]` });
}

/** PostgREST's table of HTTP statuses; the first prefix that fits decides. */
const STATUS_OF_SQLSTATE: readonly (readonly [prefix: string, status: number])[] = [
  ['08', 503],
  ['09', 500],
  ['0L', 403],
  ['0P', 403],
  ['23503', 409],
  ['23505', 409],
  ['25006', 405],
  ['25', 500],
  ['28', 403],
  ['2D', 500],
  ['38', 500],
  ['39', 500],
  ['3B', 500],
  ['40', 500],
  ['53400', 500],
  ['53', 503],
  ['54', 500],
  ['55', 500],
  ['57', 500],
  ['58', 500],
  ['F0', 500],
  ['HV', 500],
  ['P0001', 400],
  ['P0', 500],
  ['XX', 500],
  ['42P01', 404],
  ['42P17', 500],
];

function postgrestStatus(sqlState: string): number {
  return STATUS_OF_SQLSTATE.find(([prefix]) => sqlState.startsWith(prefix))?.[1] ?? 400;
}
