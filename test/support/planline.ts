/** planline as its users run it: a process, its exit code, and what it printed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { seedHome } from './seed.ts';
import { tempFolder } from './temp-folder.ts';

export const MAIN = join(import.meta.dirname, '../../src/main.ts');

export type Environment = Readonly<Record<string, string>>;

export interface Place {
  /** Current folder of the process; PLANLINE_HOME and RUNS_DIR are below it. */
  readonly cwd: string;
  readonly env: Environment;
  /** What is started there: src/main.ts, when it is not said. */
  readonly main?: string;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningPlanline {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with the match as soon as what was printed contains it; rejects when the process ends. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): Promise<Finished>;
}

/** A new place with a database that the first start has made already. */
export async function seededPlace(env: Environment = {}): Promise<Place> {
  const cwd = await tempFolder();
  await seedHome(join(cwd, '.planline'));
  return { cwd, env };
}

/** Nothing of the developer's own settings gets in: only what a process needs to run at all. */
function environmentOf({ env }: Place): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, NODE_COMPILE_CACHE } = process.env;
  // Daemons of several tests run at once: a dashboard is for those that ask for its port.
  const quick = { RETRY_BASE_MS: '50', POLL_SECONDS: '1', DASHBOARD_PORT: 'off' };
  return { PATH, HOME, TMPDIR, LANG, NODE_COMPILE_CACHE, ...quick, ...env };
}

export function start(place: Place, ...args: readonly string[]): RunningPlanline {
  const child = spawn(process.execPath, [place.main ?? MAIN, ...args], {
    cwd: place.cwd,
    env: environmentOf(place),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  const finished = once(child, 'close').then(([code]): Finished => ({
    code: typeof code === 'number' ? code : null,
    ...printed,
  }));

  function until(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = printed.stdout.match(pattern);
        if (match === null) return;
        child.stdout.off('data', look);
        resolve(match);
      };
      child.stdout.on('data', look);
      void finished.then((end) => {
        look();
        reject(
          new Error(
            `planline ended (${String(end.code)}) before ${String(pattern)}:\n${end.stdout}\n${end.stderr}`,
          ),
        );
      });
      look();
    });
  }

  return {
    child,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    until,
    finished,
    kill(signal) {
      child.kill(signal);
      return finished;
    },
  };
}

export function run(place: Place, ...args: readonly string[]): Promise<Finished> {
  return start(place, ...args).finished;
}

const access = z.object({ url: z.string(), secret_key: z.string(), publishable_key: z.string() });

/** The embedded Supabase that runs in a place, as an outside program finds it. */
export async function clientOf({ cwd }: Place): Promise<SupabaseClient> {
  const text = await readFile(join(cwd, '.planline', 'supabase.json'), 'utf8');
  const { url, secret_key: key } = access.parse(JSON.parse(text));
  return createClient(url, key, { auth: { persistSession: false } });
}
