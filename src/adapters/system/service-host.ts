/** What installing a service does to the machine: one file, and the service manager's own commands. */
import { execFile } from 'node:child_process';
import { chmod, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { onDisk } from '../disk/disk-error.ts';
import { makeFolder, readIfThere, syncFolder, writeFileWhole } from '../disk/durable.ts';

export interface Ran {
  /** Null when the program could not be started. */
  readonly code: number | null;
  readonly output: string;
}

export interface ServiceHost {
  /** Null when there is no such file. */
  read(path: string): Promise<string | null>;
  /** The file appears whole or not at all, readable by everybody: it holds no secret. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes a folder of the daemon's own. */
  prepareFolder(path: string): Promise<void>;
  /** Mode bits of others and group; null when there is no such file. */
  openTo(path: string): Promise<number | null>;
  run(program: string, args: readonly string[]): Promise<Ran>;
}

const FILE_MODE = 0o644;
const OTHERS = 0o077;

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

  prepareFolder: (path) => onDisk('Making', path, () => makeFolder(path)),

  openTo: (path) =>
    onDisk('Reading', path, async () =>
      (await readIfThere(path)) === null ? null : (await stat(path)).mode & OTHERS,
    ),

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
