/**
 * Column values as hosted Supabase (PostgREST) sends them in JSON. PostgREST lets PostgreSQL itself
 * write the JSON; @supabase/lite turns the text form of each column into JSON, so the text forms
 * that differ are mended here.
 */

type Parse = (text: string) => string | number;

/** `2026-11-23 10:00:00.5+00` becomes `2026-11-23T10:00:00.5+00:00`; `infinity` stays. */
export function timestampJson(text: string): string {
  return text.replace(' ', 'T').replace(/([+-]\d{2})(?=$| BC$)/, '$1:00');
}

/** A JSON number, except for what JSON has no number for: `NaN`, `Infinity`. */
export function numberJson(text: string): string | number {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

const asText: Parse = (text) => text;

/** By the type's name and oid in pg_type. */
export const WIRE_TYPES: readonly {
  readonly name: string;
  readonly oid: number;
  readonly parse: Parse;
}[] = [
  { name: 'bytea', oid: 17, parse: asText },
  { name: 'float4', oid: 700, parse: numberJson },
  { name: 'float8', oid: 701, parse: numberJson },
  { name: 'timestamp', oid: 1114, parse: timestampJson },
  { name: 'timestamptz', oid: 1184, parse: timestampJson },
  { name: 'numeric', oid: 1700, parse: numberJson },
];
