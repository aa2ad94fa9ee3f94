/** Before any work: a database that lacks something is told at once, not by each lead in turn. */
import { isPlanlineError, PlanlineError } from '../core/errors.ts';
import type { Log } from '../ports.ts';
import type { Database } from '../wire.ts';

/** Throws `setup` naming what is missing. One that cannot be reached is waited for instead. */
export async function assertReady(database: Database, log: Log): Promise<void> {
  try {
    const errors = (await database.check()).filter((finding) => finding.level === 'error');
    if (errors.length === 0) return;
    const lines = errors.map(({ detail, action }) =>
      action === null ? detail : `${detail} → ${action}`,
    );
    throw new PlanlineError('setup', `The database is not ready.\n  ${lines.join('\n  ')}`);
  } catch (error) {
    if (!isPlanlineError(error, 'unavailable')) throw error;
    log.warn({ reason: error.message }, 'Waiting for the database');
  }
}
