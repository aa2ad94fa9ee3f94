/** The ArtifactStore on a disk: `<runs folder>/<lead>/<run>/…`. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { folderNameOf, isHashedName, leadIdOf } from '../../core/folder-name.ts';
import { UNARMED } from '../../core/crash-points.ts';
import type { ArtifactStore, Clock, CrashPoints, Log } from '../../ports.ts';
import { isErrno, onDisk } from './disk-error.ts';
import { readIfThere } from './durable.ts';
import { createInTurn } from './in-turn.ts';
import { LEAD_ID_FILE } from './entries.ts';
import { createLeadFiles } from './lead-files.ts';

export interface DiskStoreOptions {
  readonly runsDir: string;
  /** Where zips go and from when on run folders may be removed; null: both stay beside the lead. */
  readonly coldStorageDir: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly crash?: CrashPoints;
}

/**
 * Methods throw PlanlineError: `unavailable` when the disk refuses (full, read-only, not allowed),
 * `corrupt` when a file contradicts itself or a path leads out of the run.
 */
export function createDiskStore(options: DiskStoreOptions): ArtifactStore {
  const { clock, log, crash = UNARMED } = options;
  const runsDir = resolve(options.runsDir);
  const coldStorageDir = options.coldStorageDir === null ? null : resolve(options.coldStorageDir);
  const inTurn = createInTurn();

  const idOfHashed = async (folderName: string): Promise<string | null> => {
    const text = (await readIfThere(join(runsDir, folderName, LEAD_ID_FILE)))?.toString('utf8');
    if (text !== undefined && folderNameOf(text) === folderName) return text;
    log.warn(
      { folder: join(runsDir, folderName) },
      `the folder's ${LEAD_ID_FILE} is missing or of another lead; the folder is left out`,
    );
    return null;
  };

  return {
    lead: (leadId) =>
      createLeadFiles(leadId, { runsDir, coldStorageDir, clock, log, inTurn, crash }),

    leadIds: () =>
      onDisk('Listing', runsDir, async () => {
        const entries = await readdir(runsDir, { withFileTypes: true }).catch((error: unknown) => {
          if (isErrno(error, 'ENOENT')) return [];
          throw error;
        });
        const ids: string[] = [];
        for (const entry of entries) {
          if (!entry.isDirectory()) continue;
          const id = isHashedName(entry.name) ? await idOfHashed(entry.name) : leadIdOf(entry.name);
          if (id !== null) ids.push(id);
        }
        return ids.toSorted();
      }),
  };
}
