import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { ENGLISH, LONG, SLOVAK } from '../support/descriptions.ts';
import { clientOf, run, seededPlace, start, type Place } from '../support/planline.ts';
import { writeFile } from 'node:fs/promises';

const STEPS_WITH_FILES = [
  'input/lead.json',
  'input/prompts/block.txt',
  'input_transform/prompt.txt',
  'input_transform/output.json',
  'input_transform/output.meta.json',
  'plan/prompt.txt',
  'plan/plan.txt',
  'plan/profile.json',
  'logs/stage2.jsonl',
];
const FILES_A_BLOCK = [
  (n: number) => `parsed_parts/prompt_block_${n}.txt`,
  (n: number) => `stage_2_generated_parts/part${n}.txt`,
  (n: number) => `stage_2_generated_parts/part${n}.meta.json`,
  (n: number) => `stage_2_prepared_html/parthtml${n}.txt`,
  (n: number) => `stage_3_generated_html/parthtml${n}.txt`,
  (n: number) => `transformed/parthtml${n}.json`,
];

async function chatServer(
  options: Parameters<typeof startChatServer>[0] = {},
): Promise<ChatServer> {
  const server = await startChatServer(options);
  onTestFinished(() => server.stop());
  return server;
}

async function placeFor(server: ChatServer, env: Record<string, string> = {}): Promise<Place> {
  return seededPlace({
    CHAT_DRIVER: 'openai',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: server.url,
    ...env,
  });
}

async function add(place: Place, description: string): Promise<string> {
  const file = join(place.cwd, 'client.txt');
  await writeFile(file, description);
  const added = await run(place, 'add', '--description-file', file);
  expect(added.stderr).toBe('');
  return added.stdout.trim();
}

/** Prompts that were answered more than once. */
function answeredTwice(server: ChatServer): string[] {
  const answered = server.requests().filter((request) => request.answered);
  const counts = Map.groupBy(answered, (request) => request.promptSha256);
  return [...counts].filter(([, requests]) => requests.length > 1).map(([sha256]) => sha256);
}

async function verified(place: Place) {
  const verify = await run(place, 'verify', '--json');
  return JSON.parse(verify.stdout) as { leadId: string; status: string; problems: string[] }[];
}

