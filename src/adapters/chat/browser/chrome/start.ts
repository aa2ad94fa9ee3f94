/** Starting the Chrome of the chat profile for the operator, as a program of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { PlanlineError } from '../../../../core/errors.ts';

export interface ChromeStart {
  readonly chromePath: string;
  readonly profileDir: string;
  readonly arguments: readonly string[];
}

/** Chrome refuses to run with its sandbox as root, as within a container. */
export function needsNoSandbox(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/**
 * Chrome goes on when this process ends. DevTools listen on this machine alone, at a port that is free;
 * Chrome gives none on its default profile.
 */
export async function startChrome(start: ChromeStart): Promise<void> {
  await mkdir(start.profileDir, { recursive: true, mode: 0o700 });
  const args = [
    `--user-data-dir=${start.profileDir}`,
    '--remote-debugging-port=0',
    '--no-first-run',
    '--no-default-browser-check',
    // Its window may be behind others: answers come in all the same.
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--disable-background-timer-throttling',
    // It would change the words of answers.
    '--disable-features=Translate',
    ...(needsNoSandbox() ? ['--no-sandbox'] : []),
    ...start.arguments,
  ];
  const chrome = spawn(start.chromePath, args, { detached: true, stdio: 'ignore' });
  const failed = once(chrome, 'error').then(([error]: unknown[]): never => {
    throw new PlanlineError('config', `${start.chromePath} cannot be started.`, { cause: error });
  });
  await Promise.race([once(chrome, 'spawn'), failed]);
  failed.catch(() => undefined);
  chrome.unref();
}
