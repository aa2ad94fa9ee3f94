import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDiskStore } from '../../src/adapters/disk/disk-store.ts';
import { manualClock } from '../support/manual-clock.ts';
import { recordingLog } from '../support/recording-log.ts';
import { sampleEvents } from '../support/sample-events.ts';
import { tempFolder } from '../support/temp-folder.ts';

const LEAD = '42';
const RUN = '20261123_174501';
const KILLS = 5;
const WRITER = fileURLToPath(new URL('../support/disk-writer.ts', import.meta.url));
/** Of the file that the writer writes again and again. */
const BYTES = 16_000_000;

/** Files of the folder that are being written: shorter than they are to become. */
async function unfinished(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const name of names) {
    // A temporary file may be renamed between the two calls.
    const size = await stat(join(folder, name)).then(
      (stats) => stats.size,
      () => BYTES,
    );
    if (size < BYTES) found.push(`${name} ${size}`);
  }
  return found;
}

/** Kills the writer when a file is seen half written. Returns the events it had then reported. */
async function killWhileWriting(runsDir: string): Promise<number> {
  const folder = join(runsDir, LEAD, RUN, 'plan');
  const before = new Set(await unfinished(folder));
  const writer = spawn(process.execPath, [WRITER, runsDir, LEAD, String(BYTES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void writer.kill('SIGKILL'));
  const exited = once(writer, 'exit');
  let reported = 0;
  writer.stdout.on('data', (chunk: Buffer) => {
    reported += chunk.toString().split('\n').length - 1;
  });
  while ((await unfinished(folder)).every((file) => before.has(file))) await setImmediate();
  writer.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  return reported;
}

function openStore(runsDir: string) {
  const clock = manualClock('2026-11-23T17:45:01.000Z');
  return createDiskStore({ runsDir, coldStorageDir: null, clock, log: recordingLog() });
}

describe('a process that is killed while it writes', () => {
  it('leaves only whole files, and a stream that goes on', { timeout: 60_000 }, async () => {
    const runsDir = await tempFolder();
    const store = openStore(runsDir);
    const lead = store.lead(LEAD);
    await lead.run(RUN).write('plan/plan.txt', `${'x'.repeat(BYTES)}0\n`);
    let reported = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      reported += await killWhileWriting(runsDir);

      const run = store.lead(LEAD).run(RUN);
      expect(await run.list('')).toEqual(['plan/plan.txt']);
      const content = (await run.read('plan/plan.txt')) ?? '';
      expect([content.lastIndexOf('x') + 1, content.at(-1)]).toEqual([BYTES, '\n']);
      const events = await lead.readEvents();
      expect(events).toEqual(sampleEvents(LEAD, events.length));
      expect(events.length).toBeGreaterThanOrEqual(reported);
    }
    expect(await readdir(join(lead.directory, RUN, 'plan'))).not.toEqual(['plan.txt']);
    await store.lead(LEAD).run(RUN).write('plan/plan.txt', 'the end');
    expect(await readdir(join(lead.directory, RUN, 'plan'))).toEqual(['plan.txt']);
  });
});

describe.skipIf(platform() === 'win32')('a disk on which no file may grow beyond a few kB', () => {
  /** The kernel ends a write in the middle, as it does when a disk becomes full. */
  async function writeUntilItFails(runsDir: string, bytes: number): Promise<string> {
    const command = 'ulimit -f 64 && exec "$@"';
    const writer = spawn(
      'sh',
      ['-c', command, 'sh', process.execPath, WRITER, runsDir, LEAD, String(bytes)],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    onTestFinished(() => void writer.kill('SIGKILL'));
    const [errors, exit] = await Promise.all([text(writer.stderr), once(writer, 'exit')]);
    expect(exit).toEqual([1, null]);
    return errors;
  }

  it('keeps the old file whole when the new one does not fit', { timeout: 60_000 }, async () => {
    const runsDir = await tempFolder();
    const run = openStore(runsDir).lead(LEAD).run(RUN);
    await run.write('plan/plan.txt', 'old');
    expect(await writeUntilItFails(runsDir, BYTES)).toContain('(EFBIG)');
    expect(await run.read('plan/plan.txt')).toBe('old');
    expect(await readdir(join(run.directory, 'plan'))).toEqual(['plan.txt']);
  });

  it('keeps the stream whole when an event does not fit', { timeout: 60_000 }, async () => {
    const runsDir = await tempFolder();
    expect(await writeUntilItFails(runsDir, 1)).toContain('(EFBIG)');
    const lead = openStore(runsDir).lead(LEAD);
    expect((await readFile(join(lead.directory, 'events.jsonl'), 'utf8')).at(-1)).toBe('\n');
    const events = await lead.readEvents();
    expect(events.length).toBeGreaterThan(10);
    expect(events).toEqual(sampleEvents(LEAD, events.length));
    expect((await readdir(lead.directory)).toSorted()).toEqual([RUN, 'events.jsonl']);
  });
});
