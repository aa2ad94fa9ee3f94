/**
 * PGlite has no background processes: without CHECKPOINT its log grows, without VACUUM and ANALYZE
 * its tables and plans decay. `tick` is apart from the loop, so that tests can step it.
 */
import type { Log } from '../../ports.ts';
import { describeError } from './child-log.ts';

const TICK_MS = 60_000;
const WRITES_PER_VACUUM = 2_000;

export interface Maintenance {
  /** To be called for each request that may write. */
  noteWrite(): void;
  /** Does what is due. */
  tick(): Promise<void>;
  start(): void;
  stop(): void;
}

export function createMaintenance(run: (sql: string) => Promise<void>, log: Log): Maintenance {
  let sinceCheckpoint = 0;
  let sinceVacuum = 0;
  let timer: NodeJS.Timeout | undefined;

  async function tick(): Promise<void> {
    if (sinceCheckpoint === 0) return;
    sinceCheckpoint = 0;
    if (sinceVacuum >= WRITES_PER_VACUUM) {
      sinceVacuum = 0;
      await run('vacuum (analyze)');
    }
    await run('checkpoint');
  }

  return {
    noteWrite() {
      sinceCheckpoint += 1;
      sinceVacuum += 1;
    },
    tick,
    start() {
      timer = setInterval(() => {
        tick().catch((error: unknown) => {
          log.warn({ error: describeError(error) }, 'database maintenance failed');
        });
      }, TICK_MS);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
    },
  };
}
