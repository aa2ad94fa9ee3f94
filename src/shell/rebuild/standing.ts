/** How database and disk stand to each other, before either is rebuilt from the other. */
import { compareStreams, type Comparison } from '../../core/compare-streams.ts';
import type { LeadFiles, RecoveryStore } from '../../ports.ts';
import { sideOf, viewLog, type LogSide, type Side } from '../verify/sides.ts';
import { isByOthers, sideFindings } from '../verify/streams.ts';

export interface Standing {
  readonly leadId: string;
  readonly kind: 'same' | 'disk_behind' | 'database_behind' | 'both_behind' | 'fork' | 'damaged';
  readonly database: Side;
  readonly disk: LogSide;
  readonly comparison: Comparison;
  /** Why one side cannot be built on: its chain does not hold, or its events cannot be folded. */
  readonly damage: { readonly database: string | null; readonly disk: string | null };
}

/** `verify` tells all of it; one reason is enough to build nothing on it. */
function damageOf(side: Side): string | null {
  return sideFindings(side).problems[0] ?? null;
}

function kindOf(
  { forkSeq, databaseLacks, diskLacks }: Comparison,
  { disk, isDamaged }: { disk: LogSide; isDamaged: boolean },
): Standing['kind'] {
  if (isDamaged) return 'damaged';
  if (forkSeq !== null) return 'fork';
  const hasLog = disk.events.length > 0;
  const lags = disk.isTorn || (hasLog ? !diskLacks.every(isByOthers) : diskLacks.length > 0);
  if (databaseLacks.length > 0) return lags ? 'both_behind' : 'database_behind';
  return lags ? 'disk_behind' : 'same';
}

export async function standingOf(
  leadId: string,
  ports: { readonly recovery: Pick<RecoveryStore, 'stream'>; readonly files: LeadFiles },
): Promise<Standing> {
  const database = sideOf('the database', await ports.recovery.stream(leadId));
  const disk = await viewLog(ports.files);
  const comparison = compareStreams(database.events, disk.events);
  const damage = { database: damageOf(database), disk: damageOf(disk) };
  const kind = kindOf(comparison, {
    disk,
    isDamaged: damage.database !== null || damage.disk !== null,
  });
  return { leadId, kind, database, disk, comparison, damage };
}
