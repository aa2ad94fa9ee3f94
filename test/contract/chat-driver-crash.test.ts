/** The chat server as a process of its own: what it witnesses when its clients, or it, are killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createOpenAiDriver } from '../../src/adapters/chat/openai/driver.ts';
import { sentRef } from '../../src/core/events.ts';
import { machineClock } from '../support/chat-clock.ts';
import { firstRequest } from '../support/chat-request.ts';
import { recordingLog } from '../support/recording-log.ts';
import { LENIENT } from '../support/lenient-journal.ts';

const witnessLine = z.object({
  event: z.string(),
  order: z.number(),
  request_id: z.string().nullable(),
  prompt_sha256: z.string(),
  response_id: z.string().nullable(),
});

const children: ChildProcess[] = [];
let folder = '';

function startNode(script: string, args: readonly string[]) {
  const path = fileURLToPath(new URL(`../support/${script}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${script} ended without a line`);
    return JSON.parse(value);
  };
  return { child, nextLine };
}

async function startServer(...args: string[]) {
  const log = join(folder, 'witness.jsonl');
  const { child, nextLine } = startNode('chat-server-main.ts', [
    '--port',
    '0',
    '--log',
    log,
    ...args,
  ]);
  const { url } = z.object({ url: z.url() }).parse(await nextLine());
  const witness = async () =>
    (await readFile(log, 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => witnessLine.parse(JSON.parse(line)));
  return { child, url, witness };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function driverFor(url: string) {
  return createOpenAiDriver({
    apiKey: 'test-key',
    baseUrl: url,
    model: 'test-model',
    api: 'responses',
    timeoutMs: 60_000,
    pollMs: 20,
    clock: machineClock,
    log: recordingLog(),
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planline-chat-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) await kill(child);
  }
  await rm(folder, { recursive: true, force: true });
});

describe('the chat server as a witness', () => {
  const text = 'Napíš lekciu o tom, ako prežiť pád procesu.';
  const request = firstRequest('asker-1', text);

  it('finishes the answer of a client that was killed, who then fetches it', async () => {
    const server = await startServer('--delay-ms', '200', '--chunk-delay-ms', '20');
    const asker = startNode('chat-asker-main.ts', [server.url, 'responses', text]);
    const { sent } = z.object({ sent: sentRef }).parse(await asker.nextLine());
    await kill(asker.child);

    const recovery = await driverFor(server.url).recover(
      request,
      sent,
      new AbortController().signal,
    );
    expect(recovery.kind).toBe('answered');
    const lines = await server.witness();
    expect(lines.map(({ event }) => event)).toEqual(['received', 'answered', 'fetched']);
    expect(new Set(lines.map((line) => line.prompt_sha256))).toEqual(new Set([request.sha256]));
    expect(lines[0]?.request_id).toBe('asker-1');
    expect(lines[1]?.response_id).toBe(sent.id);
  });

  it('does not count an answer that its client never had', async () => {
    const server = await startServer('--chunk-delay-ms', '50');
    const asker = startNode('chat-asker-main.ts', [server.url, 'chat', text]);
    await asker.nextLine();
    await kill(asker.child);
    await expect
      .poll(async () => (await server.witness()).map(({ event }) => event), { timeout: 20_000 })
      .toEqual(['received', 'cancelled']);
  });

  it('has on disk what it saw, even when it is killed itself', async () => {
    const server = await startServer();
    const asker = startNode('chat-asker-main.ts', [server.url, 'responses', text]);
    await asker.nextLine();
    const { answered } = z.object({ answered: z.string() }).parse(await asker.nextLine());
    expect(answered.length).toBeGreaterThan(500);
    await kill(server.child);
    expect((await server.witness()).map(({ event }) => event)).toEqual(['received', 'answered']);
  });

  it('stops on SIGTERM with exit code 0, even while it answers', async () => {
    const server = await startServer('--delay-ms', '60000');
    const asker = startNode('chat-asker-main.ts', [server.url, 'responses', text]);
    await asker.nextLine();
    const ended = once(server.child, 'exit');
    server.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('meets the faults that it was started with, in order', async () => {
    const server = await startServer('--fault', 'rate_limit', '--fault', 'empty');
    const driver = driverFor(server.url);
    const journal = { ...LENIENT, sent: () => Promise.resolve(), phase: () => undefined };
    const ask = () => driver.ask(request, journal, new AbortController().signal);
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(ask()).rejects.toMatchObject({
      code: 'retryable',
      message: 'The answer was empty.',
    });
    expect((await ask()).text).toContain('#');
    expect((await server.witness()).map(({ event }) => event)).toEqual([
      'received',
      'refused',
      'received',
      'received',
      'answered',
    ]);
  });
});
