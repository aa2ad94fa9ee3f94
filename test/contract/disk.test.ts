import {
  appendFile,
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeFileWhole } from '../../src/adapters/disk/durable.ts';
import { createDiskStore } from '../../src/adapters/disk/disk-store.ts';
import type { StoredEnvelope } from '../../src/core/events.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import { manualClock } from '../support/manual-clock.ts';
import { recordingLog } from '../support/recording-log.ts';
import { sampleEvents } from '../support/sample-events.ts';
import { tempFolder } from '../support/temp-folder.ts';

const LEAD = '0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e';
const RUN = '20261123_174501';

async function openStore() {
  const runsDir = join(await tempFolder(), 'not', 'yet', 'runs');
  const log = recordingLog();
  const clock = manualClock('2026-11-23T17:45:01.000Z');
  const store = createDiskStore({ runsDir, coldStorageDir: null, clock, log });
  return { runsDir, log, store, lead: store.lead(LEAD), run: store.lead(LEAD).run(RUN) };
}

describe('files of a run', () => {
  it('are written where the design says, with their ref, readable by their owner only', async () => {
    const { runsDir, run } = await openStore();
    const content = 'Plán pre juniora 🎓\n';

    const ref = await run.write('stage_2_generated_parts/part1.txt', content);

    const path = join(runsDir, LEAD, RUN, 'stage_2_generated_parts', 'part1.txt');
    expect(await readFile(path, 'utf8')).toBe(content);
    expect(ref).toEqual({
      path: 'stage_2_generated_parts/part1.txt',
      sha256: sha256Hex(content),
      bytes: Buffer.byteLength(content),
    });
    expect(await run.read(ref.path)).toBe(content);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    for (const folder of [runsDir, join(runsDir, LEAD), join(runsDir, LEAD, RUN)]) {
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
  });

  it('replace what was there and leave no temporary file', async () => {
    const { run } = await openStore();
    await run.write('plan/plan.txt', 'one');
    await run.write('plan/plan.txt', 'two');
    expect(await run.read('plan/plan.txt')).toBe('two');
    expect(await readdir(join(run.directory, 'plan'))).toEqual(['plan.txt']);
  });

  it('are null and empty where nothing is', async () => {
    const { run, store, lead } = await openStore();
    expect(await run.read('plan/plan.txt')).toBeNull();
    expect(await run.list('plan')).toEqual([]);
    expect(await run.snapshot('plan/plan.txt')).toBeNull();
    expect(await store.leadIds()).toEqual([]);
    expect(await lead.runIds()).toEqual([]);
    expect(await lead.readEvents()).toEqual([]);
  });

  it('are listed below a folder or the whole run, sorted', async () => {
    const { run } = await openStore();
    await run.write('transformed/parthtml2.json', '2');
    await run.write('transformed/parthtml1.json', '1');
    await run.write('plan/plan.txt', 'p');
    expect(await run.list('transformed')).toEqual([
      'transformed/parthtml1.json',
      'transformed/parthtml2.json',
    ]);
    expect(await run.list('')).toEqual([
      'plan/plan.txt',
      'transformed/parthtml1.json',
      'transformed/parthtml2.json',
    ]);
  });

  it.each([
    '',
    '.',
    '..',
    '../other/plan.txt',
    'plan/../../x',
    '/etc/passwd',
    'plan//x',
    'plan/',
    'a\\..\\b',
    'C:/x',
    'x\0y',
    '.hidden',
    'plan/.plan.txt.1.1.tmp',
  ])('refuse the path %j', async (path) => {
    const { runsDir, run } = await openStore();
    await expect(run.write(path, 'x')).rejects.toMatchObject({ code: 'corrupt' });
    await expect(run.read(path)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(run.snapshot(path)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(readdir(runsDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each(['', '..', '../20261123_174501', '20261123', '20261123_174501.zip'])(
    'refuse %j as the id of a run',
    async (runId) => {
      const { lead } = await openStore();
      expect(() => lead.run(runId)).toThrow(/is not the id of a run/);
    },
  );

  it('are written by many callers at once', async () => {
    const { run } = await openStore();
    const paths = Array.from({ length: 40 }, (_, n) => `deep/${n % 3}/er/part${n}.txt`);
    await Promise.all(paths.map((path) => run.write(path, path)));
    expect(await run.list('deep')).toEqual(paths.toSorted());
  });

  it('are copied to snapshots under a free name, the original stays', async () => {
    const { run } = await openStore();
    await run.write('plan/plan.txt', 'first');
    expect(await run.snapshot('plan/plan.txt')).toBe('snapshots/plan/plan.txt');
    await run.write('plan/plan.txt', 'second');
    expect(await run.snapshot('plan/plan.txt')).toBe('snapshots/plan/plan.txt.1');
    expect(await run.snapshot('plan/plan.txt')).toBe('snapshots/plan/plan.txt.2');
    expect(await run.read('snapshots/plan/plan.txt')).toBe('first');
    expect(await run.read('snapshots/plan/plan.txt.1')).toBe('second');
    expect(await run.read('plan/plan.txt')).toBe('second');
  });

  it('keep a log of one JSON line an entry, also after a torn line', async () => {
    const { run } = await openStore();
    await run.appendLog('stage2', { n: 1, prompt: 'parsed_parts/prompt_block_1.txt' });
    await appendFile(join(run.directory, 'logs', 'stage2.jsonl'), '{"n":2,"pro');
    await Promise.all([run.appendLog('stage2', { n: 3 }), run.appendLog('stage2', { n: 4 })]);
    expect(await run.read('logs/stage2.jsonl')).toBe(
      '{"n":1,"prompt":"parsed_parts/prompt_block_1.txt"}\n{"n":2,"pro\n{"n":3}\n{"n":4}\n',
    );
    await expect(run.appendLog('../x', {})).rejects.toMatchObject({ code: 'corrupt' });
  });
});

describe('what a killed process left behind', () => {
  /** Larger than any process number that Linux gives out. */
  const DEAD = 99_999_999;

  it('is not listed, and removed when the run is next written to', async () => {
    const { run, lead, store } = await openStore();
    await run.write('plan/plan.txt', 'p');
    const dead = [
      join(run.directory, 'plan', `.plan.txt.${DEAD}.1.tmp`),
      join(run.directory, 'plan', `.plan.txt.${process.pid}.999999.tmp`),
      join(lead.directory, `.run_summary.json.${DEAD}.7.tmp`),
    ];
    const alive = join(run.directory, 'plan', `.plan.txt.${process.ppid}.1.tmp`);
    for (const path of [...dead, alive]) await writeFile(path, 'half');

    expect(await run.list('')).toEqual(['plan/plan.txt']);
    await store.lead(LEAD).run(RUN).write('plan/plan.txt', 'q');

    expect(await readdir(join(run.directory, 'plan'))).toEqual([
      `.plan.txt.${process.ppid}.1.tmp`,
      'plan.txt',
    ]);
    expect(await readdir(lead.directory)).toEqual([RUN]);
  });
});

describe('events.jsonl', () => {
  const path = (lead: { directory: string }) => join(lead.directory, 'events.jsonl');

  it('gives back what was appended, in order', async () => {
    const { lead } = await openStore();
    const events = sampleEvents(LEAD, 5);
    await lead.appendEvents(events.slice(0, 2));
    await lead.appendEvents([]);
    await lead.appendEvents(events.slice(2));
    expect(await lead.readEvents()).toEqual(events);
    expect((await stat(path(lead))).mode & 0o777).toBe(0o600);
    const lines = (await readFile(path(lead), 'utf8')).split('\n');
    expect(lines.slice(0, -1).map((line): unknown => JSON.parse(line))).toEqual(events);
  });

  it('holds the envelope only, whatever else an event carries', async () => {
    const { lead } = await openStore();
    const [event] = sampleEvents(LEAD, 1);
    const fromDatabase = Object.assign({}, event, { position: 7 });
    await lead.appendEvents([fromDatabase]);
    expect(await readFile(path(lead), 'utf8')).not.toContain('position');
    expect(await lead.readEvents()).toEqual([event]);
  });

  it('is read some at a time, all of it in order', async () => {
    const { lead } = await openStore();
    const events = sampleEvents(LEAD, 2_000);
    await lead.appendEvents(events);
    const batches: StoredEnvelope[][] = [];
    await lead.scanEvents((some) => batches.push([...some]));
    expect(batches.flat()).toEqual(events);
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThan(events.length / 2);
  });

  it('keeps the order of appends that are made at once', async () => {
    const { lead, store } = await openStore();
    const events = sampleEvents(LEAD, 30);
    const other = store.lead(LEAD);
    await Promise.all(events.map((event, n) => (n % 2 === 0 ? lead : other).appendEvents([event])));
    expect(await lead.readEvents()).toEqual(events);
  });

  it.each([
    ['half a line', Buffer.from('{"event_id":"0000')],
    ['a whole event without its newline', Buffer.from(JSON.stringify(sampleEvents(LEAD, 4)[3]))],
    ['half a character', Buffer.from('{"actor":"ž').subarray(0, -1)],
    ['zeros, as a power cut leaves them', Buffer.alloc(512)],
    ['two lines that are not JSON', Buffer.from('\0\0\0\n{"event_id"\n')],
    ['more than is read at a time', Buffer.alloc(3_000_000, `${'x'.repeat(9_999)}\n`)],
    ['one line longer than that', Buffer.alloc(3_000_000, 'x')],
  ])('cuts off and sets aside %s', async (_, torn) => {
    const { lead, log } = await openStore();
    const events = sampleEvents(LEAD, 4);
    await lead.appendEvents(events.slice(0, 3));
    await appendFile(path(lead), torn);

    expect(await lead.readEvents()).toEqual(events.slice(0, 3));

    expect(await readFile(join(lead.directory, 'events.torn.20261123_174501.jsonl'))).toEqual(torn);
    expect(log.records).toMatchObject([{ level: 'warn', fields: { leadId: LEAD } }]);
    await lead.appendEvents(events.slice(3));
    expect(await lead.readEvents()).toEqual(events);
  });

  it('is looked at without a change, torn or not, by as many as like', async () => {
    const { lead, log } = await openStore();
    expect(await lead.viewEvents()).toEqual({ events: [], isTorn: false });
    const events = sampleEvents(LEAD, 3);
    await lead.appendEvents(events);
    expect(await lead.viewEvents()).toEqual({ events, isTorn: false });

    for (const torn of ['{"event_id":"0000', '{"event_id"\n', '\0'.repeat(512)]) {
      await appendFile(path(lead), torn);
      const before = await readFile(path(lead));
      expect(await lead.viewEvents()).toEqual({ events, isTorn: true });
      expect(await readFile(path(lead))).toEqual(before);
    }
    expect(await readdir(lead.directory)).toEqual(['events.jsonl']);
    expect(log.records).toEqual([]);

    await appendFile(path(lead), `\n${JSON.stringify(events[0])}\n`);
    await expect(lead.viewEvents()).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('loses nothing to a look that sees a line half-written', async () => {
    const { lead, runsDir, log } = await openStore();
    const clock = manualClock('2026-11-23T17:45:01.000Z');
    const other = createDiskStore({ runsDir, coldStorageDir: null, clock, log }).lead(LEAD);
    const [first, second] = sampleEvents(LEAD, 2);
    const line = `${JSON.stringify(second)}\n`;
    await lead.appendEvents(first === undefined ? [] : [first]);
    await appendFile(path(lead), line.slice(0, 100));
    expect(await other.viewEvents()).toEqual({ events: [first], isTorn: true });
    await appendFile(path(lead), line.slice(100));
    expect(await other.viewEvents()).toEqual({ events: [first, second], isTorn: false });
  });

  it('never glues an append to a torn line, also when nobody read before', async () => {
    const { lead } = await openStore();
    const events = sampleEvents(LEAD, 3);
    await lead.appendEvents(events.slice(0, 1));
    await appendFile(path(lead), '{"torn');
    await lead.appendEvents(events.slice(1, 2));
    await appendFile(path(lead), '{"torn again');
    await lead.appendEvents(events.slice(2));
    expect(await lead.readEvents()).toEqual(events);
    expect((await readdir(lead.directory)).toSorted()).toEqual([
      'events.jsonl',
      'events.torn.20261123_174501.1.jsonl',
      'events.torn.20261123_174501.jsonl',
    ]);
  });

  it.each([
    ['is not JSON', 'oops'],
    ['is not JSON', ''],
    ['is not JSON', Buffer.from([0x22, 0xff, 0x22])],
    ['is not an event', '{"seq":1}'],
    ['is an event of another lead', JSON.stringify(sampleEvents('43', 1)[0])],
  ])('names file and line when one in the middle %s', async (problem, line) => {
    const { lead } = await openStore();
    const [first, second] = sampleEvents(LEAD, 2);
    await lead.appendEvents(first === undefined ? [] : [first]);
    await appendFile(path(lead), line);
    await appendFile(path(lead), `\n${JSON.stringify(second)}\n`);
    const before = await readFile(path(lead), 'utf8');

    const error = await lead.readEvents().catch((caught: unknown) => caught);

    expect(error).toMatchObject({ name: 'PlanlineError', code: 'corrupt' });
    expect(String(error)).toContain(`Line 2 of ${path(lead)} ${problem}`);
    expect(await readFile(path(lead), 'utf8')).toBe(before);
  });

  it('refuses an event of another lead and writes nothing', async () => {
    const { lead } = await openStore();
    await expect(lead.appendEvents(sampleEvents('43', 1))).rejects.toMatchObject({
      code: 'corrupt',
    });
    expect(await lead.readEvents()).toEqual([]);
  });

  it('is moved out of the way under a name that says why', async () => {
    const { lead } = await openStore();
    const events = sampleEvents(LEAD, 2);
    await lead.appendEvents(events);
    expect(await lead.setEventsAside('Contradicts the database!')).toBe(
      'events.contradicts-the-database.20261123_174501.jsonl',
    );
    expect(await lead.readEvents()).toEqual([]);
    await lead.appendEvents(events);
    expect(await lead.setEventsAside('Contradicts the database!')).toBe(
      'events.contradicts-the-database.20261123_174501.1.jsonl',
    );
  });
});

describe('leads', () => {
  it('are found again by their folders, whatever their ids are', async () => {
    const { store, runsDir } = await openStore();
    const ids = ['../../etc', '42', 'A', 'CON', 'a', '🎓'.repeat(100)].toSorted();
    for (const id of ids) await store.lead(id).appendEvents(sampleEvents(id, 1));
    await mkdir(join(runsDir, 'Not A Lead'));
    await writeFile(join(runsDir, '.gitkeep'), '');

    expect(await store.leadIds()).toEqual(ids);
    expect(await readdir(runsDir)).toHaveLength(ids.length + 2);
    for (const id of ids) expect(await store.lead(id).readEvents()).toEqual(sampleEvents(id, 1));
  });

  it('have a summary and the ids of their runs', async () => {
    const { lead } = await openStore();
    await lead.writeSummary([{ run_id: RUN, pages: 15 }]);
    expect(JSON.parse(await readFile(join(lead.directory, 'run_summary.json'), 'utf8'))).toEqual([
      { run_id: RUN, pages: 15 },
    ]);
    await lead.run('20261124_000000').write('plan/plan.txt', 'p');
    await lead.run(RUN).write('plan/plan.txt', 'p');
    await writeFile(join(lead.directory, '20261122_000000.zip'), '');
    expect(await lead.runIds()).toEqual(['20261122_000000', RUN, '20261124_000000']);
  });
});

describe('a disk that refuses', () => {
  it('is named when a file stands where a folder is needed', async () => {
    const { lead, run } = await openStore();
    await mkdir(lead.directory, { recursive: true });
    await writeFile(run.directory, 'not a folder');
    const error = await run.write('plan/plan.txt', 'x').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'PlanlineError', code: 'unavailable' });
    expect(String(error)).toContain(join(run.directory, 'plan', 'plan.txt'));
    expect(String(error)).toContain('Move it out of the way (ENOTDIR)');
  });

  it.skipIf(platform() !== 'linux')('keeps what it had when it is full', async () => {
    const { lead } = await openStore();
    await mkdir(lead.directory, { recursive: true });
    // A device of the kernel that answers every write as a full disk does.
    await symlink('/dev/full', join(lead.directory, 'events.jsonl'));
    const error = await lead.appendEvents(sampleEvents(LEAD, 1)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'unavailable', cause: { code: 'ENOSPC' } });
    expect(String(error)).toContain('the disk is full');
  });

  it.skipIf(platform() === 'win32')('says whose rights are missing', async () => {
    const { run } = await openStore();
    await run.write('plan/plan.txt', 'x');
    await chmod(run.directory, 0o500);
    onTestFinished(() => chmod(run.directory, 0o700));
    if (process.getuid?.() === 0) {
      // Root may write anywhere: be somebody else for as long as it takes.
      process.seteuid?.(65_534);
      onTestFinished(() => process.seteuid?.(0));
    }
    const error = await run.write('blocks.txt', 'x').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'unavailable', cause: { code: 'EACCES' } });
    expect(String(error)).toContain(join(run.directory, 'blocks.txt'));
    expect(String(error)).toContain('chown, chmod');
  });
});

describe.runIf(process.getuid?.() === 0)('what root writes into the folder of an account', () => {
  it('is for that account to read and to replace', async () => {
    const folder = await tempFolder();
    await chown(folder, 1_234, 1_235);
    await writeFileWhole(join(folder, 'chat-account.json.resume'), '1');
    await writeFileWhole(join(folder, 'snapshots', 'a.json'), '{}');
    const account = { uid: 1_234, gid: 1_235 };
    const modes = {
      'chat-account.json.resume': 0o600,
      snapshots: 0o700,
      'snapshots/a.json': 0o600,
    };
    for (const [name, mode] of Object.entries(modes)) {
      const there = await stat(join(folder, name));
      expect({ uid: there.uid, gid: there.gid, mode: there.mode & 0o777 }, name).toEqual({
        ...account,
        mode,
      });
    }
  });
});
