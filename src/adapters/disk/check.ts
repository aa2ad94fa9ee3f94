/** What doctor asks the disk: can planline's folders be written, and is there room? */
import { access, constants, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding } from '../../ports.ts';

const MB = 1024 * 1024;
/** A run with its zip takes a few megabytes; below this not even the log is sure of its place. */
const LEAST_FREE_BYTES = 100 * MB;
const FEW_FREE_BYTES = 1024 * MB;

export interface CheckedFolder {
  /** The setting that names it. */
  readonly setting: string;
  readonly path: string;
  /** Nobody else on this machine may look in: keys or clients' texts are there. */
  readonly isPrivate: boolean;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'it is not a folder',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return REASONS[code] ?? code;
}

/** The folder itself, or the nearest one above it that is there. */
async function existing(path: string): Promise<string> {
  try {
    await access(path, constants.F_OK);
    return path;
  } catch {
    // Not there, or out of sight: what is above it answers for it.
    return dirname(path) === path ? path : existing(dirname(path));
  }
}

/** Writing is tried, not asked for: a mount may be read-only whatever the modes say. */
async function tryToWrite(path: string): Promise<void> {
  const probe = join(path, `.planline-doctor-${process.pid}`);
  await writeFile(probe, '', { mode: 0o600 });
  await rm(probe, { force: true });
}

function spaceFinding(name: string, path: string, freeBytes: number): Finding | null {
  if (freeBytes >= FEW_FREE_BYTES) return null;
  return {
    name,
    level: freeBytes < LEAST_FREE_BYTES ? 'error' : 'warning',
    detail: `${path}: ${Math.floor(freeBytes / MB)} MB are left`,
    action: `Make room on that disk, or set ${name} to a folder on another one.`,
  };
}

function opennessFinding(name: string, path: string, mode: number): Finding | null {
  if (process.platform === 'win32' || (mode & 0o022) === 0) return null;
  return {
    name,
    level: 'warning',
    detail: `${path} may be changed by other users of this machine`,
    action: `Run: chmod go-w '${path}'`,
  };
}

async function folderFinding(folder: CheckedFolder): Promise<Finding> {
  const { setting: name, path, isPrivate } = folder;
  const found = await existing(path);
  try {
    await tryToWrite(found);
    const { bavail, bsize } = await statfs(found);
    const { mode } = await stat(found);
    const space = spaceFinding(name, path, bavail * bsize);
    const openness = isPrivate && found === path ? opennessFinding(name, path, mode) : null;
    const room = `${Math.floor((bavail * bsize) / (1024 * MB))} GB free`;
    const well =
      found === path ? `${path}: ${room}` : `${path} is made at the first start; ${room}`;
    return space ?? openness ?? { name, level: 'ok', detail: well, action: null };
  } catch (error) {
    return {
      name,
      level: 'error',
      detail: `${found} cannot be written to (${reasonOf(error)})`,
      action: `Give the user that runs planline the right to write there, or set ${name} to another folder.`,
    };
  }
}

export async function checkFolders(folders: readonly CheckedFolder[]): Promise<Finding[]> {
  return Promise.all(folders.map(folderFinding));
}
