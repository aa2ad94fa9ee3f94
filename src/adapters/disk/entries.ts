/** What lies in a lead's folders, and its removal: everything there is about one person. */
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LeadEntry } from '../../ports.ts';
import { isErrno } from './disk-error.ts';
import { syncFolder } from './durable.ts';
import { isTemporary } from './temporary.ts';

/** Holds the id of a lead whose folder is named by a hash. */
export const LEAD_ID_FILE = 'lead_id.txt';

/** Made of events alone, which tell nothing of the person. */
const IMPERSONAL = ['events.jsonl', 'run_summary.json', LEAD_ID_FILE];

/** A run's folder and zips, also hidden (`.<run>.archived`), set aside, or half written. */
const OF_RUN = /^\.?(\d{8}_\d{6})(?:\.|$)/;

function isImpersonal(name: string): boolean {
  if (IMPERSONAL.includes(name)) return true;
  return isTemporary(name) && IMPERSONAL.some((one) => name.startsWith(`.${one}.`));
}

export async function entriesOf(folder: string): Promise<LeadEntry[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .filter((name) => !isImpersonal(name))
    .toSorted()
    .map((name) => ({ path: join(folder, name), runId: OF_RUN.exec(name)?.[1] ?? null }));
}

/** Removed is unlinked: what a disk keeps of deleted files is beyond a program. */
export async function removeEntries(entries: readonly LeadEntry[]): Promise<void> {
  for (const { path } of entries) await rm(path, { recursive: true, force: true });
  for (const folder of new Set(entries.map(({ path }) => dirname(path)))) await settle(folder);
}

/** The last of cold storage takes its folder along: its name is the lead's. */
async function settle(folder: string): Promise<void> {
  const isEmpty = (await readdir(folder)).length === 0;
  if (isEmpty) await rm(folder, { recursive: true, force: true });
  await syncFolder(isEmpty ? dirname(folder) : folder);
}
