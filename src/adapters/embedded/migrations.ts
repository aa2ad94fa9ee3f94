/**
 * Applies supabase/migrations with the bookkeeping of the supabase CLI, so that either can carry on
 * where the other stopped.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PlanlineError } from '../../core/errors.ts';
import { hasCode } from '../disk/process-identity.ts';

export interface Migration {
  /** Fourteen digits. */
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly sql: string;
}

/** A session with the rights of the database's owner; the statements of one call run in order. */
export interface SqlSession {
  /** Any number of statements. */
  exec(sql: string): Promise<void>;
  query(
    sql: string,
    params: readonly unknown[],
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const FILE_NAME = /^(\d{14})_(.+)\.sql$/;

/** In the order of their versions. Throws PlanlineError `setup` when there are none. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await filesIn(folder)).filter((file) => FILE_NAME.test(file)).toSorted();
  if (files.length === 0) throw noMigrations(folder);
  return Promise.all(files.map((file) => readMigration(folder, file)));
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw noMigrations(folder, error);
    throw error;
  }
}

function noMigrations(folder: string, cause?: unknown): PlanlineError {
  return new PlanlineError(
    'setup',
    `There are no migrations (<14 digits>_<name>.sql) in ${folder}. Install planline again.`,
    { cause },
  );
}

async function readMigration(folder: string, file: string): Promise<Migration> {
  const [, version = '', name = ''] = FILE_NAME.exec(file) ?? [];
  return { version, name, file, sql: await readFile(join(folder, file), 'utf8') };
}

const BOOKKEEPING_SQL = `
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;`;

/**
 * Applies those that are not recorded yet, each in a transaction of its own; returns their files.
 * Throws PlanlineError `setup`, with file and line, when one fails, and when the database has a
 * migration that is not among them.
 */
export async function applyMigrations(
  session: SqlSession,
  migrations: readonly Migration[],
): Promise<string[]> {
  await session.exec(BOOKKEEPING_SQL);
  const applied = await appliedVersions(session);
  refuseNewerDatabase(applied, migrations);
  const pending = migrations.filter(({ version }) => !applied.includes(version));
  for (const migration of pending) await applyMigration(session, migration);
  return pending.map(({ file }) => file);
}

async function appliedVersions(session: SqlSession): Promise<string[]> {
  const rows = await session.query(
    'select version from supabase_migrations.schema_migrations order by version',
    [],
  );
  return rows.map((row) => String(row['version']));
}

function refuseNewerDatabase(applied: readonly string[], migrations: readonly Migration[]): void {
  const unknown = applied.find((version) => migrations.every((known) => known.version !== version));
  if (unknown === undefined) return;
  throw new PlanlineError(
    'setup',
    `The database has migration ${unknown}, which this version of planline does not know: ` +
      'a newer planline has used it. Install that version again.',
  );
}

async function applyMigration(session: SqlSession, migration: Migration): Promise<void> {
  await session.exec('begin');
  try {
    await session.exec(migration.sql);
    await session.query(
      `insert into supabase_migrations.schema_migrations (version, name, statements)
       values ($1, $2, array[$3])`,
      [migration.version, migration.name, migration.sql],
    );
    await session.exec('commit');
  } catch (error) {
    await session.exec('rollback');
    throw migrationFailed(migration, error);
  }
}

function migrationFailed(migration: Migration, error: unknown): PlanlineError {
  const position = error instanceof Error && 'position' in error ? Number(error.position) : NaN;
  const line = Number.isNaN(position)
    ? ''
    : `:${migration.sql.slice(0, position).split('\n').length}`;
  return new PlanlineError(
    'setup',
    `Migration ${migration.file}${line} failed and was rolled back: ${messageOf(error)}.`,
    { cause: error },
  );
}
