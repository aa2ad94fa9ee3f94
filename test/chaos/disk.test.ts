import { appendFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PATHS } from '../../src/shell/perform/paths.ts';
import { isWhole } from '../support/extent.ts';
import { crashAt, quietSweep, untilArchived } from '../support/chaos/kill.ts';
import { isGivenBack, leadRecord } from '../support/chaos/records.ts';
import { chaosTarget, openSite, type Site } from '../support/chaos/site.ts';
import { problemsOf, verifyProblems } from '../support/chaos/verdict.ts';
import { parseKill } from '../support/chaos/cells.ts';
import { describeWhere } from '../support/describe-where.ts';
import { start, type Place, type RunningPlanline } from '../support/planline.ts';
import { mountSmallDisk, smallDiskUnavailable, type SmallDisk } from '../support/small-disk.ts';

async function site(): Promise<Site> {
  const opened = await openSite();
  onTestFinished(() => opened.stop());
  return opened;
}

function daemonOn(place: Place): RunningPlanline {
  const daemon = start(place, 'daemon');
  onTestFinished(async () => void (await daemon.kill('SIGKILL')));
  return daemon;
}

/** A machine whose RUNS_DIR is a disk of its own. */
async function machineWithDisk(at: Site, bytes: number): Promise<[Place, SmallDisk]> {
  const machine = await at.machine();
  const disk = await mountSmallDisk(join(machine.cwd, 'runs'), bytes);
  onTestFinished(() => disk.unmount());
  return [machine, disk];
}

const MB = 1_048_576;
/** From nothing at all to almost enough for a run of one block. */
const LEFT = isWhole ? [0, 8_192, 32_768, 65_536, 98_304, 131_072, 163_840] : [0, 65_536];

describeWhere(
  chaosTarget().available() ?? smallDiskUnavailable(),
  'a disk that takes no more',
  () => {
    it('because it is full, at any step, holds the lead up and costs it nothing', async () => {
      const at = await site();
      const [machine, disk] = await machineWithDisk(at, 4 * MB);
      const leads: string[] = [];
      const places = new Set<string>();
      for (const left of LEFT) {
        await disk.fill(left);
        const lead = await at.addLead();
        leads.push(lead);
        const daemon = daemonOn(machine);
        await daemon.until(/the disk is full[^\n]*ENOSPC/);
        await daemon.until(/waits: /);
        expect((await daemon.kill('SIGTERM')).code).toBe(0);
        const { events, status } = await leadRecord(at.database.sql, lead);
        places.add(`${status} ${events.length}`);
        expect(events.map(({ type }) => type)).not.toContain('attempt.failed');

        await disk.empty();
        await at.callBack([lead]);
        const again = daemonOn(machine);
        await untilArchived(at, again, [lead]);
        await again.kill('SIGTERM');
      }
      console.log(`full disks met: ${[...places].join('; ')}`);
      expect(places.size).toBeGreaterThanOrEqual(2);
      expect(await quietSweep(machine)).toEqual([]);
      expect(await problemsOf(at, machine, leads)).toEqual([]);
    });

    it('because it is read-only is told, and goes on once it can be written', async () => {
      const at = await site();
      const [machine, disk] = await machineWithDisk(at, 4 * MB);
      await disk.readOnly();
      const lead = await at.addLead();
      const daemon = daemonOn(machine);
      await daemon.until(/read-only[^\n]*EROFS/);
      await daemon.until(/waits: /);
      await disk.writable();
      await expect.poll(() => isGivenBack(at.database.sql, lead), { timeout: 60_000 }).toBe(true);
      await at.callBack([lead]);
      await untilArchived(at, daemon, [lead]);
      await daemon.kill('SIGTERM');
      expect(await quietSweep(machine)).toEqual([]);
      expect(await problemsOf(at, machine, [lead])).toEqual([]);
    });
  },
);

/** The folder of the lead's only run. */
async function runFolder({ cwd }: Place, lead: string): Promise<string> {
  const folder = join(cwd, 'runs', lead);
  const runId = (await readdir(folder)).find((name) => /^\d{8}_\d{6}$/.test(name)) ?? '';
  return join(folder, runId);
}

