/**
 * Process of startLiteOnPostgres: @supabase/lite with its postgres driver, mended as the embedded
 * Supabase mends it. Argument: the database's URL.
 */
import { generateApiKey } from '@supabase/lite';
import { createPostgresConnection } from '@supabase/lite/postgres';
import type { PostgresType } from 'postgres';
import { createRealtimeBridge } from '../../src/adapters/embedded/realtime/bridge.ts';
import { createRest } from '../../src/adapters/embedded/rest.ts';
import { listen } from '../../src/adapters/embedded/server.ts';
import { WIRE_TYPES } from '../../src/adapters/embedded/wire-values.ts';

process.once('disconnect', () => process.exit(0));

// lite hands over jsonb arguments as text already; the driver would quote that text once more.
const jsonb: PostgresType = {
  to: 3802,
  from: [3802],
  serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
  parse: (text: string): unknown => JSON.parse(text),
};
const JSON_OIDS = { json: 114, jsonb: 3802 };

/** lite hands over the arguments of functions as JSON text already; so does PGlite take them. */
function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const types = Object.fromEntries([
  ...WIRE_TYPES.map(({ name, oid, parse }): [string, PostgresType] => [
    name,
    { to: oid, from: [oid], parse, serialize: String },
  ]),
  ...Object.entries(JSON_OIDS).map(([name, oid]): [string, PostgresType] => [
    name,
    { to: oid, from: [oid], parse: JSON.parse, serialize: jsonText },
  ]),
]);
const keys = {
  secretKey: (await generateApiKey('secret')).key,
  publishableKey: (await generateApiKey('publishable')).key,
};
const connection = createPostgresConnection({
  url: process.argv[2] ?? '',
  postgresOptions: { types: { ...types, jsonb } },
});
const rest = await createRest(connection, keys);
const { url } = await listen(0, {
  rest: rest.handle,
  // Realtime is the embedded server's; here nothing is published.
  realtime: createRealtimeBridge([]),
  secretKey: keys.secretKey,
});
process.send?.({ url, ...keys });
