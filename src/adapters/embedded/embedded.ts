/** The daemon's side of the embedded Supabase: starts its process, watches it, stops it. */
import { fork, type ChildProcess } from 'node:child_process';
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlanlineError } from '../../core/errors.ts';
import type { Log } from '../../ports.ts';
import { createChildLink, type ChildLink } from './child-link.ts';
import type { Running } from './running-file.ts';

export { readRunning, type Running } from './running-file.ts';

const START_LIMIT_MS = 120_000;
/** Longer than the process itself allows its stop to take. */
const STOP_LIMIT_MS = 10_000;

export interface EmbeddedOptions {
  /** PLANLINE_HOME. */
  readonly home: string;
  /** The folder with `<14 digits>_<name>.sql`. */
  readonly migrationsDir: string;
  /** By default the port of the last start, or any free one. */
  readonly port?: number;
  readonly log: Log;
}

export interface Embedded extends Running {
  /** Resolves once the process has ended, for whatever reason. */
  readonly exited: Promise<EmbeddedExit>;
  /** Resolves once the process has ended. Idempotent. */
  stop(): Promise<void>;
  /** Statements with the rights of the database's owner, as in Studio's SQL editor. */
  sql(
    text: string,
    params?: readonly unknown[],
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export interface EmbeddedExit {
  /** True when it ended because `stop` was called. */
  readonly requested: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** For people: how it ended, with the last lines that it wrote. */
  readonly reason: string;
}

/**
 * Starts the embedded Supabase of a PLANLINE_HOME and waits until it answers. Throws PlanlineError:
 * `usage` (another one runs there, port taken), `setup` (database of another version, a migration
 * failed), `config` (folder or keys), `unavailable` (anything else, with what the process wrote).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const child = forkChild();
  const link = createChildLink(child, options.log);
  let requested = false;
  const exited = link.exited.then((exit) => ({ ...exit, requested }));
  const stop = (): Promise<void> => {
    requested = true;
    return endChild(child, link);
  };
  link.send({
    type: 'start',
    home: resolve(options.home),
    migrationsDir: resolve(options.migrationsDir),
    port: options.port ?? null,
  });
  const running = await waitUntilReady(link, stop);
  return { ...running, exited, stop, sql: (text, params = []) => link.sql(text, params) };
}

function forkChild(): ChildProcess {
  // Beside this file: .ts in the checkout, .js in the package.
  const entry = new URL(`./child${extname(import.meta.url)}`, import.meta.url);
  return fork(fileURLToPath(entry), [], {
    // It needs nothing from the environment, least of all the keys in it.
    env: {},
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

async function waitUntilReady(link: ChildLink, stop: () => Promise<void>): Promise<Running> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((done) => {
    timer = setTimeout(() => done('late'), START_LIMIT_MS);
  });
  const first = await Promise.race([link.ready, link.exited, late]);
  clearTimeout(timer);
  if (first === 'late') {
    await stop();
    throw new PlanlineError(
      'unavailable',
      `The embedded Supabase did not start within ${START_LIMIT_MS / 1000} seconds. Start again.`,
    );
  }
  if ('url' in first) return first;
  const failure = link.failure();
  if (failure === null) throw new PlanlineError('unavailable', first.reason);
  throw new PlanlineError(failure.code, failure.message, { cause: first.reason });
}

async function endChild(child: ChildProcess, link: ChildLink): Promise<void> {
  link.send({ type: 'stop' });
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await link.exited;
  clearTimeout(timer);
}
