import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder, for suites whose tests share one. */
export async function makeTempFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'planline-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 20 }) };
}

/** A new empty folder that is removed when the test that asked for it ends. */
export async function tempFolder(): Promise<string> {
  const { path, remove } = await makeTempFolder();
  onTestFinished(remove);
  return path;
}
