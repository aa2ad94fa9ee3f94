/**
 * A project as planline's tests have it: PostgreSQL behind the real PostgREST. There is no real Realtime
 * server here, so the embedded server's bridge stands in its place, fed by triggers with NOTIFY.
 */
import { Client } from 'pg';
import { applyMigrations, readMigrations } from '../../src/adapters/embedded/migrations.ts';
import { createRealtimeBridge } from '../../src/adapters/embedded/realtime/bridge.ts';
import {
  CHANNEL,
  installTriggers,
  type PublishedTable,
} from '../../src/adapters/embedded/realtime/triggers.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { connectAdmin, type Rows, withSession } from '../../test/support/admin-sql.ts';
import { startPostgres, type TestPostgres } from '../../test/support/postgres.ts';
import { startPostgrest } from '../../test/support/postgrest.ts';
import { undoing } from './undoing.ts';

export interface Project {
  readonly url: string;
  readonly secretKey: string;
  /** Directly, with the rights of the database's owner. */
  readonly sql: (text: string, params?: readonly unknown[]) => Promise<Rows>;
  stop(): Promise<void>;
}

/** A database of the server with planline's tables, and what Realtime publishes of them. */
async function createProjectDatabase(
  postgres: TestPostgres,
  name: string,
): Promise<{ databaseUrl: string; published: readonly PublishedTable[] }> {
  const databaseUrl = await postgres.createDatabase(name);
  const migrations = await readMigrations(migrationsDir);
  let published: readonly PublishedTable[] = [];
  await withSession(databaseUrl, async (session) => {
    await applyMigrations(session, migrations);
    published = await installTriggers(session);
  });
  return { databaseUrl, published };
}

export async function startProject(postgres: TestPostgres, name: string): Promise<Project> {
  const undo = undoing();
  try {
    const { databaseUrl, published } = await createProjectDatabase(postgres, name);
    const realtime = createRealtimeBridge(published);
    const listener = new Client({ connectionString: databaseUrl });
    await listener.connect();
    undo.add(() => listener.end());
    listener.on('notification', ({ payload }) => realtime.publish(payload ?? ''));
    await listener.query(`listen ${CHANNEL}`);
    const postgrest = await startPostgrest({ databaseUrl, realtime });
    undo.add(() => postgrest.stop());
    undo.add(async () => realtime.close());
    const admin = connectAdmin(databaseUrl);
    undo.add(() => admin.end());
    const { url, serviceKey: secretKey } = postgrest;
    return { url, secretKey, sql: admin.query, stop: () => undo.all() };
  } catch (error) {
    await undo.all();
    throw error;
  }
}

/** One server for all subjects of a suite. */
export async function withPostgres<T>(work: (postgres: TestPostgres) => Promise<T>): Promise<T> {
  const postgres = await startPostgres();
  try {
    return await work(postgres);
  } finally {
    await postgres.stop();
  }
}
