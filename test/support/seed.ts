/**
 * A database as the first start makes it, made once for all end-to-end tests: each of them would
 * otherwise spend seconds on creating the same empty one. One test makes its own, as a new user does.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { homePaths } from '../../src/adapters/embedded/paths.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { recordingLog } from './recording-log.ts';

const SEED = 'PLANLINE_TEST_SEED';

/** vitest's globalSetup of the e2e project. */
export default async function makeSeed(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'planline-seed-'));
  const embedded = await startEmbedded({ home, migrationsDir, log: recordingLog() });
  await embedded.stop();
  process.env[SEED] = home;
  return () => rm(home, { recursive: true, force: true });
}

/** Puts the seed into a PLANLINE_HOME that is not there yet. */
export async function seedHome(home: string): Promise<void> {
  const seed = process.env[SEED];
  if (seed === undefined) throw new Error('the e2e project runs test/support/seed.ts first');
  await mkdir(home, { recursive: true, mode: 0o700 });
  await cp(homePaths(seed).database, homePaths(home).database, { recursive: true });
}
