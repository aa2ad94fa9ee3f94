/** A person is forgotten: no table and no file tells of them, and the chain of events still holds. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fold } from '../../machines/fold.ts';
import { receiptText } from '../../src/core/archive-receipt.ts';
import type { StoredEnvelope } from '../../src/core/events.ts';
import { findChainFault, sha256Hex } from '../../src/core/hash-chain.ts';
import { upcast } from '../../src/core/upcast.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { copyErasures, eraseLeftOvers } from '../../src/shell/erase-here.ts';
import { forgetLead, type ForgetDeps } from '../../src/shell/forget.ts';
import { copyLog } from '../../src/shell/left-over.ts';
import {
  openDatabaseWorkshop,
  type DatabaseWorkshopOptions,
} from '../support/database-workshop.ts';
import { SLOVAK } from '../support/descriptions.ts';
import { MARKED, markedFiles, markedTables } from '../support/marks.ts';
import { matching } from '../support/matchers.ts';
import {
  archived,
  openRebuildWorkshop,
  type RebuildWorkshop,
} from '../support/rebuild-workshop.ts';
import { describeAsHosted, type RunningTarget } from '../support/supabase-targets.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { loseDatabase, untold } from '../support/untold-sql.ts';

const ACTOR = 'hand:test';
const NOBODY_RUNS = { aside: (_id: string, work: () => Promise<void>) => work() };

function depsOf(
  { shell }: Pick<RebuildWorkshop, 'shell'>,
  changed: Partial<ForgetDeps> = {},
): ForgetDeps {
  const { daemon } = shell.options;
  return { ...shell, daemon, copyLog: (id) => copyLog(shell, id), ...changed };
}

async function zipOf(workshop: RebuildWorkshop, id: string) {
  const files = workshop.filesOf(id);
  const [runId = ''] = await files.runIds();
  return files.run(runId).readZip();
}

/** The archive's own event, when it names another receipt before its own. */
function withReceipt(envelope: StoredEnvelope, sha256: string): StoredEnvelope {
  const event = upcast(envelope);
  if (event.type !== 'step.completed' || event.data.step !== 'archive') return envelope;
  const outputs = event.data.outputs.flatMap((ref) => [{ ...ref, sha256 }, ref]);
  return { ...envelope, data: { ...envelope.data, outputs } };
}

/** The stream as it is when a run was zipped twice to one place: the first receipt tells of other bytes. */
function zippedTwice(store: ForgetDeps['store'], path: string): ForgetDeps['store'] {
  const text = receiptText({ path, sha256: '0'.repeat(64), bytes: 1, files: 1, daemon: 'd1' });
  const sha256 = sha256Hex(text);
  return {
    read: async (leadId, afterSeq) =>
      (await store.read(leadId, afterSeq)).map((event) => withReceipt(event, sha256)),
    artifact: (leadId, runId, ref) =>
      ref.sha256 === sha256 ? Promise.resolve(text) : store.artifact(leadId, runId, ref),
  };
}

