/**
 * The browser driver, from flag to pages, and killed in each phase of a prompt. The page server
 * counts what it took: a prompt whose answer exists is never sent again.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startChatPage, type ChatPage, type PageGeneration } from '../support/chat-page.ts';
import { startChromium } from '../support/chromium.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { run, seededPlace, start, type Place } from '../support/planline.ts';

const BLOCKS = 2;
const PROMPTS = 2 + 2 * BLOCKS;

interface Given {
  readonly page: ChatPage;
  readonly place: Place;
  readonly id: string;
}

const NO_PACE = { CHAT_GAP_SECONDS: '0', CHAT_MAX_PER_HOUR: '0' };

async function givenPage(generation: PageGeneration): Promise<ChatPage> {
  const page = await startChatPage({ generation, delayMs: 400, chunkDelayMs: 20 });
  onTestFinished(() => page.stop());
  return page;
}

async function givenPlace(page: ChatPage, env: Record<string, string>): Promise<Given> {
  const place = await seededPlace({
    ...NO_PACE,
    BLOCK_COUNT: String(BLOCKS),
    CHAT_URL: page.url,
    LOG_LEVEL: 'debug',
    ...env,
  });
  return { page, place, id: await addLead(place) };
}

/** A Chrome of the operator's, logged in, with the profile that planline looks for. */
async function givenBrowser(generation: PageGeneration): Promise<Given> {
  const given = await givenPlace(await givenPage(generation), { CHAT_DRIVER: 'browser' });
  const chrome = await startChromium(join(given.place.cwd, '.planline/chrome'));
  onTestFinished(() => chrome.stop());
  return given;
}

async function addLead(place: Place): Promise<string> {
  const file = join(place.cwd, 'client.txt');
  await writeFile(file, ENGLISH);
  const added = await run(place, 'add', '--description-file', file);
  expect(added.stderr).toBe('');
  return added.stdout.trim();
}

/** Empty before the first process has begun one. */
async function logOf({ cwd }: Place): Promise<string> {
  const path = join(cwd, '.planline/logs/planline.log');
  return existsSync(path) ? readFile(path, 'utf8') : '';
}

/** Ends once the log tells of this phase so many times. */
async function untilPhase(place: Place, phase: string, times: number): Promise<void> {
  await expect
    .poll(async () => (await logOf(place)).split(`"phase":"${phase}"`).length - 1, {
      timeout: 120_000,
      interval: 20,
    })
    .toBeGreaterThanOrEqual(times);
}

async function expectArchived({ page, place, id }: Given): Promise<void> {
  const verify = await run(place, 'verify', id, '--json');
  expect(JSON.parse(verify.stdout)).toMatchObject([{ status: 'archived', problems: [] }]);
  expect(page.sends()).toHaveLength(PROMPTS);
  expect(new Set(page.sends().map(({ sha256 }) => sha256)).size).toBe(PROMPTS);
}

const PHASES = ['opening', 'writing', 'sending', 'answering', 'copying'] as const;

/** Ends a sweep in each phase in turn, then lets one come to its end: what that one says. */
async function killInEachPhase(given: Given): Promise<string> {
  for (const phase of PHASES) {
    const before = (await logOf(given.place)).split(`"phase":"${phase}"`).length - 1;
    const sweep = start(given.place, 'sweep');
    await untilPhase(given.place, phase, before + 1);
    await sweep.kill('SIGKILL');
  }
  return (await run(given.place, 'sweep')).stdout;
}

describeWith([CHROMIUM], 'planline with CHAT_DRIVER=browser', () => {
  it.each(['g2', 'g3'] as const)('archives a lead by the page %s', async (generation) => {
    const given = await givenBrowser(generation);
    const sweep = await run(given.place, 'sweep');
    expect(sweep.stdout).toMatch(/1 archived, 0 blocked, 0 waiting/);
    await expectArchived(given);
  });

  it('killed with SIGKILL in each phase, sends no prompt twice', async () => {
    const given = await givenBrowser('g3');
    expect(await killInEachPhase(given)).toMatch(/1 archived, 0 blocked, 0 waiting/);
    await expectArchived(given);
  });
});
