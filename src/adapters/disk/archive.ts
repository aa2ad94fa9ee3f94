/** A finished run as one zip, and the end of its folder once the zip is known to hold all of it. */
import { type FileHandle, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isOutsideZip } from '../../core/archive-receipt.ts';
import { PlanlineError } from '../../core/errors.ts';
import type { CrashPoints, ZippedRun, ZipState } from '../../ports.ts';
import { isErrno } from './disk-error.ts';
import { isThere, makeFolder, moveAside, replaceFile, syncFolder } from './durable.ts';
import { removeLeftOvers } from './temporary.ts';
import { walk } from './walk.ts';
import {
  type Contents,
  contentsOfFolder,
  contentsOfZip,
  filesOfZip,
  firstMissing,
  sameContents,
  sha256OfFile,
  writeZip,
} from './zip.ts';

export interface ArchivedRun {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly files: number;
}

interface Run {
  readonly folder: string;
  readonly runId: string;
}

/** Unpacked in the lead's folder, a zip gives the run's folder again. */
function prefixOf(run: Run): string {
  return `${run.runId}/`;
}

async function filesOf(run: Run): Promise<readonly string[]> {
  const { files, others } = await walk(run.folder, run.folder);
  if (others.length > 0) {
    throw new PlanlineError(
      'unavailable',
      `${join(run.folder, others[0] ?? '')} is neither a file nor a folder and cannot be archived. ` +
        'Move it away or put the file itself there; the run goes on by itself then.',
    );
  }
  return files.filter((path) => !isOutsideZip(path));
}

/** Null when the file cannot be read as a zip. */
async function contentsIfZip(path: string): Promise<Contents | null> {
  try {
    return await contentsOfZip(path);
  } catch (error) {
    // What the disk refuses must be seen; that it is no whole zip is the answer.
    if (error instanceof Error && 'syscall' in error) throw error;
    return null;
  }
}

/** What the run's zip holds, by paths inside the run; null when there is none. Throws `corrupt`. */
export async function readRunZip(run: Run, folders: readonly string[]): Promise<ZippedRun | null> {
  for (const folder of folders) {
    const path = join(folder, `${run.runId}.zip`);
    if (!(await isThere(path))) continue;
    try {
      const files = await filesOfZip(path);
      const prefix = prefixOf(run);
      const inside = [...files].map(
        ([name, content]) =>
          [name.startsWith(prefix) ? name.slice(prefix.length) : name, content] as const,
      );
      const { size: bytes } = await stat(path);
      return { path, sha256: await sha256OfFile(path), bytes, files: new Map(inside) };
    } catch (cause) {
      if (cause instanceof Error && 'syscall' in cause) throw cause;
      throw new PlanlineError(
        'corrupt',
        `${path} cannot be read as a zip. Put it back from a backup.`,
        { cause },
      );
    }
  }
  return null;
}

async function described(path: string, contents: Contents): Promise<ArchivedRun> {
  const [sha256, { size }] = await Promise.all([sha256OfFile(path), stat(path)]);
  return { path, sha256, bytes: size, files: contents.size };
}

async function writeVerified(
  run: Run,
  target: string,
  files: readonly string[],
  contents: Contents,
  crash: CrashPoints,
): Promise<void> {
  const fill = async (file: FileHandle, temporaryPath: string): Promise<void> => {
    await writeZip(file, run.folder, files, prefixOf(run));
    await file.sync();
    crash.reached('zip_written');
    const found = await contentsIfZip(temporaryPath);
    if (found === null || !sameContents(found, contents)) {
      const where = firstMissing(contents, found ?? new Map()) ?? 'a file too many';
      throw new PlanlineError(
        'unavailable',
        `The zip of ${run.folder}, read back, is not what is in the folder (${where}): a file was ` +
          'changed meanwhile, its name cannot stand in a zip, or the disk is failing. The zip was ' +
          'thrown away, the folder is untouched.',
      );
    }
    if (await isThere(target)) {
      await moveAside(target, (n) => `${run.runId}.${n + 1}.zip`);
    }
  };
  await replaceFile(target, fill, {
    written: () => crash.reached('zip_checked'),
    renamed: () => crash.reached('zip_renamed'),
  });
}

/** The zip that is there already, when the folder is gone: an earlier call went all the way. */
async function archivedBefore(run: Run, target: string): Promise<ArchivedRun> {
  const contents = (await isThere(target)) ? await contentsIfZip(target) : null;
  if (contents !== null) return described(target, contents);
  throw new PlanlineError(
    'corrupt',
    `There is nothing to archive: ${run.folder} holds no file, and ${target} is not its zip. ` +
      'Put the folder or its zip back from a backup and flag the lead again, or change its ' +
      'description to start a new run.',
  );
}

