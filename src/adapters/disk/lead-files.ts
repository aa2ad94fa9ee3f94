/** Files of one lead: its stream, its summary, its runs. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderNameOf, isHashedName } from '../../core/folder-name.ts';
import type { StoredEnvelope } from '../../core/events.ts';
import type { Clock, CrashPoints, LeadFiles, Log } from '../../ports.ts';
import { finishRemovals } from './archive.ts';
import { isErrno, onDisk } from './disk-error.ts';
import { isThere, makeFolder, moveAside, writeFileWhole } from './durable.ts';
import { entriesOf, LEAD_ID_FILE, removeEntries } from './entries.ts';
import { createEventFile } from './event-file.ts';
import type { InTurn } from './in-turn.ts';
import { once } from './once.ts';
import { createRunFiles } from './run-files.ts';
import { checkedRunId, RUN_ID } from './run-path.ts';
import { removeLeftOvers } from './temporary.ts';

const ZIP = /^(\d{8}_\d{6})(?:\.\d+)?\.zip$/;

export interface LeadFilesOptions {
  /** Absolute. */
  readonly runsDir: string;
  /** Absolute. */
  readonly coldStorageDir: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly inTurn: InTurn;
  readonly crash: CrashPoints;
}

async function runIdsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return RUN_ID.test(entry.name) ? [entry.name] : [];
    return ZIP.exec(entry.name)?.[1] ?? [];
  });
}

/** `<run>.aside`, `<run>.aside.zip`: names that no run bears. */
async function setRunAside(runId: string, folders: readonly string[]): Promise<string[]> {
  const aside: string[] = [];
  for (const folder of folders) {
    for (const ending of ['', '.zip']) {
      const path = join(folder, `${runId}${ending}`);
      if (!(await isThere(path))) continue;
      aside.push(await moveAside(path, (n) => `${runId}.aside${n === 0 ? '' : `.${n}`}${ending}`));
    }
  }
  return aside;
}

export function createLeadFiles(leadId: string, options: LeadFilesOptions): LeadFiles {
  const { runsDir, coldStorageDir, clock, log, inTurn, crash } = options;
  const name = folderNameOf(leadId);
  const directory = join(runsDir, name);
  const cold =
    coldStorageDir === null
      ? null
      : { root: coldStorageDir, leadFolder: join(coldStorageDir, name) };
  const eventsPath = join(directory, 'events.jsonl');
  const summaryPath = join(directory, 'run_summary.json');
  const events = createEventFile({ folder: directory, leadId, clock, log });

  const prepare = once(async () => {
    await makeFolder(directory);
    await removeLeftOvers(directory, { recursive: false });
    await finishRemovals(directory);
    if (isHashedName(name)) await writeFileWhole(join(directory, LEAD_ID_FILE), leadId);
  });

  const scanEvents: LeadFiles['scanEvents'] = (take) =>
    onDisk('Reading', eventsPath, () => inTurn(eventsPath, () => events.scan(take)));

  return {
    directory,

    async readEvents() {
      const all: StoredEnvelope[] = [];
      await scanEvents((some) => {
        for (const event of some) all.push(event);
      });
      return all;
    },

    scanEvents,

    viewEvents: () =>
      onDisk('Reading', eventsPath, () =>
        inTurn(eventsPath, async () => {
          const all: StoredEnvelope[] = [];
          const { isTorn } = await events.view((some) => {
            for (const event of some) all.push(event);
          });
          return { events: all, isTorn };
        }),
      ),

    appendEvents: (added) =>
      onDisk('Appending to', eventsPath, () =>
        inTurn(eventsPath, async () => {
          await prepare();
          await events.append(added);
        }),
      ),

    setEventsAside: (reason) =>
      onDisk('Setting aside', eventsPath, () => inTurn(eventsPath, () => events.setAside(reason))),

    writeSummary: (summary) =>
      onDisk('Writing', summaryPath, async () => {
        await prepare();
        await writeFileWhole(summaryPath, `${JSON.stringify(summary, null, 2)}\n`);
      }),

    setRunAside: (runId) =>
      onDisk('Setting aside', join(directory, runId), () =>
        setRunAside(
          checkedRunId(runId),
          cold === null ? [directory] : [directory, cold.leadFolder],
        ),
      ),

    run: (runId) =>
      createRunFiles({
        runId: checkedRunId(runId),
        leadFolder: directory,
        prepareLead: prepare,
        cold,
        inTurn,
        crash,
      }),

    entries: () =>
      onDisk('Listing', directory, async () => {
        const folders = cold === null ? [directory] : [directory, cold.leadFolder];
        return (await Promise.all(folders.map(entriesOf))).flat();
      }),

    removeEntries: (entries) => onDisk('Removing', directory, () => removeEntries(entries)),

    runIds: () =>
      onDisk('Listing', directory, async () => {
        const folders = cold === null ? [directory] : [directory, cold.leadFolder];
        const ids = (await Promise.all(folders.map(runIdsIn))).flat();
        return [...new Set(ids)].toSorted();
      }),
  };
}
