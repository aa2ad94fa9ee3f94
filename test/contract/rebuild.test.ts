/** Nothing but the database, or nothing but the disk: either brings the other back. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { applyMigrations, readMigrations } from '../../src/adapters/embedded/migrations.ts';
import { recordedRuns } from '../../src/core/recorded.ts';
import { upcast } from '../../src/core/upcast.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { connectAdmin, withSession } from '../support/admin-sql.ts';
import type { DatabaseWorkshopOptions } from '../support/database-workshop.ts';
import { ENGLISH, SLOVAK } from '../support/descriptions.ts';
import { matching } from '../support/matchers.ts';
import { describeOnPostgres } from '../support/on-postgres.ts';
import { startPostgres } from '../support/postgres.ts';
import { postgrestUnavailable, startPostgrest } from '../support/postgrest.ts';
import {
  archived,
  blocked,
  filesBelow,
  openRebuildWorkshop,
  rowsOf,
} from '../support/rebuild-workshop.ts';
import { describeAsHosted, type RunningTarget } from '../support/supabase-targets.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { loseDatabase, untold } from '../support/untold-sql.ts';

describeAsHosted('rebuild', (target) => {
  let running: RunningTarget;
  beforeAll(async () => {
    running = await target.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  const open = (options: Partial<DatabaseWorkshopOptions> = {}) =>
    openRebuildWorkshop(running, options);

  it('brings a lost disk back, byte for byte', async () => {
    const workshop = await open();
    const ids = [
      await archived(workshop),
      await archived(workshop, SLOVAK),
      await blocked(workshop),
    ];
    const before = await filesBelow(workshop.runsDir);
    await workshop.loseDisk();
    for (const id of ids) {
      expect((await workshop.standing(id)).kind).toBe('disk_behind');
      expect((await workshop.toDisk(id)).problems).toEqual([]);
      expect(await workshop.verify(id)).toMatchObject({ problems: [], notes: [] });
      expect((await workshop.standing(id)).kind).toBe('same');
    }
    const after = await filesBelow(workshop.runsDir);
    // Logs and zips are the disk's own: nothing else may be missing, and nothing added.
    const isRecorded = (path: string): boolean => !/\/logs\/|\.zip$/.test(path);
    expect([...after.keys()].toSorted()).toEqual([...before.keys()].filter(isRecorded).toSorted());
    for (const [path, content] of after) {
      expect(content.equals(before.get(path) ?? Buffer.alloc(0)), path).toBe(true);
    }
    for (const id of ids) expect((await workshop.toDisk(id)).done).toEqual([]);
  });

  it('brings a lost database back, hash for hash', async () => {
    const workshop = await open();
    await running.sql('alter table public.junior_leads add column if not exists shoe_size numeric');
    const ids = [
      await archived(workshop),
      await archived(workshop, SLOVAK),
      await blocked(workshop),
    ];
    // A second run, and what the user keeps in columns of the table.
    await running.sql(
      `update public.junior_leads set shoe_size = 42.5, description = description || ' More.', status = 'flagged' where id::text = $1`,
      [ids[0]],
    );
    await workshop.work(ids[0] ?? '');
    const before = new Map<string, unknown>();
    for (const id of ids) before.set(id, await rowsOf(running, id));
    await loseDatabase(running);
    for (const id of ids) {
      expect((await workshop.standing(id)).kind).toBe('database_behind');
      expect((await workshop.toDatabase(id)).problems).toEqual([]);
      expect(await rowsOf(running, id)).toEqual(before.get(id));
      expect(await workshop.verify(id)).toMatchObject({ problems: [], notes: [] });
      expect((await workshop.standing(id)).kind).toBe('same');
      expect((await workshop.toDatabase(id)).done).toEqual([]);
    }
  });

  it('lets a daemon go on with what was brought back, and ask nothing that was answered', async () => {
    const workshop = await open();
    const id = await blocked(workshop);
    const answered = [...workshop.asked];
    await loseDatabase(running);
    await workshop.toDatabase(id);
    await workshop.shell.directory.flag(id);
    expect(await workshop.work(id)).toEqual({ kind: 'archived' });
    expect(workshop.asked).toEqual([...answered, 'stage2/2', 'stage3/1', 'stage3/2']);
    expect(await workshop.verify(id)).toMatchObject({ status: 'archived', problems: [] });

    await workshop.loseDisk();
    await workshop.toDisk(id);
    expect(await workshop.verify(id)).toMatchObject({ status: 'archived', problems: [] });
  });

  it('reads archived runs from their zips, where those are all that is left', async () => {
    const coldStorageDir = join(await tempFolder(), 'cold');
    const workshop = await open({ coldStorageDir });
    const id = await archived(workshop);
    const before = await rowsOf(running, id);
    const here = await filesBelow(workshop.runsDir);
    expect([...here.keys()].map((path) => path.split('/').slice(1).join('/')).toSorted()).toEqual([
      'events.jsonl',
      'run_summary.json',
    ]);
    await loseDatabase(running);
    expect((await workshop.toDatabase(id)).problems).toEqual([]);
    expect(await rowsOf(running, id)).toEqual(before);
    expect(await workshop.verify(id)).toMatchObject({ problems: [], notes: [] });

    // And a folder in cold storage is not brought back beside its zip.
    await workshop.toDisk(id);
    expect([...(await filesBelow(workshop.runsDir)).keys()]).toEqual([...here.keys()]);
  });

  it('goes on where a database ends that is older than the disk', async () => {
    const workshop = await open();
    const id = await blocked(workshop);
    const before = await rowsOf(running, id);
    await untold(
      running,
      `delete from public.pipeline_events where seq > 9;
       update public.junior_leads set status = 'processing', plan = null, last_error = null, retry_count = 0,
              pipeline_progress = null`,
    );
    expect(await workshop.standing(id)).toMatchObject({ kind: 'database_behind' });
    expect((await workshop.toDatabase(id)).done).toEqual([
      matching(/^\d+ events restored$/),
      'row brought up to date',
    ]);
    expect(await rowsOf(running, id)).toEqual(before);
  });

  it('tells of a description that was edited after the last run took it', async () => {
    const workshop = await open();
    const id = await archived(workshop);
    await running.sql(`update public.junior_leads set description = 'newer' where id::text = $1`, [
      id,
    ]);
    await workshop.toDisk(id);
    await loseDatabase(running);
    expect((await workshop.toDatabase(id)).done).toContain('events.jsonl: 1 event added');
    const { events } = await workshop.ports.recovery.stream(id);
    expect(events.slice(-2)).toMatchObject([
      { type: 'lead.edited', actor: matching(/^hand:/) },
      { type: 'lead.edited', actor: 'rebuild', data: { columns: ['description'] } },
    ]);
    expect((await workshop.shell.directory.get(id))?.description).toBe(ENGLISH);
    expect(await workshop.verify(id)).toMatchObject({ problems: [] });
  });

  it('brings a deleted lead back as what it was: a stream without a row', async () => {
    const workshop = await open();
    const id = await archived(workshop);
    await running.sql('delete from public.junior_leads where id::text = $1', [id]);
    await workshop.toDisk(id);
    await loseDatabase(running);
    expect((await workshop.toDatabase(id)).problems).toEqual([]);
    expect(await workshop.shell.directory.get(id)).toBeNull();
    const { events } = await workshop.ports.recovery.stream(id);
    expect(events.at(-1)?.type).toBe('lead.deleted');
    expect(recordedRuns(events.map(upcast))).toHaveLength(1);
    expect(await workshop.verify(id)).toMatchObject({ problems: [] });
  });

  it('says what is to be done for a lead whose row no run ever took', async () => {
    const workshop = await open();
    const id = await workshop.add();
    await workshop.shell.store.claim({ daemon: 'd1', leaseMs: 1, running: [], only: id });
    await workshop.toDisk(id);
    await loseDatabase(running);
    const { done, problems } = await workshop.toDatabase(id);
    expect(done).toEqual(['2 events restored']);
    expect(problems).toEqual([matching(/^no run on this disk holds the row .+ status flagged$/)]);
    await running.sql(
      `insert into public.junior_leads (id, description, status) values ($1, $2, 'flagged')`,
      [id, ENGLISH],
    );
    expect(await workshop.work(id)).toEqual({ kind: 'archived' });
    expect(await workshop.verify(id)).toMatchObject({ problems: [] });
  });

  it('has nothing to do for a lead of which nobody knows', async () => {
    const workshop = await open();
    const nobody = '00000000-0000-4000-8000-000000000009';
    const nothing = { leadId: nobody, done: [], problems: [] };
    expect(await workshop.toDisk(nobody)).toEqual(nothing);
    expect(await workshop.toDatabase(nobody)).toEqual(nothing);
    const id = await archived(workshop);
    await loseDatabase(running);
    expect((await workshop.toDisk(id)).problems).toEqual([matching(/--to database$/)]);
    await workshop.toDatabase(id);
    await workshop.loseDisk();
    expect((await workshop.toDatabase(id)).problems).toEqual([matching(/--to disk$/)]);
  });

  it('names columns that the table does not have any more', async () => {
    const workshop = await open();
    await running.sql('alter table public.junior_leads add column hobby text');
    onTestFinished(() =>
      running
        .sql('alter table public.junior_leads drop column if exists hobby')
        .then(() => undefined),
    );
    const id = await archived(workshop);
    await loseDatabase(running);
    await running.sql('alter table public.junior_leads drop column hobby');
    expect((await workshop.toDatabase(id)).done).toContain(
      'left out, as junior_leads has no such column: hobby',
    );
  });
});

describeOnPostgres(
  'rebuild with ids of the table’s own sequence',
  () => {
    it('gives each lead its id back, and the next one a new one', async () => {
      const postgres = await startPostgres();
      onTestFinished(() => postgres.stop());
      const databaseUrl = await postgres.createDatabase('project');
      const admin = connectAdmin(databaseUrl);
      const { query } = admin;
      onTestFinished(() => admin.end());
      await query(`create table public.junior_leads (
        id bigint generated always as identity primary key,
        full_name text not null,
        born date,
        marks numeric[],
        status text default 'new',
        description text)`);
      await withSession(databaseUrl, async (session) =>
        applyMigrations(session, await readMigrations(migrationsDir)),
      );
      const rest = await startPostgrest({ databaseUrl });
      onTestFinished(() => rest.stop());
      const running = { url: rest.url, secretKey: rest.serviceKey, sql: query };
      const workshop = await openRebuildWorkshop(running);
      const add = async (): Promise<string> => {
        const [row] = await query(
          `insert into public.junior_leads (full_name, born, marks, description, status)
           values ('A', '1999-12-31', '{1,2.5}', $1, 'flagged') returning id`,
          [ENGLISH],
        );
        return String(row?.['id']);
      };
      await add();
      const id = await add();
      await workshop.work(id);
      const before = await rowsOf(running, id);
      await loseDatabase(running);
      await query('alter sequence public.junior_leads_id_seq restart');
      expect((await workshop.toDatabase(id)).problems).toEqual([]);
      expect(await rowsOf(running, id)).toEqual(before);
      expect(await workshop.verify(id)).toMatchObject({ problems: [] });
      expect(await add()).toBe(String(Number(id) + 1));
    });
  },
  postgrestUnavailable(),
);
