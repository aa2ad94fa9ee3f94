/**
 * The clipboard. Texts go through clipboardy; what else may lie there is found out and handled by
 * xclip, which on X11 does the work for clipboardy as well (see `clipboard-shim.ts`).
 */
import { execFile, spawn } from 'node:child_process';
import clipboardy from 'clipboardy';
import type { ClipboardContent, FailureCode } from './messages.ts';

export interface Clipboard {
  read(): Promise<ClipboardContent>;
  /** What cannot be put back is replaced by an empty text, so that nothing of ours stays there. */
  write(content: ClipboardContent): Promise<void>;
}

/** A failure whose message may be told: it quotes neither screen nor clipboard. */
export class HelperError extends Error {
  override readonly name = 'HelperError';
  readonly code: FailureCode;

  constructor(message: string, code: FailureCode = 'failed') {
    super(message);
    this.code = code;
  }
}

const MAX_IMAGE_BYTES = 128 * 1024 * 1024;
/** They come with their names as text, which is not what was copied. */
const FILE_TARGETS = new Set(['x-special/gnome-copied-files', 'x-special/mate-copied-files']);
const TEXT_TARGETS = ['UTF8_STRING', 'STRING', 'TEXT', 'text/plain;charset=utf-8', 'text/plain'];

export function createClipboard(limitMs: number): Clipboard {
  const text = {
    read: () => within(limitMs, 'read', clipboardy.read()),
    write: (value: string) => within(limitMs, 'write', clipboardy.write(value)),
  };
  if (process.platform !== 'linux') return textClipboard(text);
  return {
    async read() {
      const targets = await readTargets(limitMs);
      if (targets.length === 0) return { kind: 'empty' };
      const kept = targetToKeep(targets);
      if (kept === 'text') return { kind: 'text', text: await text.read() };
      if (kept === null) return { kind: 'other' };
      const bytes = await xclipOut(kept, limitMs);
      return { kind: 'bytes', type: kept, base64: bytes.toString('base64') };
    },
    async write(content) {
      if (content.kind !== 'bytes') return await text.write(textOf(content));
      const bytes = Buffer.from(content.base64, 'base64');
      await within(limitMs, 'write', xclipIn(content.type, bytes));
    },
  };
}

/** macOS and Windows: clipboardy itself knows texts only. */
function textClipboard(text: {
  read(): Promise<string>;
  write(value: string): Promise<void>;
}): Clipboard {
  return {
    async read() {
      const value = await text.read();
      return value === '' ? { kind: 'empty' } : { kind: 'text', text: value };
    },
    write: (content) => text.write(textOf(content)),
  };
}

function textOf(content: ClipboardContent): string {
  return content.kind === 'text' ? content.text : '';
}

/** One is all that can be put back; null when none would do. */
function targetToKeep(targets: readonly string[]): string | null {
  const files = targets.find((target) => FILE_TARGETS.has(target));
  if (files !== undefined) return files;
  if (TEXT_TARGETS.some((target) => targets.includes(target))) return 'text';
  if (targets.includes('image/png')) return 'image/png';
  return targets.find((target) => /^image\/|^text\/uri-list$/.test(target)) ?? null;
}

/** The owner of a clipboard can be a program that never answers. */
async function within<T>(limitMs: number, what: 'read' | 'write', work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new HelperError(`The clipboard could not be ${what === 'read' ? 'read' : 'written'}.`),
      );
    }, limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Empty when nobody owns the clipboard: xclip then ends with an error. */
async function readTargets(limitMs: number): Promise<string[]> {
  const { bytes, code } = await runXclip(['-o', '-t', 'TARGETS'], limitMs);
  if (code !== 0) return [];
  return bytes.toString('utf8').split('\n').filter(Boolean);
}

async function xclipOut(target: string, limitMs: number): Promise<Buffer> {
  const { bytes, code } = await runXclip(['-o', '-t', target], limitMs);
  if (code !== 0) throw new HelperError('What is on the clipboard could not be read.');
  return bytes;
}

function runXclip(
  args: readonly string[],
  limitMs: number,
): Promise<{ bytes: Buffer; code: number }> {
  return new Promise((resolve, reject) => {
    execFile(
      'xclip',
      ['-selection', 'clipboard', ...args],
      { encoding: 'buffer', timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: MAX_IMAGE_BYTES },
      (error, bytes) => {
        if (error === null) resolve({ bytes, code: 0 });
        else if (error.killed === true) reject(new HelperError('The clipboard could not be read.'));
        else if (error.code === 'ENOENT')
          reject(new HelperError('xclip is not installed.', 'setup'));
        else resolve({ bytes, code: typeof error.code === 'number' ? error.code : 1 });
      },
    );
  });
}

/** xclip stays behind to serve what it was given: with a stream of ours it would hold us up. */
function xclipIn(target: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('xclip', ['-selection', 'clipboard', '-t', target, '-i'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const fail = (): void => reject(new HelperError('The clipboard could not be put back.'));
    child.once('error', fail);
    child.stdin.once('error', fail);
    child.once('exit', (code) => (code === 0 ? resolve() : fail()));
    child.stdin.end(bytes);
  });
}
