/** Puts the embedded Supabase together: lock, database, migrations, REST, Realtime, one port. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PgliteConnection } from '@supabase/lite/pglite';
import { z } from 'zod';
import { isPlanlineError, messageOf, PlanlineError } from '../../core/errors.ts';
import type { Log } from '../../ports.ts';
import { hasCode, isAlive } from '../disk/process-identity.ts';
import { acquireLock, type Lock, readLock } from '../disk/process-lock.ts';
import { describeError } from './child-log.ts';
import { type ApiKeys, loadOrCreateKeys } from './keys.ts';
import { createMaintenance, type Maintenance } from './maintenance.ts';
import type { StartOrder } from './messages.ts';
import { applyMigrations, readMigrations } from './migrations.ts';
import { createHome, homePaths, type HomePaths } from './paths.ts';
import { openDatabase, resetSession, sqlSession } from './pglite.ts';
import { listenOnPort } from './port.ts';
import { createRealtimeBridge } from './realtime/bridge.ts';
import { CHANNEL, installTriggers } from './realtime/triggers.ts';
import { createRest } from './rest.ts';
import { removeRunning, type Running, writeRunning } from './running-file.ts';
import { createSerial, type Serial } from './serial.ts';
import { listen } from './server.ts';

const rowsOf = z.array(z.record(z.string(), z.unknown()));

/** How long a start waits for an embedded Supabase whose daemon was killed and which is ending. */
const ORPHAN_LIMIT_MS = 15_000;
const ORPHAN_POLL_MS = 100;

export interface OpenEmbedded extends Running {
  /** One statement with the rights of the database's owner. */
  sql(text: string, params: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Finishes what is under way and leaves everything whole. */
  close(): Promise<void>;
}

export interface Surroundings {
  readonly log: Log;
  /** Called when the database answers no more: the process is of no use then. */
  readonly onBroken: (reason: PlanlineError) => void;
}

/** What has to be undone at the end, or when a later step of the start fails: last in, first out. */
type Undo = (() => Promise<void>)[];

/** Throws PlanlineError: `usage` (lock held, port taken), `setup` (database, migrations), `config`. */
export async function openEmbedded(
  order: StartOrder,
  surroundings: Surroundings,
): Promise<OpenEmbedded> {
  const undo: Undo = [];
  try {
    return await open(order, surroundings, undo);
  } catch (error) {
    await undoAll(undo);
    throw explain(error, order.home);
  }
}

/** What the system refuses under PLANLINE_HOME is for the user to mend. */
function explain(error: unknown, home: string): unknown {
  const refused = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR'].some((code) =>
    hasCode(error, code),
  );
  if (!refused) return error;
  return new PlanlineError(
    'config',
    `PLANLINE_HOME ${home} cannot be used: ${messageOf(error)}. ` +
      'Make it a folder that is yours to write, with room on its disk.',
    { cause: error },
  );
}

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).toReversed()) await step();
}

async function open(
  order: StartOrder,
  surroundings: Surroundings,
  undo: Undo,
): Promise<OpenEmbedded> {
  const paths = homePaths(order.home);
  const migrations = await readMigrations(order.migrationsDir);
  await createHome(paths.home);
  const keys = await claimHome(paths, undo);
  const serial = createSerial();
  const connection = await openDatabase(paths.database);
  undo.push(() => serial(() => closeDatabase(connection)));
  const session = sqlSession(connection);
  for (const file of await applyMigrations(session, migrations)) {
    surroundings.log.info({ file }, 'migration applied');
  }
  const realtime = createRealtimeBridge(await installTriggers(session));
  await resetSession(connection);
  await connection.driver.listen(CHANNEL, (payload) => realtime.publish(payload));
  const maintenance = startMaintenance(connection, serial, surroundings.log, undo);
  const rest = await serialRest({ connection, keys, serial, maintenance, surroundings });
  const { secretKey } = keys;
  const server = await listenOnPort(
    { wanted: order.port, rememberedIn: paths.port, log: surroundings.log },
    (port) => listen(port, { rest, realtime, secretKey }),
  );
  undo.push(() => server.close());
  const running: Running = { url: server.url, ...keys };
  await writeRunning(paths.running, running);
  undo.push(() => removeRunning(paths.running));
  return {
    ...running,
    sql: (text, params) => serial(() => runSql(connection, text, params)),
    close: () => undoAll(undo),
  };
}