describeWhere(chaosTarget().available(), 'a file of a run', () => {
  it('that was truncated or edited by hand is told of, kept, and never trusted', async () => {
    const at = await site();
    const machine = await at.machine({ COLD_STORAGE_DIR: '' });
    const lead = await at.addLead();
    await crashAt(machine, 'daemon', parseKill('log_written:stage3:1'));
    const run = await runFolder(machine, lead);
    // Still read by later steps, or by the archive: the profile, a lesson, a prompt, a template.
    await truncate(join(run, PATHS.part(1)), 40);
    await appendFile(join(run, PATHS.htmlPrompt(1)), '\nand a joke');
    await writeFile(join(run, PATHS.profileReply), '{"name": "Somebody else"}');
    await writeFile(join(run, 'input/prompts/html_transform.txt'), 'edited [OBSAH]');

    const daemon = daemonOn(machine);
    await untilArchived(at, daemon, [lead]);
    await daemon.kill('SIGTERM');
    const told = daemon.stdout().match(/edited since it was recorded/g) ?? [];
    expect(told.length).toBeGreaterThanOrEqual(4);
    const kept = await readdir(join(run, 'snapshots'), { recursive: true });
    expect(kept).toEqual(expect.arrayContaining([PATHS.part(1), PATHS.profileReply]));
    expect(await readFile(join(run, 'snapshots', PATHS.profileReply), 'utf8')).toContain('else');
    const { artifacts } = await leadRecord(at.database.sql, lead);
    const part = artifacts.find(({ path }) => path === PATHS.part(1));
    expect(await readFile(join(run, PATHS.part(1)), 'utf8')).toBe(part?.content);
    expect(JSON.stringify(artifacts)).not.toMatch(/Somebody else|and a joke/);
    expect(await quietSweep(machine)).toEqual([]);
  });

  it('that holds an answer which no event names is not believed when it was edited', async () => {
    const at = await site();
    const machine = await at.machine({ COLD_STORAGE_DIR: '' });
    const lead = await at.addLead();
    await crashAt(machine, 'daemon', parseKill('reply_saved:stage2:1'));
    const run = await runFolder(machine, lead);
    await appendFile(join(run, PATHS.part(1)), '\nA word of my own.\n');
    const asked = at.chat.requests().length;

    const daemon = daemonOn(machine);
    await untilArchived(at, daemon, [lead]);
    await daemon.kill('SIGTERM');
    const { artifacts } = await leadRecord(at.database.sql, lead);
    expect(JSON.stringify(artifacts)).not.toContain('A word of my own');
    const kept = await readFile(join(run, 'snapshots', PATHS.part(1)), 'utf8');
    expect(kept).toContain('A word of my own');
    expect(daemon.stdout()).toMatch(/not what was recorded; it is kept aside/);
    // The answer was fetched by its id, not asked for again: the page's prompt is the only one more.
    expect(at.chat.requests()).toHaveLength(asked + 1);
    expect(await quietSweep(machine)).toEqual([]);
    const verified = await verifyProblems(machine, [lead]);
    expect([...verified.values()].flat()).toEqual([]);
  });

  it('that was edited before it is cleaned is kept apart from what cleaning keeps', async () => {
    const at = await site();
    const machine = await at.machine({ COLD_STORAGE_DIR: '' });
    const lead = await at.addLead();
    await crashAt(machine, 'daemon', parseKill('log_written:html_to_json:1'));
    const run = await runFolder(machine, lead);
    await writeFile(join(run, PATHS.page(1)), '{"title": "A title of my own"}');

    const daemon = daemonOn(machine);
    await untilArchived(at, daemon, [lead]);
    await daemon.kill('SIGTERM');
    const kept = await readFile(join(run, 'snapshots', PATHS.page(1)), 'utf8');
    expect(kept).toContain('A title of my own');
    const { artifacts, pages } = await leadRecord(at.database.sql, lead);
    expect(JSON.stringify([artifacts, pages])).not.toContain('A title of my own');
    expect(artifacts.map(({ path }) => path)).toContain(PATHS.uncleanedPage(1));
  });

  it('that is gone with its whole folder is fetched from the database', async () => {
    const at = await site();
    const machine = await at.machine();
    const lead = await at.addLead();
    await crashAt(machine, 'daemon', parseKill('log_written:prepare_html:1'));
    await mkdir(join(machine.cwd, 'elsewhere'));
    const lost: Place = { ...machine, env: { ...machine.env, RUNS_DIR: 'elsewhere' } };
    const daemon = daemonOn(lost);
    await untilArchived(at, daemon, [lead]);
    await daemon.kill('SIGTERM');
    expect(await quietSweep(lost)).toEqual([]);
    const { pages } = await leadRecord(at.database.sql, lead);
    expect(pages).toHaveLength(1);
    expect(await readdir(join(machine.cwd, 'elsewhere', lead))).toContain('events.jsonl');
  });
});
