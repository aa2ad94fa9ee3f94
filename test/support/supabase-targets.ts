/**
 * The three kinds of Supabase that planline must run on, for contract suites that hold on all of
 * them: the embedded one, and a hosted one as far as it can be had without an account.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { applyMigrations, readMigrations } from '../../src/adapters/embedded/migrations.ts';
import { connectAdmin, type Rows, withSession } from './admin-sql.ts';
import { isWhole } from './extent.ts';
import { startLiteOnPostgres } from './lite-on-postgres.ts';
import { findPostgresBin } from './postgres-bin.ts';
import { postgresUnavailable, startPostgres } from './postgres.ts';
import { postgrestUnavailable, startPostgrest } from './postgrest.ts';
import { recordingLog } from './recording-log.ts';

export interface RunningTarget {
  readonly url: string;
  /** Acts as service_role. */
  readonly secretKey: string;
  /** Acts as anon. */
  readonly publishableKey: string;
  /** As in Studio's SQL editor: directly, with the rights of the database's owner. */
  readonly sql: (text: string, params?: readonly unknown[]) => Promise<Rows>;
  readonly stop: () => Promise<void>;
  /** Takes the database itself down and brings it back; null where it cannot be taken down alone. */
  readonly outage: { begin(): Promise<void>; end(): Promise<void> } | null;
}

export interface SupabaseTarget {
  readonly name: string;
  /** Null when it can be started here, else why not and what to install. */
  readonly available: () => string | null;
  /** A new database with the migrations of the folder applied. */
  readonly start: (options: { migrationsDir: string }) => Promise<RunningTarget>;
}

const major = findPostgresBin()?.major ?? 15;

export const supabaseTargets: readonly SupabaseTarget[] = [
  { name: 'embedded (PGlite)', available: () => null, start: startEmbeddedTarget },
  {
    name: `lite on PostgreSQL ${major}`,
    available: postgresUnavailable,
    start: (options) =>
      startOnPostgres(options.migrationsDir, async (databaseUrl) =>
        startLiteOnPostgres({ databaseUrl }),
      ),
  },
  {
    name: `PostgREST on PostgreSQL ${major}`,
    available: () => postgresUnavailable() ?? postgrestUnavailable(),
    start: (options) =>
      startOnPostgres(options.migrationsDir, async (databaseUrl) => {
        const { serviceKey, anonKey, ...rest } = await startPostgrest({ databaseUrl });
        return { ...rest, secretKey: serviceKey, publishableKey: anonKey };
      }),
  },
];

/** Runs a suite on each kind of Supabase: what stands in the database, or is written in SQL. */
export function describeOnTargets(title: string, suite: (target: SupabaseTarget) => void): void {
  describeOn(supabaseTargets, title, suite);
}

/**
 * For a suite of what stands on contracts that are held on each kind already: in a slice it runs as a
 * hosted project would have it, on each kind when all is tested.
 */
export function describeAsHosted(title: string, suite: (target: SupabaseTarget) => void): void {
  describeOn(isWhole ? supabaseTargets : supabaseTargets.slice(-1), title, suite);
}

/**
 * A kind that is not available here is skipped with a line that says what to install; with CI set it
 * fails instead.
 */
function describeOn(
  targets: readonly SupabaseTarget[],
  title: string,
  suite: (target: SupabaseTarget) => void,
): void {
  const [here, elsewhere] = [true, false].map((wanted) =>
    targets.filter((target) => (target.available() === null) === wanted),
  );
  describe.each(here ?? [])(`${title} on $name`, (target) => {
    suite(target);
  });
  for (const target of elsewhere ?? []) announceMissing(`${title} on ${target.name}`, target);
}

function announceMissing(title: string, target: SupabaseTarget): void {
  const inCi = process.env['CI'] !== undefined;
  if (!inCi) process.stderr.write(`Skipped: ${title}. ${target.available()}\n`);
  describe.runIf(inCi)(`${title} (not available here)`, () => {
    it('is available', () => {
      expect(target.available()).toBeNull();
    });
  });
}

async function startEmbeddedTarget(options: { migrationsDir: string }): Promise<RunningTarget> {
  const home = await mkdtemp(join(tmpdir(), 'planline-home-'));
  const remove = (): Promise<void> => rm(home, { recursive: true, force: true });
  try {
    const embedded = await startEmbedded({ ...options, home, log: recordingLog() });
    const { url, secretKey, publishableKey } = embedded;
    const stop = async (): Promise<void> => {
      await embedded.stop();
      await remove();
    };
    const sql: RunningTarget['sql'] = (...all) => embedded.sql(...all);
    return { url, secretKey, publishableKey, sql, stop, outage: null };
  } catch (error) {
    await remove();
    throw error;
  }
}

type Api = Omit<RunningTarget, 'sql' | 'outage'>;

async function startOnPostgres(
  migrationsDir: string,
  startApi: (databaseUrl: string) => Promise<Api>,
): Promise<RunningTarget> {
  const postgres = await startPostgres();
  try {
    const databaseUrl = await postgres.createDatabase('planline');
    const migrations = await readMigrations(migrationsDir);
    await withSession(databaseUrl, (session) => applyMigrations(session, migrations));
    const api = await startApi(databaseUrl);
    const admin = connectAdmin(databaseUrl);
    const stop = async (): Promise<void> => {
      await admin.end();
      await api.stop();
      await postgres.stop();
    };
    const outage = { begin: () => postgres.interrupt(), end: () => postgres.resume() };
    return { ...api, sql: admin.query, stop, outage };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
