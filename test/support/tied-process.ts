/** Processes that end with the test process, even when that is killed. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';

export interface TiedProcess {
  readonly child: ChildProcess;
  /** What it has written so far, both streams, at most the last 8,000 characters. */
  output(): string;
  /** True once it has ended. */
  ended(): boolean;
  /** Sends the signal, and SIGKILL when it has not ended 10 s later. Idempotent. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

interface TiedOptions extends SpawnOptions {
  readonly user?: { uid: number; gid: number };
  /** Ignored by default. */
  readonly stdin?: 'pipe';
}

/** As spawn. On Linux the kernel sends SIGKILL when the test process dies. */
export function spawnTied(
  command: string,
  args: readonly string[],
  options: TiedOptions = {},
): TiedProcess {
  const { user, stdin = 'ignore', ...rest } = options;
  const [program, all] = tie(command, args, user);
  const child = spawn(program, all, { ...rest, stdio: [stdin, 'pipe', 'pipe'] });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text = (text + String(chunk)).slice(-8_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      text += error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  return {
    child,
    output: () => text,
    ended: () => over,
    async stop(signal = 'SIGTERM') {
      if (!over) child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function tie(
  command: string,
  args: readonly string[],
  user: { uid: number; gid: number } | undefined,
): [string, string[]] {
  if (process.platform !== 'linux' || !existsSync(SETPRIV)) return [command, [...args]];
  const identity =
    user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  return [SETPRIV, [...identity, '--pdeathsig=KILL', command, ...args]];
}
