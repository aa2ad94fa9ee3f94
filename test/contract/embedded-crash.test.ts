import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from '@supabase/supabase-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { readRunning } from '../../src/adapters/embedded/embedded.ts';
import { pidOf, seededHome, startForTest, untilGone } from '../support/embedded-fixture.ts';

const parentFile = fileURLToPath(new URL('../support/embedded-parent.ts', import.meta.url));
const told = z.object({ url: z.url(), secretKey: z.string() });

/** A daemon in a process group of its own, as one that was started in a terminal. */
async function startParent(home: string): Promise<{ parent: ChildProcess } & z.infer<typeof told>> {
  const parent = fork(parentFile, [home], {
    detached: true,
    env: {},
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const messages = z.tuple([told, z.unknown()]).parse(await once(parent, 'message'));
  return { parent, ...messages[0] };
}

describe('the embedded Supabase, when processes die', () => {
  it('keeps every acknowledged row through kill -9, and says that it ended', async () => {
    const home = await seededHome();
    const acknowledged: string[] = [];
    for (const round of ['a', 'b']) {
      const embedded = await startForTest(home);
      const pid = await pidOf(home);
      const service = createClient(embedded.url, embedded.secretKey);
      for (let n = 0; n < 25; n += 1) {
        const code = `${round}${n}`;
        const { error } = await service.from('probe').insert({ code });
        if (error === null) acknowledged.push(code);
        // In the middle of a row of writes, without waiting for anything.
        if (n === 20) process.kill(pid, 'SIGKILL');
      }
      expect(await embedded.exited).toMatchObject({ requested: false, signal: 'SIGKILL' });
      expect((await embedded.exited).reason).toContain('SIGKILL');
      await expect(embedded.sql('select 1')).rejects.toThrow('has ended');
      // Its file is still there, and counts for nothing.
      expect(await readdir(home)).toContain('supabase.json');
      expect(await readRunning(home)).toBeNull();
    }
    const last = await startForTest(home);
    const rows = await last.sql('select code from public.probe');
    const stored = new Set(rows.map((row) => row['code']));
    expect(acknowledged.length).toBeGreaterThanOrEqual(2 * 20);
    expect(acknowledged.filter((code) => !stored.has(code))).toEqual([]);
  });

  it('ends by itself when the daemon is killed, so that the next one can start at once', async () => {
    const home = await seededHome();
    const { parent, url, secretKey } = await startParent(home);
    const { error } = await createClient(url, secretKey).from('probe').insert({ code: 'orphan' });
    expect(error).toBeNull();
    const pid = await pidOf(home);

    const parentGone = once(parent, 'exit');
    parent.kill('SIGKILL');
    await parentGone;
    const next = await startForTest(home);
    expect(await pidOf(home)).not.toBe(pid);
    expect(next).toMatchObject({ url, secretKey });
    expect(await next.sql('select code from public.probe')).toEqual([{ code: 'orphan' }]);
    await untilGone(pid);
  });

  it('serves on after a SIGTERM, which the daemon got as well, and stops whole on a second', async () => {
    const home = await seededHome();
    const embedded = await startForTest(home);
    const pid = await pidOf(home);
    process.kill(pid, 'SIGTERM');
    const service = createClient(embedded.url, embedded.secretKey);
    expect((await service.from('probe').insert({ code: 'given back' })).error).toBeNull();
    process.kill(pid, 'SIGTERM');
    expect(await embedded.exited).toMatchObject({ requested: false, code: 0 });
    expect(await readdir(home)).not.toContain('supabase.json');
  });

  it.runIf(process.platform !== 'win32')(
    'leaves Ctrl-C to the daemon, and goes on until that stops it',
    async () => {
      const home = await seededHome();
      const { parent, url, secretKey } = await startParent(home);
      const interrupted = once(parent, 'message');
      process.kill(-(parent.pid ?? 0), 'SIGINT');
      expect((await interrupted)[0]).toEqual({ interrupted: true });
      const { error } = await createClient(url, secretKey).from('probe').insert({ code: 'after' });
      expect(error).toBeNull();
      const pid = await pidOf(home);
      parent.kill('SIGKILL');
      await untilGone(pid);
      expect(await readdir(home)).not.toContain('supabase.json');
    },
  );
});
