/** Lists, raises and closes windows on X11 by wmctrl: nut-js never lists the browser there. */
import { execFile } from 'node:child_process';
import { ChatError } from '../../../core/errors.ts';
import type { Environment } from './screen-session.ts';
import { type ListedWindow, parseWindows } from './windows.ts';

export interface WindowManager {
  list(): Promise<ListedWindow[]>;
  /** Brings the window to the front, from wherever it is. */
  raise(id: number): Promise<void>;
  /** Asks the window to close, as its own button would. */
  close(id: number): Promise<void>;
}

const LIMIT_MS = 5_000;

/** Throws ChatError `needs_operator` when wmctrl is missing or there is no screen for it. */
export function createWindowManager(env: Environment): WindowManager {
  const wmctrl = (...args: string[]): Promise<string> => run('wmctrl', args, env);
  return {
    async list() {
      // The two are not one look: what came or went in between is left out.
      const plain = await wmctrl('-l');
      return parseWindows(plain, await wmctrl('-lx'));
    },
    async raise(id) {
      await wmctrl('-ia', hex(id));
    },
    async close(id) {
      await wmctrl('-ic', hex(id));
    },
  };
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(8, '0')}`;
}

function run(program: string, args: readonly string[], env: Environment): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env: { ...env }, timeout: LIMIT_MS }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(toolError(program, error));
    });
  });
}

function toolError(program: string, error: Error & { code?: unknown }): ChatError {
  const missing = error.code === 'ENOENT';
  const message = missing
    ? `${program} is not installed. Install it with: sudo apt-get install ${program}`
    : `${program} could not ask the window manager: is DISPLAY right, and does a window manager run?`;
  return new ChatError('needs_operator', message);
}
