/** Zips of a run: written in a fixed order with a fixed time, and read back to be compared. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import pMap from 'p-map';
import { type Entry, fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import { sha256Hex } from '../../core/hash-chain.ts';

/** sha256 of every file by its name in the zip. */
export type Contents = ReadonlyMap<string, string>;

/** The oldest time that a zip can hold, in whatever zone: the same files give the same bytes. */
const FIXED_TIME = new Date(1980, 0, 1);
const REGULAR_FILE = 0o100600;
/** Files of a run are small: most of the time goes by between asking for one and having it. */
const READ_AT_ONCE = 16;

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Hashes of files below a folder, each under `prefix` and its path. */
export async function contentsOfFolder(
  folder: string,
  paths: readonly string[],
  prefix: string,
): Promise<Contents> {
  const hashes = await pMap(
    paths,
    async (path) => [prefix + path, sha256Hex(await readFile(join(folder, path)))] as const,
    { concurrency: READ_AT_ONCE },
  );
  return new Map(hashes);
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

const STORED = 0;
const DEFLATED = 8;

/**
 * A file of the zip from its bytes there. By hand, as yauzl's streams take ten times as long for files of
 * a few kilobytes, and compare no checksum.
 */
function contentOf(entry: Entry, stored: Uint8Array): Buffer {
  const { fileName, compressionMethod, uncompressedSize } = entry;
  if (entry.isEncrypted() || ![STORED, DEFLATED].includes(compressionMethod)) {
    throw new Error(`${fileName} is encrypted, or compressed by a method other than deflate`);
  }
  const content =
    compressionMethod === STORED
      ? Buffer.from(stored)
      : inflateRawSync(stored, { maxOutputLength: Math.max(1, uncompressedSize) });
  if (content.length !== uncompressedSize || crc32(content) !== entry.crc32) {
    throw new Error(`${fileName} is not what the zip says of it`);
  }
  return content;
}

/** Reads every file of the zip by `read`. Throws when it is not a zip or names a file twice. */
async function eachOfZip<T>(path: string, read: (content: Buffer) => T): Promise<Map<string, T>> {
  const contents = new Map<string, T>();
  const bytes = await readFile(path);
  const zip = await fromBufferPromise(bytes);
  for await (const entry of zip.eachEntry()) {
    const { fileName, compressedSize } = entry;
    if (contents.has(fileName)) throw new Error(`${fileName} is twice in the zip`);
    const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    contents.set(fileName, read(contentOf(entry, bytes.subarray(start, start + compressedSize))));
  }
  return contents;
}

/** Throws as `eachOfZip`. */
export function contentsOfZip(path: string): Promise<Contents> {
  return eachOfZip(path, sha256Hex);
}

/** The files themselves by their name in the zip. Throws as `eachOfZip`. */
export function filesOfZip(path: string): Promise<Map<string, Uint8Array>> {
  return eachOfZip(path, (content) => content);
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
