/** A browser tab on the chat page, as tests of the page itself look at it. */
import type { Browser, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import type { ChatPage, PageGeneration } from './chat-page.ts';

/** What tells the parts of the English page, by generation. */
const PARTS = {
  g2: {
    composer: 'form[data-type="unified-composer"]',
    editor: 'div#prompt-textarea.ProseMirror',
    send: '#composer-submit-button[data-testid="send-button"][aria-label="Send prompt"]',
    stop: '#composer-submit-button[data-testid="stop-button"][aria-label="Stop streaming"]',
    turns: 'section[data-testid^="conversation-turn-"][data-turn][data-turn-id]',
    userText: '[data-turn="user"] [data-message-author-role="user"][data-message-id]',
    answer:
      '[data-turn="assistant"] > [data-message-author-role="assistant"][data-message-id] .markdown.prose',
    copy: '[data-turn="assistant"] [data-testid="copy-turn-action-button"]',
    userCopy: '[data-turn="user"] [data-testid="copy-turn-action-button"]',
    good: '[data-turn="assistant"] [data-testid="good-response-turn-action-button"]',
  },
  g3: {
    composer: 'form[data-chatgpt-composer]',
    editor: 'div[role="textbox"][aria-label="Ask ChatGPT"].ProseMirror[data-composer-markdown]',
    send: 'button[type="submit"][aria-label="Send"]',
    stop: 'button[type="button"][aria-label="Stop"]',
    turns: 'div[data-turn-key]',
    userText: '[data-turn-key] [data-chatgpt-search-unit-key$=":user"] [data-user-message-bubble]',
    answer:
      '[data-turn-key] [data-chatgpt-search-unit-key$=":assistant"] [data-conversation-role="assistant"] [data-markdown-text-style="assistant-message"]',
    copy: '[data-turn-key] > .turn-action-controls button[aria-label="Copy response"]',
    userCopy: '[data-chatgpt-search-unit-key$=":user"] button',
    good: '[data-turn-key] > .turn-action-controls button[aria-label="Good response"]',
  },
} as const satisfies Record<PageGeneration, Record<string, string>>;

export type PartName = keyof (typeof PARTS)['g2'];

export interface PageTab {
  readonly page: Page;
  /** Errors that the page's own scripts did not catch. */
  readonly problems: readonly string[];
  part(name: PartName): Locator;
  open(path?: string): Promise<void>;
  /** Inserts the text and presses Enter. */
  send(text: string): Promise<void>;
  /** The page's own copy of the last answer: what is on the clipboard when it has changed. */
  copy(): Promise<string>;
  clipboard(): Promise<string>;
  setClipboard(text: string): Promise<void>;
  /** What a person copies of the whole composer. */
  composerCopy(): Promise<string>;
  close(): Promise<void>;
}

const NOTHING_YET = 'nothing copied yet';

export async function openTab(
  browser: Browser,
  chat: ChatPage,
  generation: PageGeneration,
): Promise<PageTab> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const part = (name: PartName): Locator => page.locator(PARTS[generation][name]);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error.stack)));
  const clipboard = async (): Promise<string> =>
    z.string().parse(await page.evaluate('navigator.clipboard.readText()'));
  const setClipboard = async (text: string): Promise<void> => {
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  };
  return {
    page,
    problems,
    part,
    clipboard,
    setClipboard,
    async open(path = '') {
      await page.goto(new URL(path, chat.url).href);
      await part('editor').last().waitFor();
    },
    async send(text) {
      await part('editor').last().click();
      await page.keyboard.insertText(text);
      await page.keyboard.press('Enter');
    },
    async copy() {
      await setClipboard(NOTHING_YET);
      await part('copy').last().click();
      await page.waitForFunction(
        `navigator.clipboard.readText().then((text) => text !== ${JSON.stringify(NOTHING_YET)})`,
      );
      return await clipboard();
    },
    async composerCopy() {
      await part('editor').last().click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.press('ControlOrMeta+c');
      return await clipboard();
    },
    close: () => context.close(),
  };
}
