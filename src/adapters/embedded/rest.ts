/** The REST API (`/rest/v1`) over a connection to PGlite or PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { App, type Connection } from '@supabase/lite';
import type { ApiKeys } from './keys.ts';
import { mendConnection } from './lite-mends.ts';

export interface Rest {
  /** Answers one request, whose URL's path starts with /rest/v1. */
  readonly handle: (request: Request) => Promise<Response>;
}

/** The migrations must have been applied. */
export async function createRest(connection: Connection, keys: ApiKeys): Promise<Rest> {
  const app = new App({
    connection,
    api: { pg_safe_update: true, schemas: ['public'] },
    auth: {
      enabled: false,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      // Nobody is to sign tokens: lite's default secret is known to all.
      jwt_secret: randomBytes(32).toString('base64url'),
    },
  });
  await app.init();
  mendConnection(connection);
  await connection.clearSchemaCache();
  // Otherwise the first request waits for it.
  await connection.introspect({ useCache: true });
  return { handle: (request) => app.fetch(request) };
}