/**
 * Cold storage is made when its parent is there. Further up nothing is made: a disk that is not
 * mounted must not be replaced by a folder on another one.
 */
export async function prepareColdStorage(coldStorageDir: string): Promise<void> {
  try {
    await mkdir(coldStorageDir, { mode: 0o700 });
    await syncFolder(dirname(coldStorageDir));
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}

/** Zips the run into `folder`, as `<run id>.zip`; what bears that name and differs is moved aside. */
export async function archiveRun(
  run: Run,
  folder: string,
  crash: CrashPoints,
): Promise<ArchivedRun> {
  const target = join(folder, `${run.runId}.zip`);
  const files = await filesOf(run);
  if (files.length === 0) return archivedBefore(run, target);

  await makeFolder(folder);
  await removeLeftOvers(folder, { recursive: false });
  const contents = await contentsOfFolder(run.folder, files, prefixOf(run));
  const existing = (await isThere(target)) ? await contentsIfZip(target) : null;
  if (existing === null || !sameContents(existing, contents)) {
    await writeVerified(run, target, files, contents, crash);
  }
  return described(target, contents);
}

const ZIP_NAME = /^\d{8}_\d{6}(?:\.\d+)?\.zip$/;

/** Cold storage holds a folder a lead: with its own parent gone, the disk is away. */
export async function removeZip(zip: {
  path: string;
  sha256: string;
}): Promise<'removed' | 'not_there' | 'differs' | 'unreachable'> {
  if (!(await isThere(zip.path))) {
    return (await isThere(dirname(dirname(zip.path)))) ? 'not_there' : 'unreachable';
  }
  const isZip = ZIP_NAME.test(basename(zip.path));
  if (!isZip || (await sha256OfFile(zip.path)) !== zip.sha256) return 'differs';
  await rm(zip.path, { force: true });
  await syncFolder(dirname(zip.path));
  return 'removed';
}

/** A file of the run's folder that the zip does not hold as it is; null when it holds all. */
async function missingIn(run: Run, zipPath: string): Promise<string | null> {
  const inFolder = await contentsOfFolder(run.folder, await filesOf(run), prefixOf(run));
  return firstMissing(inFolder, await contentsOfZip(zipPath));
}

export async function stateOfZip(
  run: Run,
  zip: { path: string; sha256: string },
): Promise<ZipState> {
  if (!(await isThere(zip.path))) return 'not_there';
  if ((await sha256OfFile(zip.path)) !== zip.sha256) return 'changed';
  return (await missingIn(run, zip.path)) === null ? 'keeps_all' : 'lacks_files';
}

async function refuseUnlessKept(run: Run, zip: { path: string; sha256: string }): Promise<void> {
  const refuse = (what: string): PlanlineError =>
    new PlanlineError('corrupt', `${what} ${run.folder} stays where it is; nothing was removed.`);

  if ((await sha256OfFile(zip.path)) !== zip.sha256) {
    throw refuse(`${zip.path} is no longer the zip that was made of the run.`);
  }
  const missing = await missingIn(run, zip.path);
  if (missing !== null) {
    throw refuse(`${missing} was written or changed after ${zip.path} was made.`);
  }
}

const DOOMED = /^\.\d{8}_\d{6}\.archived$/;

/** Removes what a crash left of folders whose removal had begun. */
export async function finishRemovals(leadFolder: string): Promise<void> {
  for (const name of await readdir(leadFolder)) {
    if (DOOMED.test(name)) await rm(join(leadFolder, name), { recursive: true, force: true });
  }
}

/** Removes the run's folder when the zip holds every file of it. Idempotent. */
export async function removeArchived(
  run: Run,
  zip: { path: string; sha256: string },
  crash: CrashPoints,
): Promise<void> {
  const doomed = join(dirname(run.folder), `.${run.runId}.archived`);
  if (await isThere(run.folder)) {
    await refuseUnlessKept(run, zip);
    await rm(doomed, { recursive: true, force: true });
    // Out of sight in one step: a crash while it is being removed leaves no half of a run.
    await rename(run.folder, doomed);
    await syncFolder(dirname(run.folder));
    crash.reached('folder_hidden');
  }
  await rm(doomed, { recursive: true, force: true });
  crash.reached('folder_removed');
}
