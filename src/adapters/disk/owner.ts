/** Files and folders that root makes where an account has its own. */
import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrno } from './disk-error.ts';

/**
 * What root makes in somebody's folder is for them: the account of a service has to read it, and to
 * replace it. It stays root's where it cannot be given away, as on a share that knows no root.
 */
export async function giveToOwner(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  try {
    const { uid, gid } = await stat(dirname(path));
    if (uid !== 0) await chown(path, uid, gid);
  } catch (error) {
    if (!isErrno(error, 'EPERM', 'EINVAL', 'ENOTSUP', 'ENOSYS', 'ENOENT')) throw error;
  }
}
