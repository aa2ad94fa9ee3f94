/**
 * The log on disk. Lines are written at once and synchronously, so that the last ones before a crash
 * are there; a log that cannot be written is told once and never ends the process.
 */
import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../core/errors.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export interface LogFile {
  write(line: string): void;
  close(): void;
}

export interface LogFileOptions {
  readonly path: string;
  /** From this size on the file becomes `<path>.1`, that one `<path>.2` … */
  readonly maxBytes: number;
  /** How many older ones are kept. */
  readonly kept: number;
  /** Told the first time of each row of failures. */
  readonly onFailure: (message: string) => void;
}

interface OpenFile {
  readonly fd: number;
  bytes: number;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The oldest is overwritten; a number that is not there yet is skipped. */
function shiftOlder(path: string, kept: number): void {
  for (let n = kept; n >= 1; n -= 1) {
    const from = n === 1 ? path : `${path}.${n - 1}`;
    try {
      renameSync(from, `${path}.${n}`);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

function openForAppending(path: string): OpenFile {
  mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const fd = openSync(path, 'a', FILE_MODE);
  const { size, mode } = fstatSync(fd);
  // A file made by hand, or by an older umask, may be open to others.
  if ((mode & 0o077) !== 0 && (mode & 0o170000) === 0o100000) chmodSync(path, FILE_MODE);
  return { fd, bytes: size };
}

export function createLogFile({ path, maxBytes, kept, onFailure }: LogFileOptions): LogFile {
  let open: OpenFile | null = null;
  let closed = false;
  let failing = false;

  const release = (): void => {
    if (open !== null) closeSync(open.fd);
    open = null;
  };

  const ready = (): OpenFile => {
    open ??= openForAppending(path);
    if (open.bytes < maxBytes) return open;
    release();
    shiftOlder(path, kept);
    open = openForAppending(path);
    return open;
  };

  const append = (line: string): void => {
    const file = ready();
    const bytes = Buffer.from(line);
    file.bytes += bytes.length;
    writeSync(file.fd, bytes);
  };

  return {
    write(line) {
      if (closed) return;
      try {
        append(line);
        failing = false;
      } catch (error) {
        if (!failing) onFailure(`The log ${path} cannot be written: ${messageOf(error)}`);
        failing = true;
      }
    },
    close() {
      closed = true;
      release();
    },
  };
}
