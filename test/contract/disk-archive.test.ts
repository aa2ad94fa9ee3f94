import { mkdir, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Entry, openPromise } from 'yauzl';
import { createDiskStore } from '../../src/adapters/disk/disk-store.ts';
import { writeZip } from '../../src/adapters/disk/zip.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import { manualClock } from '../support/manual-clock.ts';
import { recordingLog } from '../support/recording-log.ts';
import { sampleEvents } from '../support/sample-events.ts';
import { tempFolder } from '../support/temp-folder.ts';

const LEAD = 'Žofia/42';
const LEAD_FOLDER = '=u017dofia=2f42';
const RUN = '20261123_174501';

const FILES: Readonly<Record<string, string>> = {
  'input/lead.json': '{"id":"42"}',
  'plan/plan.txt': 'plán '.repeat(20_000),
  'stage_2_generated_parts/part10.txt': '🎓',
  'stage_2_generated_parts/part2.txt': '',
};

async function openRun(options: { cold: boolean }) {
  const root = await tempFolder();
  const coldStorageDir = options.cold ? join(root, 'cold') : null;
  const store = createDiskStore({
    runsDir: join(root, 'runs'),
    coldStorageDir,
    clock: manualClock('2026-11-23T17:45:01.000Z'),
    log: recordingLog(),
  });
  const lead = store.lead(LEAD);
  const run = lead.run(RUN);
  for (const [path, content] of Object.entries(FILES)) await run.write(path, content);
  const zips = options.cold ? join(root, 'cold', LEAD_FOLDER) : lead.directory;
  return { root, lead, run, zips, zip: join(zips, `${RUN}.zip`) };
}

async function entriesOf(path: string): Promise<Entry[]> {
  const zip = await openPromise(path, { autoClose: false });
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  zip.close();
  return entries;
}

async function unpacked(path: string): Promise<Record<string, string>> {
  const zip = await openPromise(path, { autoClose: false });
  const files: Record<string, string> = {};
  for await (const entry of zip.eachEntry()) {
    files[entry.fileName] = await text(await zip.openReadStreamPromise(entry));
  }
  zip.close();
  return files;
}

