/**
 * A real PostgreSQL in a temporary folder, set up as a hosted Supabase project is: `postgres` owns
 * the databases but is no superuser, the API roles exist, and new tables are granted to nobody.
 */
import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import {
  HOSTED_DATABASE_SQL,
  HOSTED_ROLES_SQL,
} from '../../src/adapters/embedded/hosted-baseline.ts';
import { findPostgresBin, type PostgresBin, programIn } from './postgres-bin.ts';
import { missingPackage, POSTGRESQL } from './system-packages.ts';
import { spawnTied, type TiedProcess } from './tied-process.ts';

const run = promisify(execFile);

export interface TestPostgres {
  readonly major: number;
  /** A new database as a fresh hosted project has it; returns its URL, with the rights of `postgres`. */
  createDatabase(name: string): Promise<string>;
  /** Down, as for a restart: connections are cut, nobody answers until `resume`. */
  interrupt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Null when a PostgreSQL can be started here, else why not and what to install. */
export function postgresUnavailable(): string | null {
  return POSTGRESQL.present() ? null : missingPackage(POSTGRESQL);
}

const SUPERUSER = 'supabase_admin';
const TEMPLATE = 'hosted_template';

const HOSTED_CLUSTER_SQL: readonly string[] = [
  'create role postgres login createdb createrole bypassrls replication',
  HOSTED_ROLES_SQL,
  'create role authenticator login noinherit',
  'grant anon, authenticated, service_role to authenticator',
  'grant anon, authenticated, service_role to postgres with admin option',
  `create database ${TEMPLATE} owner postgres`,
];

export async function startPostgres(): Promise<TestPostgres> {
  const bin = findPostgresBin();
  if (bin === null) throw new Error(missingPackage(POSTGRESQL));
  const folder = await mkdtemp(join(tmpdir(), 'planline-pg-'));
  const user = await unprivilegedUser();
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  await initialize(bin, folder, user);
  const port = await freePort();
  let server = startServer(bin, folder, port, user);
  const urlOf = (role: string, database: string): string =>
    `postgres://${role}@127.0.0.1:${port}/${database}`;
  const stop = async (): Promise<void> => {
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for its clients.
    await server.stop('SIGINT');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(server, urlOf(SUPERUSER, 'postgres'));
    await setUp(urlOf);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    major: bin.major,
    async createDatabase(name) {
      await execute(urlOf(SUPERUSER, 'postgres'), [
        `create database ${quoteName(name)} template ${TEMPLATE} owner postgres`,
      ]);
      return urlOf('postgres', name);
    },
    interrupt: () => server.stop('SIGINT'),
    async resume() {
      server = startServer(bin, folder, port, user);
      await waitUntilReady(server, urlOf(SUPERUSER, 'postgres'));
    },
    stop,
  };
}

async function setUp(urlOf: (role: string, database: string) => string): Promise<void> {
  await execute(urlOf(SUPERUSER, 'postgres'), HOSTED_CLUSTER_SQL);
  await execute(urlOf('postgres', TEMPLATE), [HOSTED_DATABASE_SQL]);
}

/** initdb and postgres refuse to run as root. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (userInfo().uid !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // id fails for a user that does not exist: the next one is tried.
    }
  }
  throw new Error(
    'PostgreSQL cannot run as root, and there is neither a user postgres nor nobody.',
  );
}

async function initialize(
  bin: PostgresBin,
  folder: string,
  user: { uid: number; gid: number } | undefined,
): Promise<void> {
  const args = ['--pgdata', join(folder, 'data'), '--username', SUPERUSER];
  const settings = [
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  await run(programIn(bin, 'initdb'), [...args, ...settings], { ...user, cwd: folder });
}

function startServer(
  bin: PostgresBin,
  folder: string,
  port: number,
  user: { uid: number; gid: number } | undefined,
): TiedProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: process.platform === 'win32' ? '' : folder,
    timezone: 'UTC',
    // A publication without logical decoding is allowed, but warns.
    wal_level: 'logical',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawnTied(programIn(bin, 'postgres'), ['-D', join(folder, 'data'), ...args], {
    cwd: folder,
    ...(user === undefined ? {} : { user }),
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return address.port;
}

async function waitUntilReady(server: TiedProcess, url: string): Promise<void> {
  for (;;) {
    if (server.ended()) throw new Error(`PostgreSQL did not start:\n${server.output()}`);
    try {
      await execute(url, ['select 1']);
      return;
    } catch {
      // Refused until it listens; whether it ended instead is looked at above.
      await sleep(50);
    }
  }
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
