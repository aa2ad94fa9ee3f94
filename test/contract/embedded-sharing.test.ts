import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireLock, readLock } from '../../src/adapters/disk/process-lock.ts';
import { readRunning } from '../../src/adapters/embedded/embedded.ts';
import { joinEmbedded, type Joined, type JoinOptions } from '../../src/adapters/embedded/join.ts';
import { homePaths } from '../../src/adapters/embedded/paths.ts';
import { seededHome, startForTest } from '../support/embedded-fixture.ts';
import { containing, matching } from '../support/matchers.ts';
import { PROBE_MIGRATIONS } from '../support/probe-migrations.ts';
import { recordingLog } from '../support/recording-log.ts';

async function join(
  home: string,
  options: Pick<JoinOptions, 'own' | 'neighbourLimitMs'>,
): Promise<Joined> {
  const log = recordingLog();
  const joined = await joinEmbedded({ home, migrationsDir: PROBE_MIGRATIONS, log, ...options });
  onTestFinished(async () => joined.embedded?.stop());
  return joined;
}

async function untilHeld(home: string): Promise<void> {
  while ((await readLock(homePaths(home).lock)) === null) await sleep(5);
}

async function answers({ url, secretKey }: Joined): Promise<boolean> {
  const response = await fetch(`${url}/rest/v1/probe?select=code`, {
    headers: { apikey: secretKey },
  });
  return response.ok;
}

describe('two processes on one PLANLINE_HOME', () => {
  it('lets a command wait for a server that is starting, and use it', async () => {
    const home = await seededHome();
    const starting = startForTest(home);
    await untilHeld(home);
    const joined = await join(home, { own: false });
    const { url, secretKey, publishableKey } = await starting;
    expect(joined).toEqual({ url, secretKey, publishableKey, embedded: null });
    expect(await answers(joined)).toBe(true);
  });

  it('lets a command wait for a server that is stopping, and start its own', async () => {
    const home = await seededHome();
    const first = await startForTest(home);
    const stopping = first.stop();
    while ((await readRunning(home)) !== null) await sleep(5);
    const joined = await join(home, { own: false });
    await stopping;
    expect(joined.embedded).not.toBeNull();
    expect(joined.url).toBe(first.url);
    expect(await answers(joined)).toBe(true);
  });

  it('lets two commands that start together share one server', async () => {
    const home = await seededHome();
    const both = await Promise.all([join(home, { own: false }), join(home, { own: false })]);
    expect(both.filter(({ embedded }) => embedded === null)).toHaveLength(1);
    expect(new Set(both.map(({ url }) => url)).size).toBe(1);
  });

  it('lets a daemon wait until the server of a command is gone, and start its own', async () => {
    const home = await seededHome();
    const command = await startForTest(home);
    let joined: Joined | null = null;
    const joining = join(home, { own: true }).then((result) => (joined = result));
    // Time enough to make the mistake of using the one that answers.
    await sleep(500);
    expect(joined).toBeNull();
    await command.stop();
    const mine = await joining;
    expect(mine.embedded).not.toBeNull();
    expect(await answers(mine)).toBe(true);
  });

  it('names the process that does not go away in time', async () => {
    const home = await seededHome();
    const running = await startForTest(home);
    await expect(join(home, { own: true, neighbourLimitMs: 300 })).rejects.toMatchObject({
      code: 'usage',
      message: matching(/held by process \d+, the embedded Supabase/),
    });
    expect(await readRunning(home)).toMatchObject({ url: running.url });
    await running.stop();

    const lock = await acquireLock(homePaths(home).lock, { purpose: 'a copy that never ends' });
    onTestFinished(() => lock.release());
    await expect(join(home, { own: false, neighbourLimitMs: 300 })).rejects.toMatchObject({
      code: 'usage',
      message: containing('a copy that never ends'),
    });
  });
});
