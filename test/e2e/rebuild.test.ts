/** The disk is lost, then the database: one command brings each back, and a daemon carries on. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { homePaths } from '../../src/adapters/embedded/paths.ts';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { ENGLISH, SLOVAK } from '../support/descriptions.ts';
import { run, seededPlace, start, type Place } from '../support/planline.ts';
import { filesBelow } from '../support/rebuild-workshop.ts';
import { seedHome } from '../support/seed.ts';

/** A dozen processes one after another, each with a database of its own. */
const TIMEOUT_MS = 480_000;
const BLOCKS = 3;
const PROMPTS = 2 + 2 * BLOCKS;

interface Told {
  readonly leadId: string;
  readonly seq: number;
  readonly hash: string;
  readonly status: string;
  readonly problems: readonly string[];
}

async function add(place: Place, description: string): Promise<string> {
  const file = join(place.cwd, 'client.txt');
  await writeFile(file, description);
  return (await run(place, 'add', '--description-file', file)).stdout.trim();
}

async function verified(place: Place): Promise<Map<string, Told>> {
  const verify = await run(place, 'verify', '--json');
  const all = JSON.parse(verify.stdout) as Told[];
  expect(all.flatMap(({ problems }) => problems)).toEqual([]);
  expect(verify.code).toBe(0);
  return new Map(all.map((told) => [told.leadId, told]));
}

/** Prompts that the server answered, and whose sending the lead's log tells of. */
async function answeredPrompts(place: Place, id: string, server: ChatServer): Promise<Set<string>> {
  const log = await readFile(join(place.cwd, 'runs', id, 'events.jsonl'), 'utf8');
  const sent = new Set(
    log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; data: { request_id?: string } })
      .filter(({ type }) => type === 'prompt.sent')
      .map(({ data }) => data.request_id),
  );
  const answered = server
    .requests()
    .filter((request) => request.answered && sent.has(request.requestId ?? ''));
  return new Set(answered.map(({ promptSha256 }) => promptSha256));
}

/** One lead at its end, another one whose daemon is killed in the middle of its lessons. */
async function twoLeads() {
  const server = await startChatServer({ delayMs: 60, chunkDelayMs: 2 });
  onTestFinished(() => server.stop());
  const place = await seededPlace({
    BLOCK_COUNT: String(BLOCKS),
    CHAT_DRIVER: 'openai',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: server.url,
  });
  const finished = await add(place, SLOVAK);
  expect((await run(place, 'sweep')).code).toBe(0);
  const unfinished = await add(place, ENGLISH);
  const daemon = start(place, 'daemon');
  await daemon.until(new RegExp(`writing lessons 2/${BLOCKS}`));
  await daemon.kill('SIGKILL');
  await server.idle();
  // Waits until the database of the killed daemon has ended, and brings the logs up to it.
  expect((await run(place, 'rebuild', '--to', 'disk')).code).toBe(0);
  return { server, place, finished, unfinished };
}

describe('planline rebuild', () => {
  it(
    'brings back a lost disk, then a lost database, and a daemon carries on',
    { timeout: TIMEOUT_MS },
    async () => {
      const { server, place, finished, unfinished } = await twoLeads();
      const runs = join(place.cwd, 'runs');
      const before = await filesBelow(runs);
      const answered = await answeredPrompts(place, unfinished, server);
      expect(answered.size).toBeGreaterThanOrEqual(3);
      const asked = server.requests().length;

      await rm(runs, { recursive: true });
      const onDisk = await run(place, 'rebuild', '--to', 'disk');
      expect(onDisk.stderr).toBe('planline: 2 leads looked at, 2 rebuilt, 0 not whole.\n');
      expect(onDisk.code).toBe(0);
      const verifiedDisk = await verified(place);
      const after = await filesBelow(runs);
      const isRecorded = (path: string): boolean => !/\/logs\/|\.zip$/.test(path);
      expect([...after.keys()].toSorted()).toEqual(
        [...before.keys()].filter(isRecorded).toSorted(),
      );
      for (const [path, content] of after) {
        expect(content.equals(before.get(path) ?? Buffer.alloc(0)), path).toBe(true);
      }

      const home = join(place.cwd, '.planline');
      await rm(homePaths(home).database, { recursive: true });
      await seedHome(home);
      const shown = await run(place, 'rebuild');
      expect(shown.code).toBe(1);
      expect(shown.stdout).toMatch(
        new RegExp(`${finished} {2}the database lacks \\d+ events from seq 1 on`),
      );
      const inDatabase = await run(place, 'rebuild', '--to', 'database');
      expect(inDatabase.stderr).toBe('planline: 2 leads looked at, 2 rebuilt, 0 not whole.\n');
      expect(inDatabase.code).toBe(0);
      // Status, seq and the hash of each stream's end: the same on both sides, before and after.
      expect(await verified(place)).toEqual(verifiedDisk);
      expect(verifiedDisk.get(finished)?.status).toBe('archived');
      expect(verifiedDisk.get(unfinished)?.status).toBe('processing');

      const daemon = start(place, 'daemon');
      await daemon.until(new RegExp(`archived: ${BLOCKS} pages`));
      const refused = await run(place, 'rebuild', '--to', 'disk');
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(
        /^planline: A planline daemon or sweep of .+ runs \(process \d+\) .+ Stop it first\.\n$/,
      );
      // Only looking is always allowed.
      expect((await run(place, 'rebuild', '--json')).code).toBe(0);
      await daemon.kill('SIGTERM');
      const again = server.requests().slice(asked);
      expect(again.filter(({ promptSha256 }) => answered.has(promptSha256))).toEqual([]);
      expect(new Set(server.requests().map(({ promptSha256 }) => promptSha256)).size).toBe(
        2 * PROMPTS,
      );
      expect((await verified(place)).get(unfinished)?.status).toBe('archived');
    },
  );

  it('says what is wrong with how it was called', async () => {
    const place = await seededPlace();
    const wrong = await run(place, 'rebuild', '--to', 'cloud');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/Allowed choices are disk, database/);
    const help = await run(place, 'rebuild', '--help');
    expect(help.stdout).toMatch(/The database is the authority, and never loses an event\./);
  });
});
