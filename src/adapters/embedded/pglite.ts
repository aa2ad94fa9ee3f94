/** Opens PGlite's data directory. Only the holder of PLANLINE_HOME's lock may do so. */
import { chmod, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgliteConnection, type PgliteConnection } from '@supabase/lite/pglite';
import { PlanlineError } from '../../core/errors.ts';
import { hasCode } from '../disk/process-identity.ts';
import { DURABLE_START_PARAMS, DurableFolder, syncTree } from './durable-folder.ts';
import { HOSTED_DATABASE_SQL, HOSTED_ROLES_SQL } from './hosted-baseline.ts';
import type { SqlSession } from './migrations.ts';
import { WIRE_TYPES } from './wire-values.ts';

/** What @electric-sql/pglite 0.4 reads and writes. */
const POSTGRES_MAJOR = '17';

/** Creates the database on first use. Throws PlanlineError `setup` for one of another version. */
export async function openDatabase(directory: string): Promise<PgliteConnection> {
  const version = await storedVersion(directory);
  if (version === null) await createDatabase(directory);
  else if (version !== POSTGRES_MAJOR) throw otherVersion(directory, version);
  const connection = await createPgliteConnection({
    url: directory,
    pgliteOptions: {
      fs: new DurableFolder(directory),
      startParams: DURABLE_START_PARAMS,
      parsers: Object.fromEntries(WIRE_TYPES.map(({ oid, parse }) => [oid, parse])),
      // As PostgREST, which leaves reading the text of a value to PostgreSQL.
      serializers: Object.fromEntries(WIRE_TYPES.map(({ oid }) => [oid, String])),
    },
  });
  await connection.driver.waitReady;
  await connection.driver.exec(`${HOSTED_ROLES_SQL}\n${HOSTED_DATABASE_SQL}`);
  return connection;
}

/** Undoes what a migration may have set for the session, which is the only one there is. */
export async function resetSession(connection: PgliteConnection): Promise<void> {
  await connection.driver.exec(`reset role; reset all; set time zone 'UTC'`);
}

export function sqlSession(connection: PgliteConnection): SqlSession {
  const { driver } = connection;
  return {
    // Not connection.exec, which hides the cause of a failure.
    exec: async (sql) => {
      await driver.exec(sql);
    },
    query: async (sql, params) =>
      (await driver.query<Record<string, unknown>>(sql, [...params])).rows,
  };
}

async function storedVersion(directory: string): Promise<string | null> {
  try {
    return (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * Elsewhere first: a process that is killed while PGlite unpacks a new database leaves one that
 * looks whole and cannot be opened.
 */
async function createDatabase(directory: string): Promise<void> {
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  const database = await PGlite.create({ dataDir: draft });
  await database.close();
  await syncTree(draft);
  // PLANLINE_HOME may be a folder that others can read; the clients' data is not theirs to read.
  await chmod(draft, 0o700);
  try {
    await rename(draft, directory);
  } catch (error) {
    throw new PlanlineError(
      'setup',
      `${directory} is in the way and holds no database. Move it elsewhere and start again.`,
      { cause: error },
    );
  }
}

function otherVersion(directory: string, version: string): PlanlineError {
  return new PlanlineError(
    'setup',
    `${directory} was written by PostgreSQL ${version}; this planline reads ${POSTGRES_MAJOR}. ` +
      'Use the planline that wrote it, which has all leads; or set PLANLINE_HOME to another ' +
      'folder to begin with an empty database. The files of the runs stay in RUNS_DIR.',
  );
}
