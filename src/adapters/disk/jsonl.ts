/** Files of one JSON value a line that only ever grow. */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openInFolder, syncFolder } from './durable.ts';
import { FILE_MODE } from './temporary.ts';

const NEWLINE = 0x0a;
/** Bytes read at a time: a file of any length is read in little memory. */
const CHUNK_BYTES = 256 * 1_024;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws SyntaxError or TypeError when the bytes are not JSON in UTF-8. */
export function parseLine(line: Uint8Array): unknown {
  // JSON.parse gives any; unknown makes the reader validate.
  return JSON.parse(decoder.decode(line)) as unknown;
}

function isJson(line: Uint8Array): boolean {
  try {
    parseLine(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  }
}

/** The lines without their newlines; what follows the last newline is not among them. */
export function wholeLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function lengthOf(lines: readonly Uint8Array[]): number {
  return lines.reduce((length, line) => length + line.length + 1, 0);
}

/** The bytes in [from, to), or fewer when the file has become shorter. */
export async function readSpan(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(to - from);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Null for bytes that are not UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** The lines of bytes that end with a newline, decoded at once; null for each that is not UTF-8. */
function textsOf(bytes: Uint8Array): (string | null)[] {
  return textOf(bytes)?.split('\n').slice(0, -1) ?? wholeLines(bytes).map(textOf);
}

/**
 * The whole lines of the first `size` bytes without their newlines, in order, some at a time; null for
 * one that is not UTF-8.
 */
export async function scanLines(
  file: FileHandle,
  size: number,
  take: (lines: readonly (string | null)[]) => void,
): Promise<void> {
  let rest = Buffer.alloc(0);
  for (let from = 0; from < size; from += CHUNK_BYTES) {
    const chunk = await readSpan(file, from, Math.min(size, from + CHUNK_BYTES));
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    rest = bytes.subarray(whole);
    take(textsOf(bytes.subarray(0, whole)));
  }
}

/** The length of `bytes` up to the end of the last line that is JSON; 0 without one. */
function wholeUpTo(bytes: Uint8Array): number {
  const lines = wholeLines(bytes);
  let whole = lengthOf(lines);
  for (const line of lines.toReversed()) {
    if (isJson(line)) return whole;
    whole -= line.length + 1;
  }
  return whole;
}

/**
 * Where the torn end of a file begins: a last line without a newline, and lines before it that are
 * not JSON, as a power cut may leave any bytes there. `size`, the file's length, when nothing is torn.
 */
export async function tornFrom(file: FileHandle, size: number): Promise<number> {
  for (let length = CHUNK_BYTES; ; length *= 4) {
    const from = Math.max(0, size - length);
    const bytes = await readSpan(file, from, size);
    // What comes before the first newline is the end of a line that began earlier.
    const first = from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    const whole = wholeUpTo(bytes.subarray(first));
    if (whole > 0 || from === 0) return from + first + whole;
  }
}

export async function cutFile(path: string, length: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(length);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function endsWithNewline(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === NEWLINE;
}

/** One write of the whole text: a short one counts as failed. */
async function writeAtEnd(file: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const { bytesWritten } = await file.write(bytes);
  // The rest fails with the reason, which the short write does not tell.
  if (bytesWritten < bytes.length) await file.appendFile(bytes.subarray(bytesWritten));
}

/**
 * Appends and fsyncs, in a folder that is made when needed; what was written in part is taken back. `mend` is called when the file does not
 * end with a newline, and returns what goes before the text.
 */
export async function appendText(
  path: string,
  text: string,
  mend: () => Promise<string>,
): Promise<void> {
  const file = await openInFolder(path, () => open(path, 'a+', FILE_MODE));
  try {
    let { size } = await file.stat();
    let before = '';
    if (!(await endsWithNewline(file, size))) {
      before = await mend();
      ({ size } = await file.stat());
    }
    try {
      await writeAtEnd(file, before + text);
      await file.sync();
    } catch (error) {
      if ((await file.stat()).size > size) await file.truncate(size);
      throw error;
    }
    if (size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}
