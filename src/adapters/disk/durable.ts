/** Files that appear whole or not at all and are still there after a power cut. */
import { type FileHandle, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrno } from './disk-error.ts';
import { giveToOwner } from './owner.ts';
import { openTemporary, type Temporary } from './temporary.ts';

/** Everything planline keeps of a client is personal: nobody else on the machine reads it. */
const FOLDER_MODE = 0o700;

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder as a file and needs no such call.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems know no sync of folders; their server keeps names by itself.
    if (!isErrno(error, 'EINVAL', 'ENOTSUP', 'ENOSYS')) throw error;
  } finally {
    await folder.close();
  }
}

/** Folders that are being made: whoever needs one waits until it is durable, not only there. */
const making = new Map<string, Promise<void>>();

async function makeOne(path: string): Promise<'made' | 'was there' | 'no parent'> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    await giveToOwner(path);
    return 'made';
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return 'was there';
    if (isErrno(error, 'ENOENT')) return 'no parent';
    throw error;
  }
}

async function makeWithParents(path: string): Promise<void> {
  let outcome = await makeOne(path);
  if (outcome === 'no parent' && dirname(path) !== path) {
    await makeFolder(dirname(path));
    outcome = await makeOne(path);
  }
  if (outcome === 'made') await syncFolder(dirname(path));
}

/** Makes a folder and its parents, durably; nothing when it is there. */
export function makeFolder(path: string): Promise<void> {
  const running = making.get(path);
  if (running !== undefined) return running;
  const made = makeWithParents(path).finally(() => making.delete(path));
  making.set(path, made);
  return made;
}

/** Instants within a write, for crash points. */
export interface Moments {
  /** Whole and durable under its temporary name. */
  written(): void;
  /** Durable under its own name. */
  renamed(): void;
}

const UNOBSERVED: Moments = { written: () => undefined, renamed: () => undefined };

type Fill<T> = (file: FileHandle, temporaryPath: string) => Promise<T>;

async function fillDurably<T>({ file, path }: Temporary, fill: Fill<T>): Promise<T> {
  try {
    await giveToOwner(path);
    const result = await fill(file, path);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

/** Opens a file by `openIt`, its folder made when needed: it is there for all files but the first. */
export async function openInFolder<T>(path: string, openIt: () => Promise<T>): Promise<T> {
  await making.get(dirname(path));
  try {
    const opened = await openIt();
    // Somebody may have made it meanwhile: it is to be durable before what is in it. Who makes it gets
    // the error.
    await Promise.allSettled([making.get(dirname(path))]);
    return opened;
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    await makeFolder(dirname(path));
    return await openIt();
  }
}

/**
 * Writes a file under a temporary name by `fill`, makes it durable and renames it to `path`. When
 * `fill` throws, `path` stays as it was.
 */
export async function replaceFile<T>(
  path: string,
  fill: Fill<T>,
  moments: Moments = UNOBSERVED,
): Promise<T> {
  const temporary = await openInFolder(path, () => openTemporary(path));
  try {
    const result = await fillDurably(temporary, fill);
    moments.written();
    await rename(temporary.path, path);
    await syncFolder(dirname(path));
    moments.renamed();
    return result;
  } catch (error) {
    await rm(temporary.path, { force: true });
    throw error;
  } finally {
    temporary.forget();
  }
}

export async function writeFileWhole(
  path: string,
  content: string | Uint8Array,
  moments?: Moments,
): Promise<void> {
  await replaceFile(path, (file) => file.writeFile(content), moments);
}

/** Null when there is no such file. */
export async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

/** The first of `name(0)`, `name(1)` … that nothing in the folder bears. */
export async function freePath(folder: string, name: (n: number) => string): Promise<string> {
  for (let n = 0; ; n += 1) {
    const path = join(folder, name(n));
    if (!(await isThere(path))) return path;
  }
}

/** Renames durably, never over something: a taken name gets a number. Returns the new path. */
export async function moveAside(path: string, name: (n: number) => string): Promise<string> {
  const target = await freePath(dirname(path), name);
  await rename(path, target);
  await syncFolder(dirname(path));
  return target;
}
