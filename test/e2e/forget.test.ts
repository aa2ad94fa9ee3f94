/** `planline forget` as a person uses it: it asks, it says what is left, and a kill midway loses nothing. */
import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MARKED, markedFiles } from '../support/marks.ts';
import { run, seededPlace, start, type Place } from '../support/planline.ts';

const TIMEOUT_MS = 480_000;

async function add(place: Place, description = MARKED): Promise<string> {
  const file = join(place.cwd, 'client.txt');
  await writeFile(file, description);
  const { stdout } = await run(place, 'add', '--description-file', file);
  await rm(file);
  return stdout.trim();
}

async function finishedLead(): Promise<{ place: Place; id: string; runs: string }> {
  const place = await seededPlace({ BLOCK_COUNT: '1' });
  const id = await add(place);
  expect((await run(place, 'sweep')).code).toBe(0);
  return { place, id, runs: join(place.cwd, 'runs') };
}

/** Everything in the place but the database, whose files are looked at by SQL in the contract tests. */
async function markedInPlace({ cwd }: Place): Promise<string[]> {
  const files = await markedFiles(cwd);
  return files.filter((path) => !path.startsWith('.planline/database'));
}

describe('planline forget', () => {
  it(
    'takes a person out of everything, and says what it cannot reach',
    { timeout: TIMEOUT_MS },
    async () => {
      const { place, id } = await finishedLead();
      expect((await markedInPlace(place)).length).toBeGreaterThan(3);

      const unasked = await run(place, 'forget', id);
      expect(unasked.code).toBe(2);
      expect(unasked.stderr).toBe(
        `planline: This cannot be undone. To forget lead ${id}: planline forget ${id} --yes\n`,
      );
      expect((await markedInPlace(place)).length).toBeGreaterThan(3);

      const told = await run(place, 'forget', id, '--yes');
      expect(told.stderr).toBe('');
      expect(told.stdout).toMatch(
        new RegExp(`^${id} forgotten\n {2}in the database: \\d+ artifacts, 1 page, `),
      );
      expect(told.stdout).toContain('Left to you, or to come:\n');
      expect(told.stdout).not.toMatch(/Zdenobia/i);
      expect(told.code).toBe(0);
      expect(await markedInPlace(place)).toEqual([]);

      const events = await run(place, 'events', id);
      expect(events.stdout).toMatch(/lead\.erased/);
      const log = await readFile(join(place.cwd, 'runs', id, 'events.jsonl'), 'utf8');
      expect(log).toContain('"lead.erased"');
      expect((await run(place, 'verify')).code).toBe(0);
      const status = await run(place, 'status', id, '--json');
      expect(JSON.parse(status.stdout)).toMatchObject({ status: 'erased', last_error: null });

      const again = await run(place, 'forget', id, '--yes', '--json');
      expect(JSON.parse(again.stdout)).toMatchObject({
        recorded: false,
        removed: [],
        unreachable: [],
        differing: [],
      });
      const nobody = await run(place, 'forget', '00000000-0000-4000-8000-000000000009', '--yes');
      expect(nobody.code).toBe(2);
      expect(nobody.stderr).toMatch(/The database knows no lead .+ Nothing was erased\.\n$/);
    },
  );

  it(
    'is finished by the same command, wherever it was killed',
    { timeout: TIMEOUT_MS },
    async () => {
      const { place, id, runs } = await finishedLead();
      const daemon = start({ ...place, env: { ...place.env, POLL_SECONDS: '1' } }, 'daemon');
      await daemon.until(/Waiting for leads/);
      // With a daemon up the command is quick to start, so the kills fall into its work.
      for (const afterMs of [400, 700, 1_000]) {
        const forget = start(place, 'forget', id, '--yes');
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        await forget.kill('SIGKILL');
      }
      const told = await run(place, 'forget', id, '--yes');
      expect(told.code).toBe(0);
      expect(await markedFiles(runs)).toEqual([]);
      const running = await run(place, 'verify', id, '--json');
      expect(JSON.parse(running.stdout)).toMatchObject([{ status: 'erased', problems: [] }]);
      // The daemon's next poll copies the event that the command left to it.
      const logged = () => readFile(join(runs, id, 'events.jsonl'), 'utf8');
      await expect.poll(logged, { timeout: 60_000 }).toContain('"lead.erased"');
      await daemon.kill('SIGTERM');
      const erasures = await run(place, 'events', id, '--json');
      expect(erasures.stdout.match(/"lead\.erased"/g)).toHaveLength(1);
    },
  );

  it('asks a person at a terminal, who has to mean it', { timeout: TIMEOUT_MS }, async () => {
    const place = await seededPlace();
    const id = await add(place);
    const asked = await atTerminal(place, id, 'yes\n');
    expect(asked.text).toMatch(/is removed for good\. Type its id to go on: /);
    expect(asked.text).toMatch(/Nothing was erased\./);
    expect(asked.code).toBe(1);
    const meant = await atTerminal(place, id, `${id}\n`);
    expect(meant.text).toMatch(new RegExp(`${id} forgotten`));
    expect(meant.code).toBe(0);
  });
});

/** Util-linux's `script` gives the process a terminal. */
async function atTerminal(place: Place, id: string, typed: string) {
  const main = join(import.meta.dirname, '../../src/main.ts');
  const line = [process.execPath, main, 'forget', id].map((word) => `'${word}'`).join(' ');
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: place.cwd,
    env: { PATH, HOME, TMPDIR, ...place.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  let isTyped = false;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (isTyped || !text.includes('to go on: ')) return;
    isTyped = true;
    child.stdin.write(typed);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { text, code };
}
