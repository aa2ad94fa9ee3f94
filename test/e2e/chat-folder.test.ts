import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { run, start, type Place } from '../support/planline.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Given {
  readonly server: ChatServer;
  readonly place: Place;
  readonly file: (path: string) => Promise<string>;
}

/** A folder with so many lesson prompts, and a server that answers them. */
async function given(prompts: number, env: Record<string, string> = {}): Promise<Given> {
  const server = await startChatServer({ chunkDelayMs: 1 });
  onTestFinished(() => server.stop());
  const cwd = await tempFolder();
  await mkdir(join(cwd, 'prompts'));
  for (let n = 1; n <= prompts; n += 1) {
    await writeFile(join(cwd, `prompts/prompt_block_${n}.txt`), `Write lesson ${n} about bread.`);
  }
  const place = {
    cwd,
    env: { OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: server.url, PROMPTS_DIR: '', ...env },
  };
  return { server, place, file: (path) => readFile(join(cwd, path), 'utf8') };
}

const ARGS = ['chat', '--input', 'prompts', '--output', 'lessons', '--driver', 'openai'] as const;

describe('planline chat on a folder', () => {
  it('asks each prompt once, says where each reply comes from, and skips what is there', async () => {
    const { server, place, file } = await given(3);
    const dry = await run(place, ...ARGS, '--dry-run');
    expect(dry.stdout).toMatch(/ask\s+prompt_block_3\.txt → part3\.txt\n3 would be asked\.\n$/);
    expect(server.requests()).toHaveLength(0);

    const limited = await run(place, ...ARGS, '--limit', '2');
    expect(limited).toMatchObject({ code: 0, stderr: '' });
    expect(limited.stdout).toMatch(/2 written, 0 already there, 0 refused\.\n$/);
    const rest = await run(place, ...ARGS);
    expect(rest.stdout).toMatch(/1 written, 2 already there, 0 refused\.\n$/);
    expect(server.requests()).toHaveLength(3);

    const meta = JSON.parse(await file('lessons/part2.meta.json')) as object;
    expect(meta).toMatchObject({
      driver: 'openai',
      capture: 'api',
      complete: true,
      ref: { kind: 'openai_response', id: server.requests()[1]?.responseId },
    });
    expect(meta).toHaveProperty('input_sha256', server.requests()[1]?.promptSha256);
  });

  it('asks again when a prompt was changed, and keeps the old reply', async () => {
    const { server, place, file } = await given(1);
    await run(place, ...ARGS);
    const before = await file('lessons/part1.txt');
    await writeFile(join(place.cwd, 'prompts/prompt_block_1.txt'), 'Write lesson 1 about salt.');
    await run(place, ...ARGS);
    expect(server.requests()).toHaveLength(2);
    expect(await file('lessons/snapshots/part1.txt')).toBe(before);
  });

  it('has an unusable answer mended, then tries again, then says what is refused', async () => {
    const { server, place } = await given(2, { MAX_RETRIES: '1', MAX_REPAIRS: '1' });
    server.fail(['empty', 'empty']);
    const asked = await run(place, ...ARGS);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain('planline: prompt_block_1.txt: The answer was empty.');
    expect(asked.stdout).toMatch(/1 written, 0 already there, 1 refused\.\n$/);
  });

  it('waits out a limit, spends no attempt on it, and says so', async () => {
    const { server, place } = await given(1, { MAX_RETRIES: '0' });
    server.fail([{ name: 'rate_limit', headers: { 'retry-after': '1' } }]);
    const asked = await run(place, ...ARGS);
    expect(asked.stdout).toMatch(/waits until .*: .*asks to wait/);
    expect(asked.code).toBe(0);
  });

  it('stops at once when a person is needed, and can be resumed by one', async () => {
    const { place } = await given(2, { OPENAI_API_KEY: 'wrong-key' });
    const asked = await run(place, ...ARGS);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toMatch(/^planline: .*OPENAI_API_KEY/m);
    expect(asked.stderr).not.toMatch(/prompt_block_2| at /);
    const openai = { ...place, env: { ...place.env, CHAT_DRIVER: 'openai' } };
    const resumed = await run(openai, 'chat', 'resume');
    expect(resumed.stdout).toMatch(/^Resumed\. It waited for: .*OPENAI_API_KEY/);
    const well = { cwd: place.cwd, env: { ...openai.env, OPENAI_API_KEY: 'test-key' } };
    expect((await run(well, 'chat', 'resume')).stdout).toMatch(/is ready: there is nothing/);
  });

  it('fetches after SIGKILL what was answered, and sends nothing again', async () => {
    const { server, place, file } = await given(2);
    server.setDelays({ delayMs: 300 });
    const first = start(place, ...ARGS);
    await expect
      .poll(() => readdir(join(place.cwd, 'lessons/sent')).catch(() => []), { timeout: 30_000 })
      .toContain('prompt_block_1.json');
    await expect
      .poll(async () => file('lessons/sent/prompt_block_1.json'), { timeout: 30_000 })
      .toContain('openai_response');
    await first.kill('SIGKILL');
    await server.idle();

    const second = await run(place, ...ARGS);
    expect(second.stdout).toMatch(/2 written, 0 already there, 0 refused\.\n$/);
    expect(server.requests().map(({ prompt }) => prompt)).toEqual([
      'Write lesson 1 about bread.',
      'Write lesson 2 about bread.',
    ]);
  });
});
