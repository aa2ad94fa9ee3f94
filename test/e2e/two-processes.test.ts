import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readLock } from '../../src/adapters/disk/process-lock.ts';
import { readRunning, startEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { homePaths } from '../../src/adapters/embedded/paths.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { run, start, type Place } from '../support/planline.ts';
import { recordingLog } from '../support/recording-log.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function newPlace(): Promise<{ place: Place; home: string; description: string }> {
  const place: Place = { cwd: await tempFolder(), env: { BLOCK_COUNT: '1' } };
  const description = join(place.cwd, 'client.txt');
  await writeFile(description, ENGLISH);
  return { place, home: join(place.cwd, '.planline'), description };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}

describe('a command beside a daemon', () => {
  it('waits while the daemon starts and while it stops its embedded Supabase', async () => {
    const { place, home, description } = await newPlace();
    const daemon = start(place, 'daemon');
    await until(async () => (await readLock(homePaths(home).lock)) !== null);
    const [status, added] = await Promise.all([
      run(place, 'status', '--json'),
      run(place, 'add', '--description-file', description),
    ]);
    expect(status).toMatchObject({ code: 0 });
    expect(added).toMatchObject({ code: 0 });
    const id = added.stdout.trim();
    await daemon.until(new RegExp(`${id.slice(0, 8)}….{1,4}archived: 1 pages`));

    const stopped = daemon.kill('SIGTERM');
    await until(async () => (await readRunning(home)) === null);
    const after = await run(place, 'status', id, '--json');
    expect(after).toMatchObject({ code: 0 });
    expect(JSON.parse(after.stdout)).toMatchObject({ id, status: 'archived' });
    expect(await stopped).toMatchObject({ code: 0 });
  });

  it('does not take its server with it when the daemon started while it ran', async () => {
    const { place, home, description } = await newPlace();
    const added = await run(place, 'add', '--description-file', description);
    const id = added.stdout.trim();
    // This process stands for a command that takes its time.
    const command = await startEmbedded({ home, migrationsDir, log: recordingLog() });
    onTestFinished(() => command.stop());
    const daemon = start(place, 'daemon');
    await until(async () => (await readLock(join(home, 'daemon.lock'))) !== null);
    // Time enough to make the mistake of using the server that answers.
    await sleep(2_000);
    expect(daemon.stdout()).not.toMatch(/Supabase {4}http/);
    await command.stop();
    await daemon.until(new RegExp(`${id.slice(0, 8)}….{1,4}archived: 1 pages`));
    expect(daemon.stdout()).toMatch(/Supabase {4}http/);
    expect(await daemon.kill('SIGTERM')).toMatchObject({ code: 0 });
  });
});
