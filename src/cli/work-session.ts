/** What `daemon` and `sweep` share: the lock, the database, the terminal, and a clean end. */
import { loadConfig, type Config } from '../config.ts';
import {
  lockHome,
  openCrashPoints,
  openDatabase,
  openLog,
  openWorkshop,
  type Database,
  type Logger,
  type Workshop,
} from '../wire.ts';
import type { CrashPoints, Progress } from '../ports.ts';
import { openTerminal, type Terminal } from './live/terminal.ts';
import { assertReady } from './ready.ts';
import { loadTemplates } from './templates.ts';
import { stopOnSignals, type ProcessStop } from './signals.ts';

export interface WorkSession {
  readonly config: Config;
  readonly log: Logger;
  readonly terminal: Terminal;
  readonly database: Database;
  readonly workshop: Workshop;
  readonly stop: ProcessStop;
  /** Called with each fact, after the terminal. */
  readonly onProgress: (listener: (event: Progress) => void) => void;
}

async function withWorkshop<T>(
  base: Omit<WorkSession, 'workshop' | 'onProgress'>,
  crash: CrashPoints,
  work: (session: WorkSession) => Promise<T>,
): Promise<T> {
  const listeners: ((event: Progress) => void)[] = [];
  const { config, database, log, stop, terminal } = base;
  const workshop = await openWorkshop(config, database, log, {
    abort: stop.abort,
    stopping: stop.stopping,
    crash,
    progress(event) {
      // What the terminal says of a lead is held to the rules of the log.
      terminal.progress('reason' in event ? { ...event, reason: log.scrub(event.reason) } : event);
      for (const listener of listeners) listener(event);
    },
  });
  try {
    return await work({ ...base, workshop, onProgress: (listener) => listeners.push(listener) });
  } finally {
    await workshop.close();
  }
}

/** Opens everything in order, and closes it in the opposite one, whatever happens. */
export async function withWorkSession<T>(
  work: (session: WorkSession) => Promise<T>,
  out: NodeJS.WriteStream = process.stdout,
): Promise<T> {
  const config = loadConfig();
  const crash = openCrashPoints(config);
  // A wrong template stops the start, not each lead in turn.
  await loadTemplates(config);
  const terminal = openTerminal(out, () => Date.now());
  const log = openLog(config, terminal.lines, out.isTTY);
  const stop = stopOnSignals(() =>
    terminal.print('Stopping: finishing what is under way (once more to end at once) …'),
  );
  try {
    const lock = await lockHome(config);
    try {
      crash.reached('home_locked');
      const database = await openDatabase(config, log, { own: true });
      try {
        await assertReady(database, log);
        return await withWorkshop({ config, log, terminal, database, stop }, crash, work);
      } finally {
        await database.close();
      }
    } finally {
      await lock.release();
    }
  } finally {
    stop.dispose();
    await log.close();
    terminal.close();
  }
}
