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

const logLine = z.looseObject({ time: z.iso.datetime(), pid: z.int(), msg: z.string() });

export interface RunningDaemon {
  readonly pid: number;
  /** Current folder of the process; PLANLINE_HOME and RUNS_DIR are below it. */
  readonly folder: string;
  /** Epoch ms at which the process was started. */
  readonly spawnedMs: number;
  /** Epoch ms at which the daemon first logged this since its start. Throws when it ends before. */
  logged(message: string): Promise<number>;
  stop(): Promise<void>;
}

interface Log {
  /** Epoch ms of the first such line of this process; null as long as there is none. */
  timeOf(message: string, pid: number): Promise<number | null>;
}

function logIn(folder: string): Log {
  const path = join(folder, '.planline', 'logs', 'planline.log');
  return {
    async timeOf(message, pid) {
      // Not there until the first line; the daemon's end is looked at by the caller.
      const text = await readFile(path, 'utf8').catch(() => '');
      for (const line of text.split('\n').slice(0, -1)) {
        const { time, msg, pid: writer } = logLine.parse(JSON.parse(line));
        if (msg === message && writer === pid) return Date.parse(time);
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

interface DaemonOptions {
  /** One that stays when the daemon is stopped; by default a new one that goes with it. */
  readonly folder?: string;
  /** Before the program, such as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
}

export async function startDaemon(
  env: Readonly<Record<string, string>>,
  options: DaemonOptions = {},
): Promise<RunningDaemon> {
  const own = options.folder === undefined ? await makeTempFolder() : null;
  const folder = options.folder ?? own?.path ?? '';
  const log = logIn(folder);
  const spawnedMs = Date.now();
  const tied = spawnTied(process.execPath, [...(options.nodeArgs ?? []), MAIN, 'daemon'], {
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
        const timeMs = await log.timeOf(message, pid);
        if (timeMs !== null) return timeMs;
        if (isOver) throw new Error(`The daemon ended before "${message}":\n${tied.output()}`);
        await sleep(LOOK_EVERY_MS);
      }
    },
    async stop() {
      await tied.stop();
      await own?.remove();
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
