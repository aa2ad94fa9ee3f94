/** Zips of a run: written in a fixed order with a fixed time, and read back to be compared. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { ZipFile } from 'yazl';

/** sha256 of every file by its name in the zip. */
export type Contents = ReadonlyMap<string, string>;

/** The oldest time that a zip can hold, in whatever zone: the same files give the same bytes. */
const FIXED_TIME = new Date(1980, 0, 1);
const REGULAR_FILE = 0o100600;

async function sha256OfStream(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(stream, hash);
  return hash.digest('hex');
}

export function sha256OfFile(path: string): Promise<string> {
  return sha256OfStream(createReadStream(path));
}

/** Hashes of files below a folder, each under `prefix` and its path. */
export async function contentsOfFolder(
  folder: string,
  paths: readonly string[],
  prefix: string,
): Promise<Contents> {
  const contents = new Map<string, string>();
  for (const path of paths) contents.set(prefix + path, await sha256OfFile(join(folder, path)));
  return contents;
}

/** Writes the zip; the caller makes the file durable and closes it. */
export async function writeZip(
  target: FileHandle,
  folder: string,
  paths: readonly string[],
  prefix: string,
): Promise<void> {
  const zip = new ZipFile();
  const output = zip.outputStream;
  zip.on('error', (error: Error) => {
    // yazl reports a file that it cannot read here, and then never ends its output.
    if (output instanceof Readable) output.destroy(error);
  });
  for (const path of paths) {
    zip.addFile(join(folder, path), prefix + path, {
      mtime: FIXED_TIME,
      mode: REGULAR_FILE,
      forceDosTimestamp: true,
    });
  }
  zip.end();
  await target.writeFile(output);
}

/** Reads every file of the zip by `read`. Throws when it is not a zip or names a file twice. */
async function eachOfZip<T>(
  path: string,
  read: (stream: Readable) => Promise<T>,
): Promise<Map<string, T>> {
  const contents = new Map<string, T>();
  const zip = await openPromise(path, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (contents.has(entry.fileName)) throw new Error(`${entry.fileName} is twice in the zip`);
      contents.set(entry.fileName, await read(await zip.openReadStreamPromise(entry)));
    }
  } finally {
    zip.close();
  }
  return contents;
}

/** Throws as `eachOfZip`. */
export function contentsOfZip(path: string): Promise<Contents> {
  return eachOfZip(path, sha256OfStream);
}

/** The files themselves by their name in the zip. Throws as `eachOfZip`. */
export function filesOfZip(path: string): Promise<Map<string, Uint8Array>> {
  return eachOfZip(path, buffer);
}

/** The first name whose content in `whole` is not that of `part`, or null when all are. */
export function firstMissing(part: Contents, whole: Contents): string | null {
  for (const [name, sha256] of part) {
    if (whole.get(name) !== sha256) return name;
  }
  return null;
}

export function sameContents(one: Contents, other: Contents): boolean {
  return one.size === other.size && firstMissing(one, other) === null;
}
