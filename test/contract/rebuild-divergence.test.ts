/** Sides that contradict each other: shown, settled by the stated rule, and nothing is deleted. */
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrationsDir } from '../../src/package-root.ts';
import { matching } from '../support/matchers.ts';
import { archived, blocked, openRebuildWorkshop, rowsOf } from '../support/rebuild-workshop.ts';
import { describeAsHosted, type RunningTarget } from '../support/supabase-targets.ts';
import { loseDatabase, untold } from '../support/untold-sql.ts';

describeAsHosted('rebuild of what differs', (target) => {
  let running: RunningTarget;
  beforeAll(async () => {
    running = await target.start({ migrationsDir });
  });
  afterAll(() => running.stop());

  const open = () => openRebuildWorkshop(running);

  it('fills gaps that somebody made, and replaces forged artifacts, keeping them', async () => {
    const workshop = await open();
    const id = await archived(workshop);
    const before = await rowsOf(running, id);
    await untold(
      running,
      `delete from public.pipeline_events where seq in (1, 5, 6);
       delete from public.client_learning_pages where page_index = 2;
       delete from public.pipeline_artifacts where path = 'plan/prompt.txt';
       update public.pipeline_artifacts set content = 'forged' where path = 'plan/plan.txt'`,
    );
    expect((await workshop.verify(id)).problems.length).toBeGreaterThan(3);
    const { done, problems } = await workshop.toDatabase(id);
    expect(problems).toEqual([]);
    expect(done).toEqual([
      '2 artifacts stored',
      matching(
        /^kept what the database had instead as \d+_\d+\/snapshots\/pipeline_artifacts\/plan\/plan\.txt$/,
      ),
      '3 events restored',
      'row brought up to date',
      '2 pages uploaded',
    ]);
    expect(await rowsOf(running, id)).toEqual(before);
    expect(await workshop.verify(id)).toMatchObject({ problems: [] });
  });

  it('sets aside what the disk has otherwise, and deletes nothing', async () => {
    const workshop = await open();
    const id = await archived(workshop);
    const files = workshop.filesOf(id);
    const [runId = ''] = await files.runIds();
    const plan = join(files.directory, runId, 'plan/plan.txt');
    const [planText, log] = [
      await readFile(plan, 'utf8'),
      await readFile(join(files.directory, 'events.jsonl'), 'utf8'),
    ];
    await appendFile(plan, 'my own words');
    await writeFile(join(files.directory, 'events.jsonl'), log.replace('"seq":4', '"seq":44'));
    const { done, problems } = await workshop.toDisk(id);
    expect(problems).toEqual([]);
    expect(done).toEqual([
      matching(/^events\.jsonl written anew; .+ is kept as events\.damaged\.\d+_\d+\.jsonl$/),
      '1 file written',
      `kept what was there as ${runId}/snapshots/plan/plan.txt`,
    ]);
    expect(await readFile(plan, 'utf8')).toBe(planText);
    expect(await readFile(join(files.directory, runId, 'snapshots/plan/plan.txt'), 'utf8')).toBe(
      `${planText}my own words`,
    );
    expect(await readFile(join(files.directory, 'events.jsonl'), 'utf8')).toBe(log);
    expect(await workshop.verify(id)).toMatchObject({ problems: [] });
  });

  it('brings a lost database back from a log whose end is torn, and keeps that end', async () => {
    const workshop = await open();
    const id = await archived(workshop);
    const { directory } = workshop.filesOf(id);
    const torn = '{"event_id"\n';
    await appendFile(join(directory, 'events.jsonl'), torn);
    await loseDatabase(running);
    expect(await workshop.standing(id)).toMatchObject({ kind: 'both_behind' });
    const { done, problems } = await workshop.toDatabase(id);
    expect(problems).toEqual([]);
    expect(done).toContainEqual(matching(/^events\.jsonl: its torn end was cut off/));
    const aside = (await readdir(directory)).find((name) => name.startsWith('events.torn.'));
    expect(await readFile(join(directory, aside ?? ''), 'utf8')).toBe(torn);
    expect(await workshop.verify(id)).toMatchObject({ problems: [], notes: [] });
  });

  /** The database is set back to an earlier day, and goes on from there: a hand flags the lead. */
  async function forked() {
    const workshop = await open();
    const id = await archived(workshop);
    await untold(
      running,
      `delete from public.pipeline_events where seq > 2;
       update public.junior_leads set status = 'new', claim_epoch = 1, claimed_by = null,
              pipeline_progress = null`,
    );
    await running.sql(`update public.junior_leads set status = 'flagged' where id::text = $1`, [
      id,
    ]);
    return { ...workshop, id, before: await rowsOf(running, id) };
  }

  it('shows a fork, and leaves the database as it is', async () => {
    const { id, before, standing, toDatabase, filesOf } = await forked();
    const log = await readFile(join(filesOf(id).directory, 'events.jsonl'), 'utf8');
    const shown = await standing(id);
    expect(shown).toMatchObject({ kind: 'fork', comparison: { forkSeq: 3 } });
    expect(shown.comparison.diskLacks.map(({ seq, type }) => [seq, type])).toEqual([
      [3, 'lead.flagged'],
    ]);
    expect(shown.comparison.databaseLacks[0]).toMatchObject({ seq: 3, type: 'run.started' });
    const { done, problems } = await toDatabase(id);
    expect(done).toEqual([]);
    expect(problems).toEqual([matching(/^nothing was written: database and disk part at seq 3/)]);
    expect(await rowsOf(running, id)).toMatchObject({ events: before.events, lead: before.lead });
    expect(await readFile(join(filesOf(id).directory, 'events.jsonl'), 'utf8')).toBe(log);
  });

  it("settles a fork on the database's side, and keeps the disk's", async () => {
    const { id, toDisk, filesOf, standing, verify, runsDir, ...workshop } = await forked();
    const files = filesOf(id);
    const [runId = ''] = await files.runIds();
    const log = await readFile(join(files.directory, 'events.jsonl'), 'utf8');
    await untold(
      running,
      'delete from public.client_learning_pages; delete from public.pipeline_artifacts',
    );
    const { done, problems } = await toDisk(id);
    expect(problems).toEqual([]);
    expect(done).toEqual([
      matching(
        /^events\.jsonl written anew; .+ events from seq 3 on .+ kept as events\.differs\..+\.jsonl$/,
      ),
      matching(new RegExp(`/${runId}\\.aside$`)),
      matching(new RegExp(`/${runId}\\.aside\\.zip$`)),
    ]);
    const names = await readdir(files.directory);
    const aside = names.find((name) => name.startsWith('events.differs.')) ?? '';
    expect(await readFile(join(files.directory, aside), 'utf8')).toBe(log);
    expect(await readdir(join(files.directory, `${runId}.aside`))).toContain('plan');
    expect((await standing(id)).kind).toBe('same');
    expect(await verify(id)).toMatchObject({ problems: [] });
    // The lead goes on from there.
    expect(await workshop.work(id)).toEqual({ kind: 'archived' });
    expect(await verify(id)).toMatchObject({ problems: [] });
    expect(await readdir(join(runsDir, id))).toContain(`${runId}.aside.zip`);
  });

  it('refuses a chain that does not hold, on either side, and writes nothing', async () => {
    const workshop = await open();
    const id = await archived(workshop);
    const path = join(workshop.filesOf(id).directory, 'events.jsonl');
    const log = await readFile(path, 'utf8');
    await writeFile(path, log.replace('"actor":"d1"', '"actor":"d2"'));
    await untold(running, `update public.pipeline_events set actor = 'x' where seq = 7`);
    const before = await rowsOf(running, id);
    expect(await workshop.toDatabase(id)).toMatchObject({
      done: [],
      problems: [matching(/this disk cannot be built on: events\.jsonl, seq 2: its content/)],
    });
    expect(await workshop.toDisk(id)).toMatchObject({
      done: [],
      problems: [matching(/the database cannot be built on: the database, seq 7: its content/)],
    });
    await writeFile(path, log);
    expect(await workshop.toDatabase(id)).toMatchObject({
      done: [],
      problems: [
        matching(/^nothing was written: the database, seq 7: .+ the disk has it as it was$/),
      ],
    });
    expect(await rowsOf(running, id)).toEqual(before);
  });

  it('checks in the database too what it is asked to restore', async () => {
    const workshop = await open();
    const id = await archived(workshop);
    const { recovery } = workshop.ports;
    const { events } = await recovery.stream(id);
    const restore = (changed: typeof events) =>
      recovery.restore({ leadId: id, events: changed, row: null, pages: null });
    expect(await restore(events)).toEqual({ added: 0, leftOut: [] });
    await expect(restore(events.slice(0, -1))).rejects.toMatchObject({ code: 'stale_stream' });
    await expect(restore([])).rejects.toMatchObject({ code: 'stale_stream' });
    await loseDatabase(running);
    for (const wrong of [
      events.toSpliced(3, 1),
      events.map((event) => (event.seq === 4 ? { ...event, actor: 'x' } : event)),
      events.map((event) => (event.seq === 4 ? { ...event, prev_hash: 'f'.repeat(64) } : event)),
      [...events, ...events.slice(-1)],
    ]) {
      await expect(restore(wrong)).rejects.toMatchObject({ code: 'corrupt' });
    }
    await expect(
      recovery.restore({ leadId: 'another', events, row: null, pages: null }),
    ).rejects.toMatchObject({ code: matching(/corrupt|usage/) });
    expect((await recovery.stream(id)).events).toEqual([]);
    await expect(
      recovery.putArtifacts(id, '20260101_000000', [
        { path: 'a.txt', sha256: 'f'.repeat(64), bytes: 1, content: 'a' },
      ]),
    ).rejects.toMatchObject({ code: 'corrupt' });
    // Handed over in any order, twice: the stream is the same.
    expect(await restore(events.toReversed())).toMatchObject({ added: events.length });
    expect(await restore(events)).toMatchObject({ added: 0 });
    expect((await recovery.stream(id)).events).toEqual(events);
  });

  it('keeps its hands off a lead that a daemon holds', async () => {
    const workshop = await open();
    const id = await blocked(workshop);
    await workshop.shell.directory.flag(id);
    await untold(running, 'delete from public.pipeline_events where seq > 9');
    await workshop.shell.store.claim({ daemon: 'd2', leaseMs: 60_000, running: [], only: id });
    await untold(running, 'delete from public.pipeline_events where seq > 9');
    await expect(workshop.toDatabase(id)).rejects.toMatchObject({
      code: 'stale_lease',
      message: matching(/is being worked on by d2 until .+ Stop that daemon/),
    });
    expect((await workshop.ports.recovery.stream(id)).events).toHaveLength(9);
  });
});
