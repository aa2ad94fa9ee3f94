/** Leads that a test takes to where it needs them, and what brings them back from either side. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createRehearsalDriver } from '../../src/adapters/chat/rehearsal/driver.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { ChatError } from '../../src/core/errors.ts';
import type { ChatDriver } from '../../src/ports.ts';
import { standingOf } from '../../src/shell/rebuild/standing.ts';
import { rebuildToDatabase } from '../../src/shell/rebuild/to-database.ts';
import { rebuildToDisk } from '../../src/shell/rebuild/to-disk.ts';
import { verifyLead } from '../../src/shell/verify.ts';
import { openDatabaseWorkshop, type DatabaseWorkshopOptions } from './database-workshop.ts';
import { ENGLISH } from './descriptions.ts';
import type { RunningTarget } from './supabase-targets.ts';
import { tempFolder } from './temp-folder.ts';
import { loseDatabase } from './untold-sql.ts';

/** Rehearses, notes what was asked, and fails where it is told to. */
function watchedDriver() {
  const rehearsal = createRehearsalDriver({ clock: systemClock, delayMs: 0 });
  const asked: string[] = [];
  const failing = new Set<string>();
  const driver: ChatDriver = {
    ...rehearsal,
    async ask(request, journal, signal) {
      const name = `${request.step}/${request.n}`;
      if (failing.has(name)) throw new ChatError('permanent', 'refused by the test');
      asked.push(name);
      return rehearsal.ask(request, journal, signal);
    },
  };
  return { driver, asked, failing };
}

export async function openRebuildWorkshop(
  running: Pick<RunningTarget, 'url' | 'secretKey' | 'sql'>,
  options: Partial<DatabaseWorkshopOptions> = {},
) {
  // Each test begins with an empty database: what it loses is its own.
  await loseDatabase(running);
  const folder = options.folder ?? (await tempFolder());
  const chat = watchedDriver();
  const workshop = await openDatabaseWorkshop(running, {
    folder,
    driver: chat.driver,
    blockCount: 2,
    ...options,
  });
  const { ports, shell } = workshop;
  return {
    ...workshop,
    ...chat,
    folder,
    add: (description = ENGLISH) => shell.directory.add({ description }),
    filesOf: (id: string) => shell.artifacts.lead(id),
    standing: (id: string) =>
      standingOf(id, { recovery: ports.recovery, files: shell.artifacts.lead(id) }),
    toDisk: (id: string) => rebuildToDisk(id, ports),
    toDatabase: (id: string) => rebuildToDatabase(id, ports),
    verify: (id: string) => verifyLead(id, ports),
    loseDisk: () => rm(workshop.runsDir, { recursive: true }),
  };
}

export type RebuildWorkshop = Awaited<ReturnType<typeof openRebuildWorkshop>>;

export async function archived(workshop: RebuildWorkshop, description = ENGLISH): Promise<string> {
  const id = await workshop.add(description);
  await workshop.work(id);
  return id;
}

/** Blocked at its second lesson: three of six prompts are answered. */
export async function blocked(workshop: RebuildWorkshop): Promise<string> {
  const id = await workshop.add();
  workshop.failing.add('stage2/2');
  await workshop.work(id);
  workshop.failing.clear();
  return id;
}

/** Everything below the lead's folder, by path. */
export async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, Buffer>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), await readFile(path));
  }
  return files;
}

/** All rows of a lead; without what a database assigns, and the moments of the row's own columns. */
export async function rowsOf(running: Pick<RunningTarget, 'sql'>, id: string) {
  const rows = (sql: string) => running.sql(sql, [id]);
  return {
    events: await rows(
      `select to_jsonb(e) - 'position' as row from public.pipeline_events e where lead_id = $1 order by seq`,
    ),
    artifacts: await rows(
      `select to_jsonb(a) - 'created_at' as row from public.pipeline_artifacts a
        where lead_id = $1 order by run_id, path, sha256`,
    ),
    pages: await rows(
      `select to_jsonb(p) - 'id' - 'updated_at' as row from public.client_learning_pages p
        where client_id::text = $1 order by page_index`,
    ),
    lead: await rows(
      `select to_jsonb(l) - 'processing_started_at' - 'processing_completed_at' - 'next_attempt_at'
              - 'pipeline_updated_at' as row
         from public.junior_leads l where id::text = $1`,
    ),
  };
}
