/**
 * The drivers of the page, from flag to pages, and killed in each phase of a prompt. The page server
 * counts what it took: a prompt whose answer exists is never sent again.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { askedIn } from '../support/chat-desktop.ts';
import {
  GENERATIONS,
  startChatPage,
  type ChatPage,
  type PageGeneration,
} from '../support/chat-page.ts';
import { rehearse } from '../support/chat-server.ts';
import { startChromium } from '../support/chromium.ts';
import { describeWith } from '../support/describe-where.ts';
import { startDesktop, type Desktop } from '../support/desktop.ts';
import { isWhole } from '../support/extent.ts';
import { CHROMIUM, DESKTOP } from '../support/system-packages.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { run, seededPlace, start, type Place } from '../support/planline.ts';

interface Given {
  /** How many prompts the lead takes. */
  readonly prompts: number;
  readonly page: ChatPage;
  readonly place: Place;
  readonly id: string;
}

const NO_PACE = { CHAT_GAP_SECONDS: '0', CHAT_MAX_PER_HOUR: '0' };

async function givenPage(
  generation: PageGeneration,
  answers: (prompt: string) => string = rehearse,
): Promise<ChatPage> {
  const page = await startChatPage({ generation, answers, delayMs: 400, chunkDelayMs: 20 });
  onTestFinished(() => page.stop());
  return page;
}

async function givenPlace(
  page: ChatPage,
  blocks: number,
  env: Record<string, string>,
): Promise<Given> {
  const place = await seededPlace({
    ...NO_PACE,
    BLOCK_COUNT: String(blocks),
    CHAT_URL: page.url,
    LOG_LEVEL: 'debug',
    ...env,
  });
  return { page, place, prompts: 2 + 2 * blocks, id: await addLead(place) };
}

/** A Chrome of the operator's, logged in, with the profile that planline looks for. */
async function givenBrowser(generation: PageGeneration): Promise<Given> {
  const given = await givenPlace(await givenPage(generation), 2, { CHAT_DRIVER: 'browser' });
  const chrome = await startChromium(join(given.place.cwd, '.planline/chrome'));
  onTestFinished(() => chrome.stop());
  return given;
}

/** What a model says that begins and ends its answer as the desktop driver asks it to. */
function rehearseFramed(prompt: string): string {
  const { begin, end, text } = askedIn(prompt);
  return `${begin}\n${rehearse(text)}\n${end}`;
}

/** What a program needs to be on that screen. */
function onScreen({ environment }: Desktop): Record<string, string> {
  const names = ['DISPLAY', 'XDG_SESSION_TYPE', 'HOME', 'DBUS_SESSION_BUS_ADDRESS'];
  return Object.fromEntries(names.map((name) => [name, environment[name] ?? '']));
}

/** The operator's own window, logged in, on a screen of its own. */
async function givenWindow(generation: PageGeneration): Promise<Given> {
  const page = await givenPage(generation, rehearseFramed);
  const desktop = await startDesktop(page.url);
  onTestFinished(() => desktop.stop());
  return await givenPlace(page, 1, { CHAT_DRIVER: 'desktop', ...onScreen(desktop) });
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

async function expectArchived({ page, place, prompts, id }: Given): Promise<void> {
  const verify = await run(place, 'verify', id, '--json');
  expect(JSON.parse(verify.stdout)).toMatchObject([{ status: 'archived', problems: [] }]);
  expect(page.sends()).toHaveLength(prompts);
  // The desktop driver's frame differs with each attempt: what it adds is taken off.
  expect(new Set(page.sends().map(({ text }) => askedIn(text).text)).size).toBe(prompts);
}

/** With real waits for a person at the desk, after each start. */
const DESKTOP_LIMIT_MS = 600_000;

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
  it.runIf(isWhole).each(GENERATIONS)('archives a lead by the page %s', async (generation) => {
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

describeWith([CHROMIUM, DESKTOP], 'planline with CHAT_DRIVER=desktop', () => {
  it.runIf(isWhole)(
    'archives a lead by keyboard, mouse and clipboard',
    async () => {
      const given = await givenWindow('g3');
      const sweep = await run(given.place, 'sweep');
      expect(sweep.stdout).toMatch(/1 archived, 0 blocked, 0 waiting/);
      await expectArchived(given);
    },
    DESKTOP_LIMIT_MS,
  );

  it.runIf(isWhole)(
    'killed with SIGKILL in each phase, sends no prompt twice',
    async () => {
      const given = await givenWindow('g2');
      expect(await killInEachPhase(given)).toMatch(/1 archived, 0 blocked, 0 waiting/);
      await expectArchived(given);
    },
    DESKTOP_LIMIT_MS,
  );
});
