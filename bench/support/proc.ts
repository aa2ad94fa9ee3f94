/** What a process and its children take, as Linux counts it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Taken {
  readonly rssMb: number;
  /** CPU time since each process was started, user and system, in seconds. */
  readonly cpuSeconds: number;
}

const KIB_A_MB = 1_024;

/** /proc is Linux's. */
export function canCount(): boolean {
  return process.platform === 'linux';
}

let ticksASecond: number | null = null;

function clockTicks(): number {
  ticksASecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticksASecond;
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );
}

function takenByOne(pid: number): Taken {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rssKib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  // The name in parentheses may hold anything; fields are counted after it, from the third on.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return { rssMb: rssKib / KIB_A_MB, cpuSeconds: (user + system) / clockTicks() };
}

/** Throws when the process has ended. */
export function takenBy(pid: number): Taken {
  const all = [takenByOne(pid), ...childrenOf(pid).map(takenBy)];
  return {
    rssMb: all.reduce((sum, { rssMb }) => sum + rssMb, 0),
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}
