/** What lies below a folder. */
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isErrno } from './disk-error.ts';
import { isTemporary } from './temporary.ts';

export interface Walk {
  /** Relative to the base, with forward slashes, sorted. */
  readonly files: readonly string[];
  /** The same for what is neither a file nor a folder: links, pipes … */
  readonly others: readonly string[];
}

/** Everything below `folder`, named relative to `base`; nothing when it is not there. */
export async function walk(base: string, folder: string): Promise<Walk> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(
    (error: unknown) => {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
      throw error;
    },
  );
  const files: string[] = [];
  const others: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() || (entry.isFile() && isTemporary(entry.name))) continue;
    const path = relative(base, join(entry.parentPath, entry.name)).split(sep).join('/');
    (entry.isFile() ? files : others).push(path);
  }
  return { files: files.toSorted(), others: others.toSorted() };
}