describe('planline sweep with CHAT_DRIVER=openai', () => {
  it('takes a Slovak, an English and a long lead with emoji to their pages', async () => {
    const server = await chatServer();
    const place = await placeFor(server);
    const ids = [await add(place, SLOVAK), await add(place, ENGLISH), await add(place, LONG)];

    const sweep = await run(place, 'sweep');
    expect(sweep.stderr).toBe('');
    expect(sweep.stdout).toMatch(/3 archived, 0 blocked, 0 waiting/);
    expect(sweep.code).toBe(0);
    expect(server.requests()).toHaveLength(3 * 32);
    expect(answeredTwice(server)).toEqual([]);

    for (const id of ids) {
      const folder = join(place.cwd, 'runs', id);
      const runId = (await readdir(folder)).find((name) => /^\d{8}_\d{6}$/.test(name)) ?? '';
      const blocks = Array.from({ length: 15 }, (_, index) => index + 1);
      const wanted = [
        ...STEPS_WITH_FILES,
        ...blocks.flatMap((n) => FILES_A_BLOCK.map((nameOf) => nameOf(n))),
      ];
      for (const name of wanted) {
        expect((await readFile(join(folder, runId, name))).length, name).toBeGreaterThan(0);
      }
      expect(await readdir(folder)).toEqual(
        expect.arrayContaining(['events.jsonl', 'run_summary.json', `${runId}.zip`]),
      );
      const [summary] = JSON.parse(
        await readFile(join(folder, 'run_summary.json'), 'utf8'),
      ) as unknown[];
      expect(summary).toMatchObject({ run_id: runId, status: 'archived', prompts_done: 32 });
    }
    const all = await verified(place);
    expect(all.map((lead) => lead.leadId).toSorted()).toEqual(ids.toSorted());
    expect(all.every((lead) => lead.status === 'archived' && lead.problems.length === 0)).toBe(
      true,
    );
  });

  it('blocks what fails for good, says why, and resumes at the failed step when flagged', async () => {
    const server = await chatServer();
    const place = await placeFor(server, { MAX_RETRIES: '1', BLOCK_COUNT: '3' });
    const id = await add(place, ENGLISH);
    // Profile and plan are answered; each of three lessons meets an empty answer, the first one twice.
    server.fail(['slow', 'slow', 'empty', 'empty', 'empty', 'empty']);

    const first = await run(place, 'sweep');
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(/blocked: stage2, block 1: /);
    expect(first.stdout).toMatch(new RegExp(`planline flag ${id}`));
    const status = JSON.parse((await run(place, 'status', id, '--json')).stdout) as object;
    expect(status).toMatchObject({ status: 'blocked', step: 'stage2', retry_count: 2 });
    expect(status).toHaveProperty('last_error', expect.stringMatching(/^stage2, block 1: /));
    const summary = await readFile(join(place.cwd, 'runs', id, 'run_summary.json'), 'utf8');
    expect(JSON.parse(summary)).toMatchObject([{ status: 'blocked', blocked: { step: 'stage2' } }]);

    const before = server.requests().length;
    expect((await run(place, 'flag', id)).stdout).toMatch(new RegExp(`^${id}  flagged: `));
    const second = await run(place, 'sweep');
    expect(second.stdout).toMatch(/1 archived, 0 blocked/);
    expect(answeredTwice(server)).toEqual([]);
    const asked = server.requests().slice(before);
    expect(asked.length).toBeLessThanOrEqual(3 + 3);
    expect(await verified(place)).toMatchObject([{ status: 'archived', problems: [] }]);
  });

  it('starts a new run when the description was changed, and keeps the old one', async () => {
    const server = await chatServer();
    const place = await placeFor(server, { BLOCK_COUNT: '1' });
    const id = await add(place, ENGLISH);
    expect((await run(place, 'sweep')).code).toBe(0);
    const daemon = start(place, 'daemon');
    await daemon.until(/Waiting for leads/);
    const client = await clientOf(place);
    await client
      .from('junior_leads')
      .update({ description: SLOVAK, status: 'flagged' })
      .eq('id', id);
    await daemon.until(/archived: 1 pages/);
    await daemon.kill('SIGTERM');
    const names = await readdir(join(place.cwd, 'runs', id));
    expect(names.filter((name) => name.endsWith('.zip'))).toHaveLength(2);
    const summary = await readFile(join(place.cwd, 'runs', id, 'run_summary.json'), 'utf8');
    expect(JSON.parse(summary)).toMatchObject([{ status: 'archived' }, { status: 'archived' }]);
  });

  it('rests until a rate limit is over, and spends no attempt on it', async () => {
    const server = await chatServer();
    const place = await placeFor(server, { MAX_RETRIES: '0', BLOCK_COUNT: '2' });
    await add(place, ENGLISH);
    server.fail(['slow', { name: 'rate_limit', headers: { 'retry-after': '1' } }]);
    const sweep = await run(place, 'sweep');
    expect(sweep.stdout).toMatch(/waits: the chat account rests/);
    expect(sweep.stdout).toMatch(/1 archived, 0 blocked/);
    expect(sweep.code).toBe(0);
  });

  it('waits for a person when the key is wrong, and blocks nothing', async () => {
    const server = await chatServer({ apiKey: 'another' });
    const place = await placeFor(server, { MAX_RETRIES: '0', BLOCK_COUNT: '2' });
    const id = await add(place, ENGLISH);
    const sweep = await run(place, 'sweep');
    expect(sweep.code).toBe(1);
    expect(sweep.stdout).toMatch(/The chat account needs you: .*OPENAI_API_KEY/);
    expect(sweep.stdout + sweep.stderr).not.toMatch(/test-key/);
    const status = await run(place, 'status', id, '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ status: 'processing', retry_count: 0 });
  });
});
