/** The browser driver and the operator's Chrome: its own tab, other tabs, a Chrome that goes away. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { logInToChat } from '../../src/adapters/chat/browser/login.ts';
import { endpointOfProfile } from '../../src/adapters/chat/browser/chrome/endpoint.ts';
import {
  type BrowserSettings,
  createBrowserDriver,
} from '../../src/adapters/chat/browser/driver.ts';
import {
  type BrowserRig,
  browserSettings,
  type OpenRig,
  startBrowserRig,
} from '../support/chat-browser.ts';
import { type ChatPage, startChatPage } from '../support/chat-page.ts';
import { startChromium, TEST_FLAGS } from '../support/chromium.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { chatErrorFrom, chatRequest, journalOf } from './chat-driver-suite.ts';

const never = new AbortController().signal;
const echo = (prompt: string): string => prompt;
const text = z.string();

async function openedPage(): Promise<ChatPage> {
  const page = await startChatPage({ generation: 'g3', answers: echo });
  onTestFinished(() => page.stop());
  return page;
}

describeWith([CHROMIUM], 'the browser driver in a Chrome that is not its own', () => {
  let chrome: BrowserRig;
  let rig: OpenRig;
  let operator: Browser;
  beforeAll(async () => {
    chrome = await startBrowserRig();
    rig = await chrome.open({ generation: 'g3', answers: echo });
    operator = await chromium.connectOverCDP(chrome.chromium.devtools, {
      noDefaults: true,
      timeout: 20_000,
    });
  });
  afterAll(async () => {
    await operator.close();
    await rig.close();
    await chrome.stop();
  });

  const tabs = (): Page[] => operator.contexts()[0]?.pages() ?? [];

  describe('tabs', () => {
    it('one is opened, used for every prompt, kept, and found again by the next process', async () => {
      const before = tabs().length;
      await rig.driver.ask(chatRequest('The first.'), journalOf(), never);
      await rig.driver.ask(chatRequest('The second.'), journalOf(), never);
      await rig.driver.close();
      const next = chrome.driver(rig.page);
      await next.ask(chatRequest('The third.'), journalOf(), never);
      await next.close();
      expect(operator.isConnected()).toBe(true);
      expect(tabs()).toHaveLength(before + 1);
    });

    it("others, also at the same site, are left alone, with a dialog that is open and the operator's clipboard", async () => {
      const [context] = operator.contexts();
      await context?.grantPermissions(['clipboard-read', 'clipboard-write']);
      const own = await context?.newPage();
      if (own === undefined) throw new Error('Chrome has no context');
      await own.goto(rig.page.url);
      await own.bringToFront();
      await own.locator('.ProseMirror').last().click();
      await own.keyboard.insertText("The operator's own draft");
      await own.evaluate("navigator.clipboard.writeText('the operator copied this')");
      const dialog = own.waitForEvent('dialog');
      const asked = own.evaluate("confirm('Really?')");
      const opened = await dialog;

      const request = chatRequest('Beside an open dialog.');
      const reply = await rig.driver.ask(request, journalOf(), never);
      expect(reply).toMatchObject({ text: request.text, capture: 'page_copy' });

      await opened.accept();
      expect(await asked).toBe(true);
      expect(own.url()).toBe(rig.page.url);
      expect(await own.locator('.ProseMirror').last().textContent()).toBe(
        "The operator's own draft",
      );
      expect(text.parse(await own.evaluate('navigator.clipboard.readText()'))).toBe(
        'the operator copied this',
      );
      await own.close();
    });

    it('one that the operator closes is opened again', async () => {
      const ours = tabs().find((page) => page.url().startsWith(rig.page.url));
      await ours?.close();
      const request = chatRequest('After the tab was closed.');
      const reply = await rig.driver.ask(request, journalOf(), never);
      expect(reply.text).toBe(request.text);
    });

    it('belong to one process at a time, which another may look at', async () => {
      await rig.driver.close();
      const holder = fork(fileURLToPath(new URL('../support/lock-contender.ts', import.meta.url)), {
        env: {},
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      // Its lock is free only once it is gone.
      onTestFinished(async () => {
        holder.kill('SIGKILL');
        await once(holder, 'exit');
      });
      holder.send({ take: `${chrome.profileDir}/planline-chat.lock` });
      await once(holder, 'message');

      const second = chrome.driver(rig.page);
      const request = chatRequest('From a second process.');
      const error = await chatErrorFrom(second.ask(request, journalOf(), never));
      expect(error.code).toBe('needs_operator');
      expect(error.message).toContain(`process ${holder.pid}`);
      expect(rig.page.sends().map((sent) => sent.text)).not.toContain(request.text);
      const findings = await second.check(never);
      expect(findings.map(({ level }) => level)).not.toContain('error');
      expect(findings.map(({ detail }) => detail).join()).toContain(`process ${holder.pid}`);
      await second.close();
    });
  });

  it('evidence shows the page, and nothing of the account or of other conversations', async () => {
    rig.page.fail(['error_turn']);
    const request = chatRequest('Its failure is shown.');
    const error = await chatErrorFrom(rig.driver.ask(request, journalOf(), never));
    const files = new Map(error.evidence().map(({ name, content }) => [name, content]));
    expect([...files.keys()].toSorted()).toEqual(['page.html', 'page.png']);
    expect(
      Buffer.from(files.get('page.png') ?? '')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const html = String(files.get('page.html'));
    expect(html).toContain(request.text);
    expect(html).toContain('data-chatgpt-composer');
    // Its own title, and none of the others in the sidebar.
    expect(html.match(/Study notes/g)).toHaveLength(1);
    for (const secret of ['Test Person', 'example.org', '<script', 'page-settings']) {
      expect(html).not.toContain(secret);
    }
  });
});

describeWith([CHROMIUM], 'a Chrome that goes away', () => {
  async function ownChrome() {
    const profileDir = await tempFolder();
    const started = await startChromium(profileDir);
    onTestFinished(() => started.stop());
    return { profileDir, started };
  }

  it('that never was there: needs_operator, with the command that starts it', async () => {
    const page = await openedPage();
    const driver = createDriver(page, await tempFolder());
    const error = await chatErrorFrom(driver.ask(chatRequest('Nobody home.'), journalOf(), never));
    expect(error.code).toBe('needs_operator');
    expect(error.message).toContain('planline chat login');
    const findings = await driver.check(never);
    expect(findings).toMatchObject([{ name: 'ChatGPT (browser): Chrome', level: 'error' }]);
  });

  it('and comes back: the conversation is found again, and nothing is sent twice', async () => {
    const page = await openedPage();
    const { profileDir, started } = await ownChrome();
    const driver = createDriver(page, profileDir, { reconnectMs: 60_000 });
    const release = page.hold();
    const journal = journalOf();
    const request = chatRequest('Chrome restarts.');
    const asked = driver.ask(request, journal, never);
    await journal.firstSent;
    await started.stop('SIGKILL');
    release();
    const again = await startChromium(profileDir);
    onTestFinished(() => again.stop());
    expect((await asked).text).toBe(request.text);
    expect(page.sends()).toHaveLength(1);
  });

  it('for good: needs_operator, and the answer is had once it is there again', async () => {
    const page = await openedPage();
    const { profileDir, started } = await ownChrome();
    const driver = createDriver(page, profileDir, { reconnectMs: 300 });
    const release = page.hold();
    const journal = journalOf();
    const request = chatRequest('Chrome is gone.');
    const asked = chatErrorFrom(driver.ask(request, journal, never));
    const ref = await journal.firstSent;
    await started.stop('SIGKILL');
    const error = await asked;
    expect(error.code).toBe('needs_operator');
    expect(error.message).toContain('planline chat login');
    release();
    const again = await startChromium(profileDir);
    onTestFinished(() => again.stop());
    const recovery = await driver.recover(request, ref, never);
    expect(recovery).toMatchObject({ kind: 'answered', reply: { text: request.text } });
    expect(page.sends()).toHaveLength(1);
  });

  function createDriver(
    page: ChatPage,
    profileDir: string,
    timings: BrowserSettings['timings'] = {},
  ) {
    const driver = createBrowserDriver(browserSettings(page, profileDir, timings));
    onTestFinished(() => driver.close());
    return driver;
  }
});

describeWith([CHROMIUM], 'planline chat login', () => {
  /** Ends it as a person would, and waits until it has let go of its profile. */
  async function endChrome(devtools: string, profileDir: string): Promise<void> {
    const browser = await chromium.connectOverCDP(devtools);
    const cdp = await browser.newBrowserCDPSession();
    await cdp.send('Browser.close');
    const held = async (): Promise<boolean> =>
      (await readdir(profileDir)).includes('SingletonLock');
    await expect.poll(held, { timeout: 30_000 }).toBe(false);
  }

  it('starts Chrome, waits until somebody has logged in, and leaves Chrome open', async () => {
    const page = await openedPage();
    page.setLoggedIn(false);
    const profileDir = await tempFolder();
    const settings: BrowserSettings = {
      ...browserSettings(page, profileDir),
      chromeArguments: ['--headless=new', ...TEST_FLAGS.filter((flag) => flag !== '--no-sandbox')],
    };
    const waiting = Promise.withResolvers<void>();
    const loggedIn = logInToChat(settings, () => waiting.resolve(), never);
    await waiting.promise;
    page.setLoggedIn(true);
    await loggedIn;
    const endpoint = await endpointOfProfile(profileDir);
    if (endpoint === null) throw new Error('Chrome wrote down no address');
    onTestFinished(() => endChrome(endpoint, profileDir));

    let waits = 0;
    await logInToChat(settings, () => (waits += 1), never);
    expect(waits).toBe(0);
    expect(await endpointOfProfile(profileDir)).toBe(endpoint);

    const driver = createBrowserDriver(settings);
    const request = chatRequest('Logged in.');
    expect((await driver.ask(request, journalOf(), never)).text).toBe(request.text);
    await driver.close();
  });

  it('can be stopped while it waits', async () => {
    const page = await openedPage();
    page.setLoggedIn(false);
    const profileDir = await tempFolder();
    const started = await startChromium(profileDir);
    onTestFinished(() => started.stop());
    const stop = new AbortController();
    const reason = new Error('the operator has had enough');
    const settings = browserSettings(page, profileDir);
    const login = logInToChat(settings, () => stop.abort(reason), stop.signal);
    expect((await chatErrorFrom(login)).cause).toBe(reason);
    expect(started.ended()).toBe(false);
  });
});
