/** A browser tab on the chat page, as tests of the page itself look at it. */
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
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
    lastTurn: 'section[data-turn="assistant"]',
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
    lastTurn: 'div[data-turn-key]',
    userText: '[data-turn-key] [data-chatgpt-search-unit-key$=":user"] [data-user-message-bubble]',
    answer:
      '[data-turn-key] [data-chatgpt-search-unit-key$=":assistant"] [data-conversation-role="assistant"] [data-markdown-text-style="assistant-message"]',
    copy: '[data-turn-key] > .turn-action-controls button[aria-label="Copy response"]',
    userCopy: '[data-chatgpt-search-unit-key$=":user"] button',
    good: '[data-turn-key] > .turn-action-controls button[aria-label="Good response"]',
  },
} as const satisfies Record<PageGeneration, Record<string, string>>;

/** What a person could see at one moment. */
const frame = z.object({
  /** The stop control is there. */
  stop: z.boolean(),
  /** The action bar of an answer is there. */
  bar: z.boolean(),
  /** Characters of the last answer that is shown. */
  chars: z.number(),
  /** What the page calls the last turn; null while there is none. */
  key: z.string().nullable(),
});
export type Frame = z.infer<typeof frame>;

export type PartName = keyof (typeof PARTS)['g2'];

export interface PageTab {
  readonly page: Page;
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
  /** From now on every change of the page is kept, to be looked at by `film`. */
  record(): Promise<void>;
  /** What was seen since, each moment that differs from the one before. */
  film(): Promise<Frame[]>;
  /** Runs a function of the page, given as its source, on the editor and this text. */
  inEditor(source: string, text: string): Promise<unknown>;
  /** Rejects when the page's own scripts left an error uncaught. */
  close(): Promise<void>;
}

/** The source of a script that keeps frames in `window.film`. */
function recorder(generation: PageGeneration): string {
  const { stop, good, answer, lastTurn } = PARTS[generation];
  return `{
    const find = (selector) => [...document.querySelectorAll(selector)].at(-1) ?? null;
    window.film = [];
    new MutationObserver(() => {
      const turn = find(${JSON.stringify(lastTurn)});
      const frame = {
        stop: find(${JSON.stringify(stop)}) !== null,
        bar: find(${JSON.stringify(good)}) !== null,
        chars: find(${JSON.stringify(answer)})?.textContent.length ?? 0,
        key: turn?.dataset.turnId ?? turn?.dataset.turnKey ?? null,
      };
      const last = window.film.at(-1);
      if (JSON.stringify(frame) !== JSON.stringify(last)) window.film.push(frame);
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  }`;
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
      await expect.poll(clipboard).not.toBe(NOTHING_YET);
      return await clipboard();
    },
    async composerCopy() {
      await part('editor').last().click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.press('ControlOrMeta+c');
      return await clipboard();
    },
    async record() {
      await page.evaluate(recorder(generation));
    },
    async film() {
      return z.array(frame).parse(await page.evaluate('window.film'));
    },
    inEditor: (source, text) =>
      page.evaluate(
        `(${source})(document.querySelector(${JSON.stringify(PARTS[generation].editor)}), ${JSON.stringify(text)})`,
      ),
    async close() {
      await context.close();
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
  };
}
