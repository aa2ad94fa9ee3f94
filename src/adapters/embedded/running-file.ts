/** supabase.json: where the running embedded Supabase answers, and with which keys. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { readLock } from '../disk/process-lock.ts';
import type { ApiKeys } from './keys.ts';
import { homePaths } from './paths.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const runningFile = z.strictObject({
  url: z.url(),
  secret_key: z.string().min(1),
  publishable_key: z.string().min(1),
});

export interface Running extends ApiKeys {
  readonly url: string;
}

/**
 * The embedded Supabase that runs on this PLANLINE_HOME, or null. A file that a killed process left
 * behind counts for nothing: its process must be alive and hold the lock.
 */
export async function readRunning(home: string): Promise<Running | null> {
  const paths = homePaths(home);
  if ((await readLock(paths.lock)) === null) return null;
  const text = await readPrivateFile(paths.running);
  if (text === null) return null;
  const { url, secret_key, publishable_key } = runningFile.parse(JSON.parse(text));
  return { url, secretKey: secret_key, publishableKey: publishable_key };
}

export async function writeRunning(path: string, running: Running): Promise<void> {
  const content: z.infer<typeof runningFile> = {
    url: running.url,
    secret_key: running.secretKey,
    publishable_key: running.publishableKey,
  };
  await writePrivateFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

export async function removeRunning(path: string): Promise<void> {
  await rm(path, { force: true });
}
