/** Telling a process from a later one that was given the same pid. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

export const processId = z.object({
  pid: z.int().positive(),
  /** Opaque; null where the system does not say when a process started. */
  startedAt: z.string().nullable(),
});
export type ProcessId = z.infer<typeof processId>;

/** A process as the system shows it now; null when there is none, or only its unreaped remains. */
export async function lookUpProcess(pid: number): Promise<ProcessId | null> {
  if (!isRunning(pid)) return null;
  if (process.platform === 'linux') return lookUpOnLinux(pid);
  if (process.platform === 'win32') return lookUpOnWindows(pid);
  return lookUpWithPs(pid);
}

/** Is it still the very same process? Without a start time on either side the pid alone decides. */
export async function isAlive(subject: ProcessId): Promise<boolean> {
  const found = await lookUpProcess(subject.pid);
  if (found === null) return false;
  if (found.startedAt === null || subject.startedAt === null) return true;
  return found.startedAt === subject.startedAt;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return hasCode(error, 'EPERM');
  }
}

async function lookUpOnLinux(pid: number): Promise<ProcessId | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses, and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    // A killed process whose parent has not waited for it holds nothing any more.
    if (state === 'Z' || state === 'X') return null;
    // Ticks count from the boot, so they mean nothing without it.
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    return { pid, startedAt: startTicks === undefined ? null : `${boot}/${startTicks}` };
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return null;
    // ENOENT: gone since, or /proc hides other users' processes.
    if (hasCode(error, 'ENOENT') && !isRunning(pid)) return null;
    return { pid, startedAt: null };
  }
}

async function lookUpWithPs(pid: number): Promise<ProcessId | null> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      // The start time is printed in local time and in the user's language.
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
    const [state = '', ...started] = stdout.trim().split(/\s+/);
    if (state.startsWith('Z')) return null;
    return { pid, startedAt: started.join(' ') || null };
  } catch {
    // ps ends with 1 for an unknown pid, and is missing on some systems.
    return isRunning(pid) ? { pid, startedAt: null } : null;
  }
}

async function lookUpOnWindows(pid: number): Promise<ProcessId | null> {
  const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  try {
    const { stdout } = await run('powershell.exe', ['-NoProfile', '-Command', script]);
    return { pid, startedAt: stdout.trim() || null };
  } catch {
    // Gone since, or another user's process, whose start time is not shown.
    return isRunning(pid) ? { pid, startedAt: null } : null;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
