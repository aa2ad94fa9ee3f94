import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive, lookUpProcess } from '../../src/adapters/disk/process-identity.ts';
import { acquireLock, readLock } from '../../src/adapters/disk/process-lock.ts';
import { startContender } from '../support/contender.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { anyString } from '../support/matchers.ts';

describe('a lock between processes', () => {
  it('refuses a second holder with its pid and what to do, until it is released', async () => {
    const path = join(await tempFolder(), 'daemon.lock');
    const holder = startContender();
    expect(await holder.ask({ take: path })).toEqual({ held: true });

    const refusal = await acquireLock(path, { purpose: 'me' }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'PlanlineError', code: 'usage' });
    expect(String(refusal)).toContain(`is held by process ${holder.pid}, a contender`);
    expect(String(refusal)).toContain('PLANLINE_HOME');
    expect(await readLock(path)).toMatchObject({ pid: holder.pid, purpose: 'a contender' });

    await holder.ask({ release: true });
    expect(await readLock(path)).toBeNull();
    const mine = await acquireLock(path, { purpose: 'me' });
    expect((await readLock(path))?.pid).toBe(process.pid);
    await mine.release();
    await mine.release();
    expect(await readLock(path)).toBeNull();
  });

  it('is free at once when its holder is killed, also before anybody has waited for it', async () => {
    const path = join(await tempFolder(), 'daemon.lock');
    const holder = startContender();
    await holder.ask({ take: path });
    await holder.kill();
    expect(await readLock(path)).toBeNull();
    const mine = await acquireLock(path, { purpose: 'me' });
    expect((await readLock(path))?.pid).toBe(process.pid);
    await mine.release();
  });

  it('tells a holder from a later process with the same pid', async () => {
    const path = join(await tempFolder(), 'daemon.lock');
    await mkdir(path);
    const me = await lookUpProcess(process.pid);
    const stranger = { pid: process.pid, startedAt: `${me?.startedAt}1`, servantOf: null };
    await writeFile(join(path, '00000005'), JSON.stringify({ ...stranger, purpose: 'an old one' }));
    expect(await readLock(path)).toBeNull();
    const mine = await acquireLock(path, { purpose: 'me' });
    expect(await readdir(path)).toEqual(['00000006']);
    await mine.release();
  });

  it('takes an illegible claim for a dead one', async () => {
    const path = join(await tempFolder(), 'daemon.lock');
    await mkdir(path);
    await writeFile(join(path, '00000005'), '');
    const mine = await acquireLock(path, { purpose: 'me' });
    expect((await readLock(path))?.pid).toBe(process.pid);
    await mine.release();
  });

  it('goes to exactly one of many that find it stale at the same moment', async () => {
    const path = join(await tempFolder(), 'daemon.lock');
    const contenders = Array.from({ length: 5 }, startContender);
    for (let round = 0; round < 20; round += 1) {
      await leaveStaleClaim(path);
      const answers = await Promise.all(contenders.map((one) => one.ask({ take: path })));
      const winners = contenders.filter((_, n) => answers[n]?.held);
      expect(winners).toHaveLength(1);
      const [winner] = winners;
      expect((await readLock(path))?.pid).toBe(winner?.pid);
      const refusals = answers.flatMap(({ refused }) => refused ?? []);
      expect(refusals).toHaveLength(4);
      for (const refused of refusals) expect(refused).toContain(`process ${winner?.pid}`);
      // Half of the rounds leave a released claim under the next stale one.
      if (round % 2 === 0) await winner?.ask({ release: true });
      else await releaseByHand(path);
    }
  });
});

/** As if the last holder had been killed. */
async function leaveStaleClaim(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const number = 1 + Math.max(0, ...(await readdir(path)).map((name) => Number.parseInt(name, 10)));
  const dead = { pid: 2 ** 22 + 1, startedAt: 'never', servantOf: null, purpose: 'a dead one' };
  await writeFile(join(path, String(number).padStart(8, '0')), JSON.stringify(dead));
}

async function releaseByHand(path: string): Promise<void> {
  const [claim = ''] = (await readdir(path))
    .filter((name) => /^\d+$/.test(name))
    .toSorted()
    .slice(-1);
  await writeFile(join(path, `${claim}.released`), '');
}

describe('looking up a process', () => {
  it('finds this one, the same each time', async () => {
    const me = await lookUpProcess(process.pid);
    expect(me).toEqual({ pid: process.pid, startedAt: anyString() });
    expect(await isAlive({ pid: process.pid, startedAt: me?.startedAt ?? null })).toBe(true);
  });

  it('finds nothing of one that has ended', async () => {
    const { pid, kill } = startContender();
    await kill();
    expect(await lookUpProcess(pid)).toBeNull();
  });

  it.runIf(process.platform === 'linux')('counts unreaped remains as ended', async () => {
    // A shell that never waits for the child that it started, and tells us its pid.
    const { spawn } = await import('node:child_process');
    const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void shell.kill('SIGKILL'));
    const printed: unknown = await once(shell.stdout, 'data');
    const pid = Number(String(printed));
    await expect.poll(() => lookUpProcess(pid), { timeout: 10_000 }).toBeNull();
    // It is still in the table of processes, which is what makes it worth a test.
    expect(() => process.kill(pid, 0)).not.toThrow();
  });
});
