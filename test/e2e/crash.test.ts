import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isWhole } from '../support/extent.ts';
import { startChatServer } from '../support/chat-server.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { clientOf, run, seededPlace, start, type Place } from '../support/planline.ts';

const BLOCKS = 3;
const PROMPTS = 2 + 2 * BLOCKS;

/** What the daemon prints as it enters each step; in steps with several prompts, in the middle. */
const MOMENTS = [
  'reading the description',
  'planning',
  'preparing the lessons',
  `writing lessons 2/${BLOCKS}`,
  'preparing the pages',
  `writing pages 2/${BLOCKS}`,
  'structuring pages',
  'cleaning pages',
  'uploading',
  'archiving',
  'telling you',
];

interface Sent {
  readonly requestId: string;
}

/** Requests whose sending the stream recorded: the provider's own id was known before the kill. */
async function journaledRequests(place: Place, id: string): Promise<Set<string>> {
  const lines = (await readFile(join(place.cwd, 'runs', id, 'events.jsonl'), 'utf8'))
    .trim()
    .split('\n');
  const sent = lines
    .map((line) => JSON.parse(line) as { type: string; data: { request_id?: string } })
    .filter((event) => event.type === 'prompt.sent')
    .map((event): Sent => ({ requestId: event.data.request_id ?? '' }));
  return new Set(sent.map(({ requestId }) => requestId));
}

async function oneLead(env: Record<string, string>): Promise<{ place: Place; id: string }> {
  const place = await seededPlace({ BLOCK_COUNT: String(BLOCKS), ...env });
  const file = join(place.cwd, 'client.txt');
  await writeFile(file, ENGLISH);
  const added = await run(place, 'add', '--description-file', file);
  return { place, id: added.stdout.trim() };
}

async function expectWhole(place: Place, id: string): Promise<void> {
  const verify = await run(place, 'verify', id, '--json');
  expect(JSON.parse(verify.stdout)).toMatchObject([{ status: 'archived', problems: [] }]);
  const events = JSON.parse((await run(place, 'events', id, '--json')).stdout) as {
    seq: number;
    type: string;
    data: { step?: string; n?: number };
  }[];
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  // Each effect has one recorded result, however often the process died.
  const saved = events.filter((event) => event.type === 'prompt.saved');
  expect(new Set(saved.map(({ data }) => `${data.step}/${data.n}`)).size).toBe(PROMPTS);
  expect(saved).toHaveLength(PROMPTS);
  const completed = events.filter((event) => event.type === 'step.completed');
  expect(completed.map(({ data }) => data.step)).toHaveLength(11);
  expect(events.filter((event) => event.type === 'run.started')).toHaveLength(1);
}

describe('a daemon killed with SIGKILL in each step', () => {
  it.runIf(isWhole)('finishes the run and asks no answered prompt twice', async () => {
    const server = await startChatServer({ delayMs: 60, chunkDelayMs: 2 });
    onTestFinished(() => server.stop());
    const { place, id } = await oneLead({
      CHAT_DRIVER: 'openai',
      OPENAI_API_KEY: 'test-key',
      OPENAI_BASE_URL: server.url,
    });
    const killedAt: string[] = [];
    for (const moment of MOMENTS) {
      const daemon = start(place, 'daemon');
      const reached = daemon.until(new RegExp(`${moment}|archived: ${BLOCKS} pages`));
      const [text] = await reached;
      await daemon.kill('SIGKILL');
      if (text !== moment) break;
      killedAt.push(moment);
    }
    // A step that takes a few milliseconds may be over before the signal comes; prompts are not.
    expect(killedAt).toEqual(expect.arrayContaining(MOMENTS.slice(0, 2)));
    expect(killedAt.length).toBeGreaterThanOrEqual(6);

    const last = start(place, 'daemon');
    await expect
      .poll(async () => (await run(place, 'status', id, '--json')).stdout, {
        timeout: 60_000,
        interval: 500,
      })
      .toMatch(/"status": "archived"/);
    const client = await clientOf(place);
    const pages = await client
      .from('client_learning_pages')
      .select('page_index')
      .eq('client_id', id);
    expect(pages.data).toHaveLength(BLOCKS);
    await last.kill('SIGTERM');
    await expectWhole(place, id);

    await server.idle();
    const requests = server.requests();
    const journaled = await journaledRequests(place, id);
    const answered = requests.filter(
      (request) => request.answered && journaled.has(request.requestId ?? ''),
    );
    // The witness is the server: a prompt whose sending was recorded and that it answered was not
    // asked again. (What dies between the server's taking a prompt and telling its id cannot be found.)
    for (const request of answered) {
      const later = requests.filter(
        (other) => other.promptSha256 === request.promptSha256 && other.order > request.order,
      );
      expect(later, `prompt ${request.order} was asked again`).toEqual([]);
    }
    expect(new Set(requests.map((request) => request.promptSha256)).size).toBe(PROMPTS);
  });

  it.runIf(isWhole)('loses nothing at any instant of a rehearsed run', async () => {
    const { place, id } = await oneLead({});
    for (const afterMs of [150, 350, 550, 800, 1_100]) {
      const daemon = start(place, 'daemon');
      await daemon.until(/Waiting for leads/);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await daemon.kill('SIGKILL');
    }
    const sweep = await run(place, 'sweep');
    expect(sweep.code).toBe(0);
    await expectWhole(place, id);
  });
});
