/** What the operating system refused, as an error that says to the operator what to do. */
import { PlanlineError } from '../../core/errors.ts';

const WRONG_KIND =
  'a file stands where a folder is needed, or a folder where a file is. Move it out of the way';
const NOT_ALLOWED =
  'planline is not allowed to. Give its user the right to read and write there (chown, chmod)';
const TOO_MANY = 'too many files are open. Raise the limit (ulimit -n)';

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space; nothing was lost and it will be tried again',
  EDQUOT: 'the quota is used up. Free some space; nothing was lost and it will be tried again',
  EFBIG: 'the file may not grow any more. Raise the limit (ulimit -f)',
  EROFS: 'the file system is read-only. Mount it for writing or choose another folder',
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EIO: 'the disk reports an error. Check the disk before you go on',
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
  ENOTDIR: WRONG_KIND,
  EISDIR: WRONG_KIND,
  EEXIST: WRONG_KIND,
  ENOENT: 'it is not there. If it is on a disk of its own, mount it',
  ENAMETOOLONG: 'the path is too long. Choose a folder with a shorter path',
  ELOOP: 'its symbolic links lead in a circle. Mend them',
};

function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  const code = errnoOf(error);
  return code !== null && codes.includes(code);
}

/**
 * Performs `act`; what the operating system refuses becomes PlanlineError `unavailable`, for the same
 * call may succeed once the operator has seen to it. `what` begins the message: "Writing".
 */
export async function onDisk<T>(what: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const code = errnoOf(cause);
    if (code === null) throw cause;
    const advice = ADVICE[code] ?? 'the operating system refused';
    throw new PlanlineError('unavailable', `${what} ${path} failed: ${advice} (${code}).`, {
      cause,
    });
  }
}
