/** What commands open and, whatever happens, close again. */
import { loadConfig, type Config, type Variables } from '../config.ts';
import type { Log } from '../ports.ts';
import { openDatabase, openLog, type Database, type Logger } from '../wire.ts';

export interface Session {
  readonly config: Config;
  readonly log: Log;
}

async function withLog<T>(config: Config, work: (log: Logger) => Promise<T>): Promise<T> {
  const log = openLog(config, process.stderr, process.stderr.isTTY);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** Settings and a log, for commands that need no database. */
export function withSession<T>(
  work: (session: Session) => Promise<T>,
  /** Variables that the command line gives; they win over the environment. */
  given: Variables = {},
): Promise<T> {
  const config = loadConfig(given);
  return withLog(config, (log) => work({ config, log }));
}

/** Settings, a log and the database: the running one, or one started for this command. */
export function withDatabase<T>(
  work: (session: Session & { readonly database: Database }) => Promise<T>,
): Promise<T> {
  return withSession(async (session) => {
    const database = await openDatabase(session.config, session.log);
    try {
      return await work({ ...session, database });
    } finally {
      await database.close();
    }
  });
}
