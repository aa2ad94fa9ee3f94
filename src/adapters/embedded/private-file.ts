/** Small files for the owner alone, which appear whole or not at all. */
import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hasCode } from '../disk/process-identity.ts';

const OWNER_ONLY = 0o600;

export async function writePrivateFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, content, { mode: OWNER_ONLY, flush: true });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The content, or null when there is no such file. A copied file may have lost its mode: it is set. */
export async function readPrivateFile(path: string): Promise<string | null> {
  try {
    await chmod(path, OWNER_ONLY);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
