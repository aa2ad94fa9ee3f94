/** Files of one run. */
import { join } from 'node:path';
import type { CrashPoints, RunFiles } from '../../ports.ts';
import {
  archiveRun,
  prepareColdStorage,
  readRunZip,
  removeArchived,
  removeZip,
  stateOfZip,
} from './archive.ts';
import { onDisk } from './disk-error.ts';
import { createFolder } from './folder.ts';
import type { InTurn } from './in-turn.ts';
import { appendText } from './jsonl.ts';
import { insideRun } from './run-path.ts';
import { once } from './once.ts';
import { removeLeftOvers } from './temporary.ts';

export interface RunFilesOptions {
  readonly runId: string;
  /** The lead's folder, absolute. */
  readonly leadFolder: string;
  /** Makes the lead's folder ready for writing. */
  readonly prepareLead: () => Promise<void>;
  readonly cold: { readonly root: string; readonly leadFolder: string } | null;
  readonly inTurn: InTurn;
  readonly crash: CrashPoints;
}

export function createRunFiles(options: RunFilesOptions): RunFiles {
  const { runId, leadFolder, cold, inTurn, crash } = options;
  const directory = join(leadFolder, runId);
  const run = { folder: directory, runId };

  const prepare = once(async () => {
    await options.prepareLead();
    await removeLeftOvers(directory, { recursive: true });
  });

  const moments = {
    written: () => crash.reached('file_written'),
    renamed: () => crash.reached('file_renamed'),
  };

  return {
    ...createFolder({ directory, prepare, inTurn, moments }),

    async appendLog(stage, entry) {
      const file = insideRun(directory, `logs/${stage}.jsonl`);
      await onDisk('Appending to', file, () =>
        inTurn(file, async () => {
          await prepare();
          // What a crash tore off stays as a line of its own: a log is read by people.
          await appendText(file, `${JSON.stringify(entry)}\n`, async () => '\n');
        }),
      );
    },

    async archive() {
      const target = cold?.leadFolder ?? leadFolder;
      return onDisk('Archiving into', target, async () => {
        if (cold !== null) await prepareColdStorage(cold.root);
        return archiveRun(run, target, crash);
      });
    },

    stateOfZip: (zip) => onDisk('Reading', zip.path, () => stateOfZip(run, zip)),

    async retire(zip) {
      if (cold === null) return;
      await onDisk('Removing', directory, () => removeArchived(run, zip, crash));
    },

    removeFolder: (zip) => onDisk('Removing', directory, () => removeArchived(run, zip, crash)),

    removeZip: (zip) => onDisk('Removing', zip.path, () => removeZip(zip)),

    readZip() {
      const folders = cold === null ? [leadFolder] : [cold.leadFolder, leadFolder];
      return onDisk('Reading the zip of', directory, () => readRunZip(run, folders));
    },
  };
}
