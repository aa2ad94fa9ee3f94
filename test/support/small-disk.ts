/** A disk of its own for a test: small, to be filled up or made read-only. Linux as root only. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isErrno } from '../../src/adapters/disk/disk-error.ts';

const run = promisify(execFile);

/** Null when one can be mounted here, else why not. */
export function smallDiskUnavailable(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return 'A small disk can only be mounted on Linux as root. Run the tests so, or in a container.';
  }
  // A container may be root and still have no right to mount.
  const tried = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return tried.status === 0 ? null : 'This system lets nobody mount a disk.';
}

export interface SmallDisk {
  readonly path: string;
  /** Leaves about so many bytes. */
  fill(leaveBytes: number): Promise<void>;
  /** Takes away what `fill` wrote. */
  empty(): Promise<void>;
  readOnly(): Promise<void>;
  writable(): Promise<void>;
  unmount(): Promise<void>;
}

const FILLER = '.filler';
const CHUNK = 4_096;

export async function mountSmallDisk(path: string, bytes: number): Promise<SmallDisk> {
  await mkdir(path, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  const filler = join(path, FILLER);

  async function freeBytes(): Promise<number> {
    const { stdout } = await run('df', ['--output=avail', '-B1', path]);
    return Number(stdout.trim().split('\n').at(-1));
  }

  return {
    path,
    async fill(leaveBytes) {
      for (let left = (await freeBytes()) - leaveBytes; left >= CHUNK; left -= CHUNK) {
        try {
          await writeFile(filler, Buffer.alloc(CHUNK), { flag: 'a' });
        } catch (error) {
          if (!isErrno(error, 'ENOSPC')) throw error;
          return;
        }
      }
    },
    empty: () => rm(filler, { force: true }),
    readOnly: async () => void (await run('mount', ['-o', 'remount,ro', path])),
    writable: async () => void (await run('mount', ['-o', 'remount,rw', path])),
    unmount: async () => void (await run('umount', ['-l', path])),
  };
}