const inZip = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${RUN}/${path}`, content]));

describe('archive', () => {
  it.each([{ cold: false }, { cold: true }])(
    'zips every file of the run (cold: $cold)',
    async (options) => {
      const { run, zip, zips } = await openRun(options);

      const archived = await run.archive();

      const bytes = await readFile(zip);
      expect(archived).toEqual({
        path: zip,
        sha256: sha256Hex(bytes),
        bytes: bytes.length,
        files: Object.keys(FILES).length,
      });
      expect(await unpacked(zip)).toEqual(inZip(FILES));
      expect((await stat(zip)).mode & 0o777).toBe(0o600);
      expect((await readdir(zips)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    },
  );

  it('gives the same bytes for the same files', async () => {
    const one = await openRun({ cold: false });
    const two = await openRun({ cold: true });
    expect((await one.run.archive()).sha256).toBe((await two.run.archive()).sha256);
  });

  it('leaves out what a killed process left behind', async () => {
    const { run, zip } = await openRun({ cold: false });
    await writeFile(join(run.directory, 'plan', '.plan.txt.99999999.1.tmp'), 'half');
    expect((await run.archive()).files).toBe(4);
    expect(await unpacked(zip)).toEqual(inZip(FILES));
  });

  it('keeps a zip of the same content', async () => {
    const { run, zip, zips } = await openRun({ cold: true });
    const first = await run.archive();
    const { mtimeNs, ino } = await stat(zip, { bigint: true });
    expect(await run.archive()).toEqual(first);
    expect(await stat(zip, { bigint: true })).toMatchObject({ mtimeNs, ino });
    expect(await readdir(zips)).toEqual([`${RUN}.zip`]);
  });

  it('moves a zip of other content aside and overwrites nothing', async () => {
    const { lead, run, zip, zips } = await openRun({ cold: true });
    await run.archive();
    const first = await readFile(zip);
    await run.write('plan/plan.txt', 'another plan');
    await run.archive();
    const second = await readFile(zip);
    await writeFile(zip, 'not a zip at all');
    await run.archive();

    expect(await readFile(join(zips, `${RUN}.1.zip`))).toEqual(first);
    expect(await readFile(join(zips, `${RUN}.2.zip`), 'utf8')).toBe('not a zip at all');
    expect(await readFile(zip)).toEqual(second);
    expect(await lead.runIds()).toEqual([RUN]);
  });

  it('takes a zip whose files are not what it says of them for none', async () => {
    const { run, zip, zips } = await openRun({ cold: true });
    await run.archive();
    const whole = await readFile(zip);
    // In the index at the zip's end, the checksum stands 30 bytes before the name.
    const [entry] = await entriesOf(zip);
    const crcInIndex = whole.lastIndexOf(Buffer.from(entry?.fileName ?? '')) - 30;
    const damaged = Buffer.from(whole);
    damaged.writeUInt32LE((damaged.readUInt32LE(crcInIndex) ^ 1) >>> 0, crcInIndex);
    await writeFile(zip, damaged);
    expect((await entriesOf(zip))[0]?.crc32).toBe(((entry?.crc32 ?? 0) ^ 1) >>> 0);
    await run.archive();
    expect(await readFile(join(zips, `${RUN}.1.zip`))).toEqual(damaged);
    expect(await readFile(zip)).toEqual(whole);
  });

  it('refuses what is no file, as it could not come back from the zip', async () => {
    const { run, zips } = await openRun({ cold: true });
    await symlink('/etc/hostname', join(run.directory, 'plan', 'link.txt'));
    const error = await run.archive().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(String(error)).toContain(join(run.directory, 'plan', 'link.txt'));
    await expect(readdir(zips)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.skipIf(platform() === 'win32')(
    'puts no zip in place that is not what the folder is',
    async () => {
      const { run, zips } = await openRun({ cold: true });
      // A zip takes the backslash for a separator.
      await writeFile(join(run.directory, 'plan', 'a\\b.txt'), 'x');
      const error = await run.archive().catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(String(error)).toContain(`(${RUN}/plan/a\\b.txt)`);
      expect(await readdir(zips)).toEqual([]);
    },
  );

  it('leaves out its own receipt, which is written after it', async () => {
    const { lead, run } = await openRun({ cold: true });
    const archived = await run.archive();
    await run.write('archive.json', JSON.stringify(archived));
    expect(await run.archive()).toEqual(archived);
    await run.retire(archived);
    expect(await readdir(lead.directory)).toEqual([]);
    await run.write('archive.json', JSON.stringify(archived));
    expect(await run.archive()).toEqual(archived);
  });

  it('fails when a file goes away while it is zipped', async () => {
    const { root, run } = await openRun({ cold: false });
    const target = await open(join(root, 'target.zip'), 'w');
    onTestFinished(() => target.close());
    const paths = ['plan/plan.txt', 'plan/gone.txt'];
    await expect(writeZip(target, run.directory, paths, '')).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('says that there is nothing to archive', async () => {
    const { lead } = await openRun({ cold: false });
    const error = await lead
      .run('20261124_000000')
      .archive()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'corrupt' });
    expect(String(error)).toContain('There is nothing to archive');
  });

  it('makes no folder in place of a disk that is not mounted', async () => {
    const root = await tempFolder();
    const store = createDiskStore({
      runsDir: join(root, 'runs'),
      coldStorageDir: join(root, 'disk', 'cold'),
      clock: manualClock('2026-11-23T17:45:01.000Z'),
      log: recordingLog(),
    });
    const run = store.lead('42').run(RUN);
    await run.write('plan/plan.txt', 'p');
    const error = await run.archive().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(String(error)).toContain('mount it');
    expect(await readdir(root)).toEqual(['runs']);
  });
});

describe('the state of a zip', () => {
  it('is told by what it holds of the folder', async () => {
    const { run, zip } = await openRun({ cold: true });
    const archived = await run.archive();
    expect(await run.stateOfZip(archived)).toBe('keeps_all');
    await run.appendLog('archive', { n: 1 });
    expect(await run.stateOfZip(archived)).toBe('lacks_files');
    await rm(run.directory, { recursive: true });
    expect(await run.stateOfZip(archived)).toBe('keeps_all');
    await writeFile(zip, 'damaged');
    expect(await run.stateOfZip(archived)).toBe('changed');
    await rm(zip);
    expect(await run.stateOfZip(archived)).toBe('not_there');
  });
});

describe('retire', () => {
  it('removes the folder once the zip is in cold storage; stream and summary stay', async () => {
    const { lead, run, zip } = await openRun({ cold: true });
    await lead.appendEvents(sampleEvents(LEAD, 2));
    await lead.writeSummary([]);
    const archived = await run.archive();

    await run.retire(archived);
    await run.retire(archived);

    expect((await readdir(lead.directory)).toSorted()).toEqual([
      'events.jsonl',
      'run_summary.json',
    ]);
    expect(await unpacked(zip)).toEqual(inZip(FILES));
    expect(await lead.runIds()).toEqual([RUN]);
    expect(await run.archive()).toEqual(archived);
  });

  it('keeps the folder without cold storage', async () => {
    const { run } = await openRun({ cold: false });
    await run.retire(await run.archive());
    expect(await run.list('')).toEqual(Object.keys(FILES).toSorted());
  });

  it('keeps the folder when the zip is no longer the same', async () => {
    const { run, zip } = await openRun({ cold: true });
    const archived = await run.archive();
    await writeFile(zip, 'damaged');
    await expect(run.retire(archived)).rejects.toMatchObject({ code: 'corrupt' });
    await rm(zip);
    await expect(run.retire(archived)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await run.list('')).toEqual(Object.keys(FILES).toSorted());
  });

  it('keeps the folder when a file came after the zip', async () => {
    const { run } = await openRun({ cold: true });
    const archived = await run.archive();
    await run.appendLog('archive', { n: 1 });
    const error = await run.retire(archived).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'corrupt' });
    expect(String(error)).toContain(`${RUN}/logs/archive.jsonl was written or changed after`);
    expect(await run.list('')).toHaveLength(5);
  });

  it('goes on with a removal that a crash interrupted', async () => {
    const { lead, run } = await openRun({ cold: true });
    await run.retire(await run.archive());
    await mkdir(join(lead.directory, `.${RUN}.archived`, 'plan'), { recursive: true });
    await lead.run(RUN).retire({ path: 'gone', sha256: '' });
    expect(await readdir(lead.directory)).toEqual([]);
  });
});
