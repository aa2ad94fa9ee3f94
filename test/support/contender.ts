/** Another process that takes locks, for tests of what this one does meanwhile. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const answer = z.object({ held: z.boolean(), refused: z.string().optional() });
const contenderFile = fileURLToPath(new URL('lock-contender.ts', import.meta.url));

export interface Contender {
  readonly child: ChildProcess;
  readonly pid: number;
  /** See lock-contender.ts for the orders. */
  readonly ask: (order: object) => Promise<z.infer<typeof answer>>;
  readonly kill: () => Promise<void>;
}

/** Killed when the test that started it ends. */
export function startContender(): Contender {
  const child = fork(contenderFile, [], {
    env: {},
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  return {
    child,
    pid: child.pid ?? 0,
    ask: async (order) => {
      const answered = once(child, 'message');
      child.send(order);
      return answer.parse((await answered)[0]);
    },
    kill,
  };
}
