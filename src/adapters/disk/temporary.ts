/**
 * Temporary names: `.<name>.<pid>.<n>.tmp` beside the file that is to appear. A process that was
 * killed leaves them behind; nobody reads them, and whoever writes to the folder next removes them.
 */
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isErrno } from './disk-error.ts';

const TEMPORARY = /^\..+\.(\d+)\.\d+\.tmp$/;

export const FILE_MODE = 0o600;

/** Those that this process is writing just now: its own number says nothing, numbers come again. */
const inProgress = new Set<string>();
let opened = 0;

export interface Temporary {
  readonly path: string;
  readonly file: FileHandle;
  /** To be called when the file was renamed or given up. */
  forget(): void;
}

export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** A new empty file beside `target`, open for reading and writing. */
export async function openTemporary(target: string): Promise<Temporary> {
  for (;;) {
    opened += 1;
    const path = join(dirname(target), `.${basename(target)}.${process.pid}.${opened}.tmp`);
    inProgress.add(path);
    try {
      const file = await open(path, 'wx+', FILE_MODE);
      return { path, file, forget: () => inProgress.delete(path) };
    } catch (error) {
      inProgress.delete(path);
      // Left behind by an earlier process of the same number: take the next name.
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return !isErrno(error, 'ESRCH');
  }
}

function isLeftOver(path: string): boolean {
  const pid = Number(TEMPORARY.exec(basename(path))?.[1]);
  return pid === process.pid ? !inProgress.has(path) : !isRunning(pid);
}

/** Removes the temporary files of dead processes from a folder; nothing when it is not there. */
export async function removeLeftOvers(
  folder: string,
  options: { recursive: boolean },
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, ...options }).catch(
    (error: unknown) => {
      if (isErrno(error, 'ENOENT')) return [];
      throw error;
    },
  );
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && isTemporary(entry.name) && isLeftOver(path)) {
      await rm(path, { force: true });
    }
  }
}
