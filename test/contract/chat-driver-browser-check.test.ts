/** What `doctor` says of pages that are not as they should be. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createBrowserDriver, type Timings } from '../../src/adapters/chat/browser/driver.ts';
import type { Finding } from '../../src/ports.ts';
import { type BrowserRig, browserSettings, startBrowserRig } from '../support/chat-browser.ts';
import { startChatPage } from '../support/chat-page.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';
import { chatErrorFrom, chatRequest, journalOf } from './chat-driver-suite.ts';

const never = new AbortController().signal;

/** A site of one page, with somebody logged in. */
async function siteOf(body: string): Promise<string> {
  const server: Server = createServer((request, response) => {
    const isSession = request.url === '/api/auth/session';
    response.setHeader('content-type', isSession ? 'application/json' : 'text/html');
    response.end(isSession ? '{"user":{"name":"Test Person"}}' : `<!doctype html>${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // Listening on a host and port gives an AddressInfo; only a pipe's address is a string.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const EDITOR =
  '<div class="ProseMirror" role="textbox" contenteditable data-composer-markdown style="min-height:40px">' +
  '</div>';

describeWith([CHROMIUM], 'the check of the browser driver', () => {
  let chrome: BrowserRig;
  beforeAll(async () => {
    chrome = await startBrowserRig();
  });
  afterAll(() => chrome.stop());

  /** A page that never becomes one that planline knows is not waited for long. */
  const SOON_GIVEN_UP = { openMs: 1_200 };

  async function check(chatUrl: string, timings: Partial<Timings> = {}): Promise<Finding[]> {
    const settings = browserSettings({ url: chatUrl }, chrome.profileDir, timings);
    const driver = createBrowserDriver(settings);
    try {
      return await driver.check(never);
    } finally {
      await driver.close();
    }
  }
  const errors = (findings: readonly Finding[]): Finding[] =>
    findings.filter(({ level }) => level === 'error');

  it.each(['g2', 'g3'] as const)('finds %s well, and says which it is', async (generation) => {
    const page = await startChatPage({ generation });
    onTestFinished(() => page.stop());
    const findings = await check(page.url);
    expect(findings.map(({ level }) => level)).not.toContain('error');
    const details = findings.map(({ detail }) => detail).join('\n');
    expect(details).toContain(`generation ${generation.toUpperCase()}`);
    expect(details).toContain('a text went in exactly, and out again');
    expect(page.sends()).toHaveLength(0);
  });

  it('looks at the turns of the newest conversation', async () => {
    const page = await startChatPage({ generation: 'g3', answers: (prompt) => prompt });
    onTestFinished(() => page.stop());
    const driver = createBrowserDriver(browserSettings(page, chrome.profileDir));
    await driver.ask(chatRequest('A conversation to look at.'), journalOf(), never);
    const findings = await driver.check(never);
    await driver.close();
    expect(findings.at(-1)).toMatchObject({ name: 'ChatGPT (browser): turns', level: 'ok' });
    expect(findings.at(-1)?.detail).toContain('copy button');
  });

  it('warns of a page that does not list its conversations', async () => {
    const page = await startChatPage({ generation: 'g3' });
    onTestFinished(() => page.stop());
    page.setSidebar(false);
    const findings = await check(page.url);
    expect(findings.at(-1)).toMatchObject({
      name: 'ChatGPT (browser): conversations',
      level: 'warning',
    });
  });

  it('names the selector that is missing, and what to do', async () => {
    const url = await siteOf(`<form data-chatgpt-composer>${EDITOR}</form>`);
    const [finding, ...others] = errors(await check(url));
    expect(others).toEqual([]);
    expect(finding?.detail).toContain('G3');
    expect(finding?.detail).toContain('its send button (button[type="submit"]');
    expect(finding?.action).toContain('selectors');
  });

  it('tells a page that it does not know', async () => {
    const url = await siteOf('<main><h1>Something new</h1></main>');
    const [finding] = errors(await check(url, SOON_GIVEN_UP));
    expect(finding?.detail).toContain('no page that planline knows');
    expect(finding?.action).not.toBeNull();
    const settings = browserSettings({ url }, chrome.profileDir, SOON_GIVEN_UP);
    const driver = createBrowserDriver(settings);
    const error = await chatErrorFrom(driver.ask(chatRequest('Hello?'), journalOf(), never));
    await driver.close();
    expect(error.code).toBe('needs_operator');
  });

  describe('with nobody let in', () => {
    it.each([
      ['logged out', 'not logged in', 'planline chat login'],
      ['a challenge', 'whether a person is there', 'by hand'],
    ])('%s', async (what, said, todo) => {
      const page = await startChatPage({ generation: 'g2' });
      onTestFinished(() => page.stop());
      if (what === 'logged out') page.setLoggedIn(false);
      else page.setChallenge(true);
      const [finding] = errors(await check(page.url));
      expect(finding?.detail).toContain(said);
      expect(finding?.detail).toContain(todo);
    });
  });

  it('ends with the reason when it is stopped', async () => {
    const page = await startChatPage({ generation: 'g2' });
    onTestFinished(() => page.stop());
    const driver = createBrowserDriver(browserSettings(page, chrome.profileDir));
    const reason = new Error('the operator has had enough');
    const error = await chatErrorFrom(driver.check(AbortSignal.abort(reason)));
    await driver.close();
    expect(error.cause).toBe(reason);
  });
});