/** Takes the lock; what a killed predecessor said about itself is wiped. */
async function claimHome(paths: HomePaths, undo: Undo): Promise<ApiKeys> {
  const lock = await takeLock(paths.lock);
  undo.push(() => lock.release());
  await removeRunning(paths.running);
  return loadOrCreateKeys(paths.keys);
}

async function takeLock(path: string): Promise<Lock> {
  const deadlineMs = performance.now() + ORPHAN_LIMIT_MS;
  for (;;) {
    try {
      return await acquireLock(path, {
        purpose: 'the embedded Supabase',
        servantOfPid: process.ppid,
      });
    } catch (error) {
      const hopeless = !isPlanlineError(error, 'usage') || performance.now() > deadlineMs;
      if (hopeless || !(await isEnding(path))) throw error;
      await sleep(ORPHAN_POLL_MS);
    }
  }
}

/** The daemon that the holder serves was killed, so the holder is about to end as well. */
async function isEnding(lock: string): Promise<boolean> {
  const holder = await readLock(lock);
  if (holder === null) return true;
  return holder.servantOf !== null && !(await isAlive(holder.servantOf));
}

async function closeDatabase(connection: PgliteConnection): Promise<void> {
  await connection.driver.exec('checkpoint');
  await connection.close();
}

function startMaintenance(
  connection: PgliteConnection,
  serial: Serial,
  log: Log,
  undo: Undo,
): Maintenance {
  const maintenance = createMaintenance(
    (sql) =>
      serial(async () => {
        await connection.driver.exec(sql);
      }),
    log,
  );
  maintenance.start();
  undo.push(async () => maintenance.stop());
  return maintenance;
}

const READ_ONLY = new Set(['GET', 'HEAD', 'OPTIONS']);

async function serialRest(parts: {
  connection: PgliteConnection;
  keys: ApiKeys;
  serial: Serial;
  maintenance: Maintenance;
  surroundings: Surroundings;
}): Promise<(request: Request) => Promise<Response>> {
  const { connection, serial, maintenance } = parts;
  const { log, onBroken } = parts.surroundings;
  const rest = await createRest(connection, parts.keys);
  return async (request) => {
    if (!READ_ONLY.has(request.method)) maintenance.noteWrite();
    return serial(async () => {
      const response = await rest.handle(request);
      await endTransaction(connection);
      if (response.status >= 500 && !(await answers(connection, log))) {
        onBroken(new PlanlineError('unavailable', 'The embedded database answers no more.'));
      }
      return response;
    });
  };
}

/** The session goes on to the next request, which must not find itself in this one's transaction. */
async function endTransaction(connection: PgliteConnection): Promise<void> {
  if (connection.driver.isInTransaction()) await connection.driver.exec('rollback');
}

/** A crash of PGlite leaves nothing that answers. */
async function answers(connection: PgliteConnection, log: Log): Promise<boolean> {
  try {
    await connection.driver.exec('select 1');
    return true;
  } catch (error) {
    log.error({ error: describeError(error) }, 'the embedded database is broken');
    return false;
  }
}

async function runSql(
  connection: PgliteConnection,
  text: string,
  params: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  try {
    const results =
      params.length === 0
        ? await connection.driver.exec(text)
        : [await connection.driver.query(text, [...params])];
    return rowsOf.parse(results.at(-1)?.rows ?? []);
  } finally {
    await endTransaction(connection);
    await resetSession(connection);
    // The statement may have changed the schema.
    await connection.clearSchemaCache();
  }
}
