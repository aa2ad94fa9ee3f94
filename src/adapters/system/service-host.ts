/** What installing a service does to the machine: one file, and the service manager's own commands. */
import { execFile } from 'node:child_process';
import { chmod, lchown, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { isErrno, onDisk } from '../disk/disk-error.ts';
import { makeFolder, readIfThere, syncFolder, writeFileWhole } from '../disk/durable.ts';

export interface Ran {
  /** Null when the program could not be started. */
  readonly code: number | null;
  readonly output: string;
}

export interface FolderOwner {
  readonly uid: number;
  readonly gid: number;
}

export interface ServiceHost {
  /** Null when there is no such file. */
  read(path: string): Promise<string | null>;
  /** The file appears whole or not at all, readable by everybody: it holds no secret. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes a folder of the daemon's own where it is missing; it and what had to be made above it are `owner`'s. */
  prepareFolder(path: string, owner: FolderOwner | null): Promise<void>;
  /** Mode bits of others and group; null when there is no such file or folder. */
  openTo(path: string): Promise<number | null>;
  run(program: string, args: readonly string[]): Promise<Ran>;
}

const FILE_MODE = 0o644;
const OTHERS = 0o077;

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Of a folder and those above it, from the top. */
async function missingFolders(path: string): Promise<string[]> {
  if ((await modeOf(path)) !== null) return [];
  return [...(await missingFolders(dirname(path))), path];
}

export const serviceHost: ServiceHost = {
  read: (path) =>
    onDisk('Reading', path, async () => (await readIfThere(path))?.toString('utf8') ?? null),

  write: (path, text) =>
    onDisk('Writing', path, async () => {
      await writeFileWhole(path, text);
      await chmod(path, FILE_MODE);
    }),

  remove: (path) =>
    onDisk('Removing', path, async () => {
      await rm(path);
      await syncFolder(dirname(path));
    }),

  prepareFolder: (path, owner) =>
    onDisk('Making', path, async () => {
      const missing = await missingFolders(path);
      await makeFolder(path);
      if (owner === null) return;
      for (const made of missing) await lchown(made, owner.uid, owner.gid);
    }),

  openTo: (path) =>
    onDisk('Reading', path, async () => {
      const mode = await modeOf(path);
      return mode === null ? null : mode & OTHERS;
    }),

  run: (program, args) =>
    new Promise((resolve) => {
      execFile(program, [...args], (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.trim();
        if (error === null) resolve({ code: 0, output });
        else if (typeof error.code === 'number') resolve({ code: error.code, output });
        else resolve({ code: null, output: messageOf(error) });
      });
    }),
};
