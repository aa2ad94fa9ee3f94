import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder that is removed when the test that asked for it ends. */
export async function tempFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'planline-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