describeAsHosted('forgetting a person', (target) => {
  let running: RunningTarget;
  beforeAll(async () => {
    running = await target.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  const open = (options: Partial<DatabaseWorkshopOptions> = {}) =>
    openRebuildWorkshop(running, options);

  /** Two runs, pages that were replaced, a picture of a failure, logs set aside, and words to the operator. */
  async function muchAbout(workshop: RebuildWorkshop): Promise<string> {
    const id = await archived(workshop, MARKED);
    await running.sql(
      `update public.junior_leads set description = description || ' More.', status = 'flagged' where id::text = $1`,
      [id],
    );
    await workshop.work(id);
    await running.sql(
      `update public.junior_leads set last_error = 'ask Zdenobia', status = 'on hold' where id::text = $1`,
      [id],
    );
    const files = workshop.filesOf(id);
    const [first = ''] = await files.runIds();
    await files.run(first).write('failures/stage2_1.html', '<p>Zdenobia</p>');
    await writeFile(join(files.directory, 'events.damaged.20261124_100000.jsonl'), 'Quarxova');
    await mkdir(join(files.directory, '20261124_100000.aside'));
    await writeFile(join(files.directory, '20261124_100000.aside', 'plan.txt'), 'Quarxova');
    const summary = { archived: 0, blocked: 1, running: 0, flagged: 0 };
    await workshop.outbox.put(
      'daily_summary/2026-11-24',
      {
        kind: 'daily_summary',
        day: '2026-11-24',
        summary: {
          ...summary,
          blockedLeads: [
            { id, lastError: 'ask Zdenobia' },
            { id: 'other', lastError: 'stays' },
          ],
        },
      },
      ['slack'],
    );
    return id;
  }

  const eventsOf = (workshop: RebuildWorkshop, id: string) => workshop.shell.store.read(id, 0);

  it('leaves no word of them in any table or file, and the chain whole', async () => {
    const coldStorageDir = join(await tempFolder(), 'cold');
    const workshop = await open({ coldStorageDir, channels: ['slack'] });
    const id = await muchAbout(workshop);
    const other = await archived(workshop, SLOVAK);
    const otherBefore = await workshop.verify(other);
    // What the search finds now it would find afterwards.
    expect(await markedTables(running)).toEqual([
      'public.client_learning_pages',
      'public.client_learning_pages_history',
      'public.junior_leads',
      'public.pipeline_artifacts',
      'public.pipeline_notifications',
    ]);
    expect((await markedFiles(workshop.runsDir)).length).toBeGreaterThan(1);
    expect(await readdir(join(coldStorageDir, id))).toHaveLength(2);

    const told = await forgetLead(depsOf(workshop), id, ACTOR);
    expect(told).toMatchObject({
      leadId: id,
      recorded: true,
      runs: 2,
      pages: 2,
      pageVersions: 4,
      unreachable: [],
      elsewhere: [],
    });
    expect(await markedTables(running)).toEqual([]);
    expect(await markedFiles(workshop.runsDir)).toEqual([]);
    expect(await markedFiles(coldStorageDir)).toEqual([]);
    expect(await readdir(coldStorageDir)).toEqual([other]);
    expect((await readdir(join(workshop.runsDir, id))).toSorted()).toEqual([
      'events.jsonl',
      'run_summary.json',
    ]);

    const events = await eventsOf(workshop, id);
    expect(findChainFault(events)).toBeNull();
    expect(events.at(-1)).toMatchObject({
      type: 'lead.erased',
      actor: ACTOR,
      status_from: 'on hold',
      status_to: 'erased',
      data: { runs: 2, pages: 2, page_versions: 4, notifications: 2 },
    });
    expect(await workshop.verify(id)).toMatchObject({ status: 'erased', problems: [], notes: [] });
    expect(await workshop.verify(other)).toEqual(otherBefore);
    const [summary] = await running.sql(
      `select payload from public.pipeline_notifications where key like 'daily_summary/%'`,
    );
    expect(summary?.['payload']).toMatchObject({
      summary: {
        blockedLeads: [
          { id, lastError: null },
          { id: 'other', lastError: 'stays' },
        ],
      },
    });
  });

  it('says it once, and again only when something has come back', async () => {
    const workshop = await open();
    const id = await archived(workshop, MARKED);
    await forgetLead(depsOf(workshop), id, ACTOR);
    const again = await forgetLead(depsOf(workshop), id, ACTOR);
    expect(again).toMatchObject({ recorded: false, artifacts: 0, removed: [] });
    await running.sql(`update public.junior_leads set plan = 'Zdenobia' where id::text = $1`, [id]);
    expect(await forgetLead(depsOf(workshop), id, ACTOR)).toMatchObject({
      recorded: true,
      runs: 0,
    });
    const events = await eventsOf(workshop, id);
    expect(events.filter(({ type }) => type === 'lead.erased')).toHaveLength(2);
    expect(await workshop.verify(id)).toMatchObject({ problems: [] });
  });

  it('refuses while a daemon works on the lead, and changes nothing', async () => {
    const workshop = await open();
    const id = await workshop.add(MARKED);
    const claimed = { daemon: 'd2', leaseMs: 60_000, running: [], only: id };
    const claim = await workshop.shell.store.claim(claimed);
    const before = await eventsOf(workshop, id);
    await expect(forgetLead(depsOf(workshop), id, ACTOR)).rejects.toMatchObject({
      code: 'stale_lease',
      message: matching(
        /being worked on by d2 until .+ Withdraw it first .+ Nothing was erased\.$/,
      ),
    });
    expect(await eventsOf(workshop, id)).toEqual(before);
    expect((await workshop.shell.directory.get(id))?.description).toBe(MARKED);

    // A lease that ran out holds nobody, and whoever held it can write nothing more.
    await untold(
      running,
      `update public.junior_leads set lease_expires_at = now() - interval '1 s'`,
    );
    await forgetLead(depsOf(workshop), id, ACTOR);
    const late = workshop.shell.store.renew(id, claim?.epoch ?? 0, 1_000);
    await expect(late).rejects.toMatchObject({ code: 'stale_lease' });
  });

  it('begins anew when the person comes back with a new description', async () => {
    const workshop = await open();
    const id = await archived(workshop, MARKED);
    const [oldRun = ''] = await workshop.filesOf(id).runIds();
    await forgetLead(depsOf(workshop), id, ACTOR);
    await workshop.shell.directory.flag(id);
    expect(await workshop.work(id)).toEqual({ kind: 'blocked' });
    expect((await workshop.shell.directory.get(id))?.last_error).toMatch(/description/i);
    await running.sql(
      `update public.junior_leads set description = $2, status = 'flagged' where id::text = $1`,
      [id, SLOVAK],
    );
    expect(await workshop.work(id)).toEqual({ kind: 'archived' });
    const { run, runIds } = fold(await eventsOf(workshop, id));
    expect(runIds).toEqual([oldRun, run?.runId]);
    expect(await workshop.verify(id)).toMatchObject({
      status: 'archived',
      problems: [],
      notes: [],
    });
    // A daemon that looks after its disk leaves the new run alone.
    await eraseLeftOvers(workshop.shell, NOBODY_RUNS);
    expect(await workshop.verify(id)).toMatchObject({ problems: [], notes: [] });
    expect(await workshop.filesOf(id).runIds()).toEqual([run?.runId]);
  });

  it.each([
    { what: 'before its files were listed', fails: 'entries' },
    { what: 'before any file was removed', fails: 'removeEntries' },
  ] as const)('is finished by the same command when it was killed $what', async ({ fails }) => {
    const workshop = await open();
    const id = await archived(workshop, MARKED);
    const files = workshop.filesOf(id);
    const dying = { ...files, [fails]: () => Promise.reject(new Error('killed')) };
    const cut = depsOf(workshop, { artifacts: { lead: () => dying } });
    await expect(forgetLead(cut, id, ACTOR)).rejects.toThrow('killed');
    const half = await workshop.verify(id);
    expect(half.problems).not.toEqual([]);
    for (const problem of half.problems) {
      expect(problem).toMatch(
        /^the lead was erased, and .+ is still on this disk → planline forget/,
      );
    }
    const told = await forgetLead(depsOf(workshop), id, ACTOR);
    expect(told).toMatchObject({ recorded: false });
    expect(told.removed).not.toEqual([]);
    expect(await markedFiles(workshop.runsDir)).toEqual([]);
    expect(await workshop.verify(id)).toMatchObject({ problems: [], notes: [] });
  });

  it('reaches the disk of another daemon at its start', async () => {
    const [here, there] = [await tempFolder(), await tempFolder()];
    const first = await open({ folder: here, daemon: 'd1' });
    const id = await archived(first, MARKED);
    const second = await openDatabaseWorkshop(running, { folder: there, daemon: 'd2' });
    const told = await forgetLead(depsOf(second, { daemon: 'd2' }), id, ACTOR);
    expect(told.elsewhere).toEqual(['d1']);
    expect(await markedFiles(first.runsDir)).not.toEqual([]);
    expect((await first.verify(id)).problems).not.toEqual([]);
    await eraseLeftOvers(first.shell, NOBODY_RUNS);
    expect(await markedFiles(first.runsDir)).toEqual([]);
    expect(await first.verify(id)).toMatchObject({ status: 'erased', problems: [], notes: [] });
    expect((await first.filesOf(id).readEvents()).at(-1)?.type).toBe('lead.erased');
  });

  it('is in the log from the next poll on, should the database be lost after that', async () => {
    const workshop = await open();
    const id = await archived(workshop, MARKED);
    const lastLogged = async () => (await workshop.filesOf(id).readEvents()).at(-1)?.type;
    await forgetLead(depsOf(workshop, { copyLog: null }), id, ACTOR);
    await copyErasures(workshop.shell, NOBODY_RUNS, 0);
    expect(await lastLogged()).not.toBe('lead.erased');
    await copyErasures(workshop.shell, NOBODY_RUNS, 60_000);
    expect(await lastLogged()).toBe('lead.erased');

    await loseDatabase(running);
    await workshop.toDatabase(id);
    expect(await markedTables(running)).toEqual([]);
    expect(await workshop.verify(id)).toMatchObject({ status: 'erased', problems: [] });
  });

  it('finds zips where cold storage was before, and names those whose disk is away', async () => {
    const outside = await tempFolder();
    const [old, now] = [join(outside, 'old'), join(outside, 'now')];
    const workshop = await open({ coldStorageDir: old });
    const id = await archived(workshop, MARKED);
    const again = await archived(workshop, MARKED);
    const moved = await openDatabaseWorkshop(running, {
      folder: workshop.folder,
      coldStorageDir: now,
    });
    const told = await forgetLead(depsOf(moved), id, ACTOR);
    expect(told.removed).toEqual([matching(/\/old\/.+\.zip$/)]);
    await rm(old, { recursive: true });
    expect(await forgetLead(depsOf(moved), again, ACTOR)).toMatchObject({
      recorded: true,
      unreachable: [matching(/\/old\/.+\.zip$/)],
    });
  });

  it('names a zip that is not the recorded one, and not one that was made anew', async () => {
    const outside = await tempFolder();
    const [old, now] = [join(outside, 'old'), join(outside, 'now')];
    const workshop = await open({ coldStorageDir: old });
    const spoilt = await archived(workshop, MARKED);
    const { path } = (await zipOf(workshop, spoilt)) ?? { path: '' };
    await writeFile(path, 'a file of their own');
    const moved = await openDatabaseWorkshop(running, {
      folder: workshop.folder,
      coldStorageDir: now,
    });
    const told = await forgetLead(depsOf(moved), spoilt, ACTOR);
    expect(told).toMatchObject({ removed: [], unreachable: [], differing: [path] });
    expect(await readFile(path, 'utf8')).toBe('a file of their own');

    const anew = await archived(workshop, MARKED);
    const zip = await zipOf(workshop, anew);
    const twice = zippedTwice(workshop.shell.store, zip?.path ?? '');
    expect(await forgetLead(depsOf(moved, { store: twice }), anew, ACTOR)).toMatchObject({
      removed: [zip?.path],
      unreachable: [],
      differing: [],
    });
  });

  it('is not undone by rebuilding either side', async () => {
    const workshop = await open();
    const id = await archived(workshop, MARKED);
    await forgetLead(depsOf(workshop), id, ACTOR);
    await workshop.loseDisk();
    expect((await workshop.toDisk(id)).problems).toEqual([]);
    expect(await readdir(join(workshop.runsDir, id))).not.toContain(matching(/^\d/));
    expect(await workshop.verify(id)).toMatchObject({ problems: [], notes: [] });
    await loseDatabase(running);
    expect((await workshop.toDatabase(id)).problems).toEqual([]);
    expect(await workshop.shell.directory.get(id)).toBeNull();
    expect(await markedTables(running)).toEqual([]);
    expect(await workshop.verify(id)).toMatchObject({ status: 'erased', problems: [] });
  });

  it('is done again in a database from a backup that is older', async () => {
    const workshop = await open();
    const id = await archived(workshop, MARKED);
    const backup = await backupOf(running);
    await forgetLead(depsOf(workshop), id, ACTOR);
    await loseDatabase(running);
    await backup.restore();
    expect((await markedTables(running)).length).toBeGreaterThan(2);
    expect(await workshop.standing(id)).toMatchObject({ kind: 'database_behind' });
    const { done, problems } = await workshop.toDatabase(id);
    expect(problems).toEqual([]);
    expect(done).toContainEqual(matching(/^\d+ artifacts and 2 pages erased again$/));
    expect(await markedTables(running)).toEqual([]);
    expect(await workshop.verify(id)).toMatchObject({ status: 'erased', problems: [] });
  });

  it('knows when nobody has heard of the lead', async () => {
    const workshop = await open();
    const nobody = '00000000-0000-4000-8000-000000000009';
    await expect(forgetLead(depsOf(workshop), nobody, ACTOR)).rejects.toMatchObject({
      code: 'lead_moved',
      message: `The database knows no lead ${nobody}. Nothing was erased.`,
    });
    // A lead of the user's own, which planline never worked on, is forgotten like any other.
    const id = await workshop.add(MARKED);
    await untold(running, 'delete from public.pipeline_events');
    expect(await forgetLead(depsOf(workshop), id.toUpperCase(), ACTOR)).toMatchObject({
      leadId: id,
    });
    // And one whose row was deleted, with all that the database kept of it.
    const gone = await archived(workshop, MARKED);
    await running.sql('delete from public.junior_leads where id::text = $1', [gone]);
    await forgetLead(depsOf(workshop), gone, ACTOR);
    expect(await markedTables(running)).toEqual([]);
    expect(await workshop.verify(gone)).toMatchObject({ problems: [] });
  });

  it('is the only way to the status "erased"', async () => {
    const workshop = await open();
    const id = await archived(workshop, MARKED);
    const leads = () => workshop.client.from('junior_leads');
    const { error } = await leads().update({ status: 'erased' }).eq('id', id);
    expect(error).toMatchObject({ code: 'PL005', message: matching(/planline forget <id/) });
    const added = await leads().insert({ description: 'x', status: 'erased' });
    expect(added.error).toMatchObject({ code: 'PL005' });
    expect(await workshop.verify(id)).toMatchObject({ status: 'archived', problems: [] });

    await forgetLead(depsOf(workshop), id, ACTOR);
    const again = await leads()
      .update({ description: 'Back again.' })
      .eq('id', id)
      .select('status');
    expect(again.data).toEqual([{ status: 'erased' }]);
  });

  it('is the only way to take versions of pages out of the history', async () => {
    const workshop = await open();
    const id = await archived(workshop, MARKED);
    await running.sql('delete from public.client_learning_pages where client_id::text = $1', [id]);
    const history = () => workshop.client.from('client_learning_pages_history');
    const { error } = await history().delete().eq('client_id', id);
    expect(error?.message).toMatch(/keeps what pages were: DELETE is refused/);
    const owner = running.sql('update public.client_learning_pages_history set old_row = null');
    await expect(owner).rejects.toThrow(/UPDATE is refused/);
    await expect(running.sql('truncate public.client_learning_pages_history')).rejects.toThrow(
      /TRUNCATE is refused/,
    );
  });
});

/** Copies of planline's tables, to be put back as they were. */
async function backupOf(running: RunningTarget) {
  const tables = ['junior_leads', 'pipeline_events', 'pipeline_artifacts', 'client_learning_pages'];
  await running.sql('create schema if not exists backup');
  for (const table of tables) {
    await running.sql(`drop table if exists backup.${table}`);
    await running.sql(`create table backup.${table} as select * from public.${table}`);
  }
  return {
    async restore() {
      const inserts = tables.map(
        (table) =>
          `insert into public.${table} overriding system value select * from backup.${table}`,
      );
      await untold(running, inserts.join('; '));
      await running.sql('drop schema backup cascade');
    },
  };
}
