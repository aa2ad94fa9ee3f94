/** SQL with the rights of the database's owner, its values read as the REST API would send them. */
import { Pool, types } from 'pg';
import { z } from 'zod';
import type { SqlSession } from '../../src/adapters/embedded/migrations.ts';
import { WIRE_TYPES } from '../../src/adapters/embedded/wire-values.ts';

export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface AdminSql {
  readonly query: (text: string, params?: readonly unknown[]) => Promise<Rows>;
  end(): Promise<void>;
}

const DATE_OID = 1082;
const INT8_OID = 20;

const resultOf = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

const parsers = new Map<number, (text: string) => unknown>([
  ...WIRE_TYPES.map(({ oid, parse }) => [oid, parse] as const),
  [DATE_OID, (text) => text],
  [INT8_OID, Number],
]);

export function connectAdmin(databaseUrl: string): AdminSql {
  const pool = new Pool({
    connectionString: databaseUrl,
    types: { getTypeParser: (oid): unknown => parsers.get(oid) ?? types.getTypeParser(oid) },
  });
  // A server that goes down takes idle connections with it; the next query opens another.
  pool.on('error', () => undefined);
  return {
    query: async (text, params = []) => {
      // Several statements in one text give several results; the last one counts.
      const result: unknown = await pool.query(text, params.length === 0 ? undefined : [...params]);
      const last: unknown = Array.isArray(result) ? result.at(-1) : result;
      return resultOf.parse(last).rows;
    },
    end: () => endPool(pool),
  };
}

/**
 * pg's own end() is over before its connections are: a server that stops in between still tells them,
 * and nobody listens any more.
 */
async function endPool(pool: Pool): Promise<void> {
  let open = pool.totalCount;
  const closed = new Promise<void>((resolve) => {
    if (open === 0) resolve();
    pool.on('remove', () => {
      open -= 1;
      if (open === 0) resolve();
    });
  });
  await pool.end();
  await closed;
}

/** All statements on one connection, as a transaction needs. */
export async function withSession(
  databaseUrl: string,
  work: (session: SqlSession) => Promise<unknown>,
): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  const client = await pool.connect();
  try {
    await work({
      exec: async (sql) => {
        await client.query(sql);
      },
      query: async (sql, params) => resultOf.parse(await client.query(sql, [...params])).rows,
    });
  } finally {
    client.release();
    await endPool(pool);
  }
}
