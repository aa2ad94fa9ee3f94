/** The daemon as its users run it: a process of its own, in a folder of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { makeTempFolder } from '../../test/support/temp-folder.ts';
import { spawnTied } from '../../test/support/tied-process.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const LOOK_EVERY_MS = 5;

const logLine = z.looseObject({ time: z.iso.datetime(), msg: z.string() });

export interface RunningDaemon {
  readonly pid: number;
  /** Current folder of the process; PLANLINE_HOME and RUNS_DIR are below it. */
  readonly folder: string;
  /** Epoch ms at which the process was started. */
  readonly spawnedMs: number;
  /** Epoch ms at which the daemon logged this for the first time. Throws when it ends before. */
  logged(message: string): Promise<number>;
  stop(): Promise<void>;
}

interface Log {
  /** Epoch ms of the first line with this message; null as long as there is none. */
  timeOf(message: string): Promise<number | null>;
}

function logIn(folder: string): Log {
  const path = join(folder, '.planline', 'logs', 'planline.log');
  return {
    async timeOf(message) {
      // Not there until the first line; the daemon's end is looked at by the caller.
      const text = await readFile(path, 'utf8').catch(() => '');
      for (const line of text.split('\n').slice(0, -1)) {
        const { time, msg } = logLine.parse(JSON.parse(line));
        if (msg === message) return Date.parse(time);
      }
      return null;
    },
  };
}

/** Nothing of the developer's own settings gets in. */
function environmentOf(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG, DASHBOARD_PORT: 'off', ...env };
}

/** `nodeArgs` go before the program, such as `--cpu-prof`. */
export async function startDaemon(
  env: Readonly<Record<string, string>>,
  nodeArgs: readonly string[] = [],
): Promise<RunningDaemon> {
  const { path: folder, remove } = await makeTempFolder();
  const log = logIn(folder);
  const spawnedMs = Date.now();
  const tied = spawnTied(process.execPath, [...nodeArgs, MAIN, 'daemon'], {
    cwd: folder,
    env: environmentOf(env),
  });
  const { pid } = tied.child;
  if (pid === undefined) throw new Error(`The daemon was not started:\n${tied.output()}`);
  return {
    pid,
    folder,
    spawnedMs,
    async logged(message) {
      for (;;) {
        const isOver = tied.ended();
        const timeMs = await log.timeOf(message);
        if (timeMs !== null) return timeMs;
        if (isOver) throw new Error(`The daemon ended before "${message}":\n${tied.output()}`);
        await sleep(LOOK_EVERY_MS);
      }
    },
    async stop() {
      await tied.stop();
      await remove();
    },
  };
}

export const SUBSCRIBED = 'Realtime: subscribed to junior_leads';

const access = z.object({ url: z.string(), secret_key: z.string() });

/** The embedded Supabase of a daemon, as any program finds it. */
export async function embeddedClient({ folder }: RunningDaemon): Promise<SupabaseClient> {
  const text = await readFile(join(folder, '.planline', 'supabase.json'), 'utf8');
  const { url, secret_key: key } = access.parse(JSON.parse(text));
  return createClient(url, key, { auth: { persistSession: false } });
}
