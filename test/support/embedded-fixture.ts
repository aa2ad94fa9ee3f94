/** Embedded Supabases for tests of themselves: stopped, and their folders removed, when a test ends. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, onTestFinished } from 'vitest';
import { lookUpProcess } from '../../src/adapters/disk/process-identity.ts';
import { readLock } from '../../src/adapters/disk/process-lock.ts';
import { type Embedded, startEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { homePaths } from '../../src/adapters/embedded/paths.ts';
import { openDatabase } from '../../src/adapters/embedded/pglite.ts';
import { PROBE_MIGRATIONS } from './probe-migrations.ts';
import { recordingLog } from './recording-log.ts';
import { tempFolder } from './temp-folder.ts';

let template: Promise<string> | undefined;

afterAll(async () => {
  if (template !== undefined) await rm(await template, { recursive: true, force: true });
});

/** A PLANLINE_HOME with a new database, as the first start would make it in several seconds. */
export async function seededHome(): Promise<string> {
  template ??= makeTemplate();
  const home = await tempFolder();
  await cp(join(await template, 'database'), homePaths(home).database, { recursive: true });
  return home;
}

async function makeTemplate(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'planline-template-'));
  const connection = await openDatabase(join(folder, 'database'));
  await connection.close();
  return folder;
}

export async function startForTest(
  home: string,
  options: Partial<Parameters<typeof startEmbedded>[0]> = {},
): Promise<Embedded> {
  const defaults = { home, migrationsDir: PROBE_MIGRATIONS, log: recordingLog() };
  const embedded = await startEmbedded({ ...defaults, ...options });
  onTestFinished(() => embedded.stop());
  return embedded;
}

/** The pid of the process that holds PLANLINE_HOME. */
export async function pidOf(home: string): Promise<number> {
  const holder = await readLock(homePaths(home).lock);
  if (holder === null) throw new Error(`nobody holds ${home}`);
  return holder.pid;
}

export async function untilGone(pid: number): Promise<void> {
  while ((await lookUpProcess(pid)) !== null) await sleep(20);
}
