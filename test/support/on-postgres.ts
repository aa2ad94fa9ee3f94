import { describeWhere } from './describe-where.ts';
import { postgresUnavailable } from './postgres.ts';

/** A suite on PostgreSQL alone. `alsoNeeded` says what else of its needs is not there. */
export function describeOnPostgres(
  title: string,
  suite: () => void,
  alsoNeeded: string | null = null,
): void {
  describeWhere(postgresUnavailable() ?? alsoNeeded, `${title} on PostgreSQL`, suite);
}
