/** The page that drivers are tested on does what the real one was seen to do. */
import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GENERATIONS, startChatPage, type ChatPage } from '../support/chat-page.ts';
import { openTab, type PageTab } from '../support/chat-page-tab.ts';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';

const UUID_ADDRESS = /\/c\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const ANSWER = [
  '# A heading',
  '',
  'Some **bold** words, a [link](https://example.org/) and `code`.',
  '',
  '- one',
  '- two',
  '',
  '| a | b |',
  '| - | - |',
  '| 1 | 2 |',
  '',
  '```python',
  'print("<b>&amp;</b>")',
  '```',
  '',
  'A <u>literal</u> end.',
].join('\n');

describeWith([CHROMIUM], 'the chat page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  describe.each(GENERATIONS)('%s', (generation) => {
    let chat: ChatPage;
    let tab: PageTab;
    beforeEach(async () => {
      chat = await startChatPage({ generation, answers: (prompt) => `${ANSWER}\n\n${prompt}` });
      tab = await openTab(browser, chat, generation);
      await tab.open();
    });
    afterEach(async () => {
      await tab.close();
      await chat.stop();
    });

    const said = (text: string): string => `${ANSWER}\n\n${text}`;

    describe('editor', () => {
      it('takes typed and inserted text, and begins a paragraph at each newline', async () => {
        const editor = tab.part('editor');
        await editor.click();
        await tab.page.keyboard.type('typed, ');
        await tab.page.keyboard.insertText('žltý\n\nkôň 👩🏽‍💻');
        await tab.page.keyboard.press('Shift+Enter');
        await tab.page.keyboard.type('lost');
        for (let i = 0; i < 4; i += 1) await tab.page.keyboard.press('Backspace');
        await tab.page.keyboard.type('last');
        expect(await editor.locator('p').allTextContents()).toEqual([
          'typed, žltý',
          '',
          'kôň 👩🏽‍💻',
          'last',
        ]);
      });

      it('takes the insertText command', async () => {
        await tab.part('editor').click();
        await tab.page.evaluate(`document.execCommand('insertText', false, 'by command')`);
        await tab.page.keyboard.press('Enter');
        await expect.poll(() => chat.sends().map(({ text }) => text)).toEqual(['by command']);
      });

      it('takes a composition', async () => {
        await tab.part('editor').click();
        await tab.page.keyboard.insertText('one ');
        const session = await tab.page.context().newCDPSession(tab.page);
        const composition = { text: 'ko', selectionStart: 2, selectionEnd: 2 };
        await session.send('Input.imeSetComposition', composition);
        await session.send('Input.insertText', { text: 'kôň' });
        await tab.page.keyboard.press('Enter');
        await expect.poll(() => chat.sends().map(({ text }) => text)).toEqual(['one kôň']);
      });

      it('reverts what scripts write into the DOM, also with an input event of their own', async () => {
        const editor = tab.part('editor');
        await editor.click();
        await tab.page.keyboard.insertText('mine');
        const written = await tab.inEditor(
          `(element, text) => {
            element.textContent = text;
            element.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }));
            return element.textContent;
          }`,
          'written',
        );
        expect(written).toBe('written');
        await expect.poll(() => editor.locator('p').allTextContents()).toEqual(['mine']);
        expect(await tab.composerCopy()).toBe('mine');
      });

      it('takes a paste event that a script makes', async () => {
        await tab.inEditor(
          `(element, text) => {
            element.focus();
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', text);
            const options = { clipboardData, bubbles: true, cancelable: true };
            element.dispatchEvent(new ClipboardEvent('paste', options));
          }`,
          'first\r\nsecond\rthird\n\n👩🏽‍💻',
        );
        await tab.page.keyboard.press('Enter');
        const taken = 'first\nsecond\nthird\n\n👩🏽‍💻';
        await expect.poll(() => chat.sends().map((send) => send.text)).toEqual([taken]);
      });

      it('takes a paste of the clipboard in place of what is selected; copying back doubles newlines', async () => {
        await tab.setClipboard('one\ntwo\n\nthree');
        await tab.part('editor').click();
        await tab.page.keyboard.insertText('goes away');
        await tab.page.keyboard.press('ControlOrMeta+a');
        await tab.page.keyboard.press('ControlOrMeta+v');
        expect(await tab.part('editor').locator('p').count()).toBe(4);
        expect(await tab.composerCopy()).toBe('one\n\ntwo\n\n\n\nthree');
      });

      it('makes an attachment of a long paste, which can be removed', async () => {
        await tab.setClipboard('y'.repeat(10_001));
        await tab.part('editor').click();
        await tab.page.keyboard.press('ControlOrMeta+v');
        const remove = tab.part('composer').getByRole('button', { name: 'Remove file' });
        expect(await remove.count()).toBe(1);
        expect(await tab.part('editor').textContent()).toBe('');
        await remove.click();
        expect(await remove.count()).toBe(0);
        expect(await tab.part('send').isDisabled()).toBe(true);
      });

      it('keeps a draft for each conversation', async () => {
        await tab.part('editor').click();
        await tab.page.keyboard.insertText('a draft\nof mine');
        await tab.open();
        expect(await tab.composerCopy()).toBe('a draft\n\nof mine');
        await tab.page.keyboard.press('Delete');
        await tab.open();
        expect(await tab.part('editor').textContent()).toBe('');
      });
    });

    describe('conversation', () => {
      it('shows the prompt and the answer, and copies the exact markdown', async () => {
        await tab.send('What is <b>this</b>?\n\nAnd that?');
        await tab.part('good').waitFor();
        expect(await tab.part('userText').innerText()).toBe('What is <b>this</b>?\n\nAnd that?');
        const answer = tab.part('answer');
        expect(await answer.locator('h1').innerText()).toBe('A heading');
        expect(await answer.locator('li').allInnerTexts()).toEqual(['one', 'two']);
        expect(await answer.locator('td').allInnerTexts()).toEqual(['1', '2']);
        expect(await answer.locator('a').getAttribute('href')).toBe('https://example.org/');
        expect(await answer.locator('code.language-python').innerText()).toBe(
          'print("<b>&amp;</b>")\n',
        );
        expect(await answer.innerText()).toContain('A <u>literal</u> end.');
        expect(await answer.innerText()).toContain('Python\nCopy code\n');
        expect(await tab.copy()).toBe(said('What is <b>this</b>?\n\nAnd that?'));
      });

      it('shows a stop control and a thinking sign first, and the answer whether or not it is watched', async () => {
        const release = chat.hold();
        await tab.send('Slowly, please.');
        await tab.part('stop').waitFor();
        expect(await tab.page.locator('[data-streaming-response-status]').count()).toBe(1);
        expect(await tab.part('good').count()).toBe(0);
        expect(chat.sends()).toMatchObject([{ text: 'Slowly, please.', answered: false }]);
        await tab.page.waitForURL(UUID_ADDRESS);
        const address = tab.page.url();
        await tab.page.goto('about:blank');
        release();
        await expect.poll(() => chat.sends()[0]?.answered).toBe(true);
        await tab.open(address);
        await tab.part('good').waitFor();
        expect(await tab.part('stop').count()).toBe(0);
        expect(await tab.copy()).toBe(said('Slowly, please.'));
      });

      it('goes by /c/WEB: to an address of its own, and has a title that is not the prompt', async () => {
        expect(await tab.page.title()).toBe('ChatGPT');
        const addresses: string[] = [];
        tab.page.on('framenavigated', (frame) => addresses.push(new URL(frame.url()).pathname));
        await tab.send('A question.');
        await tab.page.waitForURL(UUID_ADDRESS);
        expect(addresses[0]).toMatch(/^\/c\/WEB:/);
        expect(addresses[1]).toMatch(UUID_ADDRESS);
        await expect.poll(() => tab.page.title()).toMatch(/^Study notes/);
        const link = tab.page.locator(`nav a[href="${new URL(tab.page.url()).pathname}"]`);
        await expect.poll(() => link.allInnerTexts()).toEqual([await tab.page.title()]);
      });

      it('stops an answer, and takes another prompt in the same conversation', async () => {
        const release = chat.hold();
        await tab.send('Stop this.');
        await tab.part('stop').click();
        await tab.part('send').waitFor();
        release();
        await tab.send('Go on.');
        await expect.poll(() => chat.sends().length).toBe(2);
        await expect.poll(() => chat.sends()[1]?.answered).toBe(true);
        const [first, second] = chat.sends();
        expect(first?.answered).toBe(false);
        expect(second?.conversation).toBe(first?.conversation);
        expect(await tab.part('userText').allInnerTexts()).toEqual(['Stop this.', 'Go on.']);
      });

      it('opens the first conversation that a search finds', async () => {
        await tab.send('About apricots.');
        await tab.part('good').waitFor();
        await tab.page.keyboard.press('Control+Shift+O');
        await expect.poll(() => tab.page.title()).toBe('ChatGPT');
        await tab.send('About pears.');
        await tab.part('good').waitFor();
        await tab.page.keyboard.press('Control+k');
        await tab.page.keyboard.insertText('apricot');
        await tab.page.keyboard.press('Enter');
        await expect.poll(() => tab.part('userText').allInnerTexts()).toEqual(['About apricots.']);
      });

      it('copies the last answer and its last block of code by keys', async () => {
        await tab.send('Keys.');
        await tab.part('good').waitFor();
        await tab.page.keyboard.press('Control+Shift+C');
        await expect.poll(() => tab.clipboard()).toBe(said('Keys.'));
        await tab.page.keyboard.press('Control+Shift+;');
        await expect.poll(() => tab.clipboard()).toBe('print("<b>&amp;</b>")\n');
        await tab.page.locator('#thread').click();
        await tab.page.keyboard.press('Shift+Escape');
        await tab.page.keyboard.type('here');
        expect(await tab.part('editor').textContent()).toBe('here');
      });
    });

    describe('witness', () => {
      it('has each prompt that the server took, in order, with the sha256 of its text', async () => {
        await tab.send('One.');
        await tab.part('good').waitFor();
        await tab.send('Two,\nžltý kôň.');
        await expect.poll(() => chat.sends().length).toBe(2);
        const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
        expect(chat.sends()).toMatchObject([
          { order: 1, text: 'One.', sha256: hash('One.'), fault: null },
          { order: 2, text: 'Two,\nžltý kôň.', sha256: hash('Two,\nžltý kôň.'), fault: null },
        ]);
      });
    });

    describe('account', () => {
      const session = async (): Promise<unknown> =>
        await (await fetch(new URL('/api/auth/session', chat.url))).json();

      it('has a session with a user, or a wall', async () => {
        expect(await session()).toHaveProperty('user.id');
        chat.setLoggedIn(false);
        expect(await session()).toEqual({});
        await tab.page.goto(chat.url);
        expect(await tab.page.getByRole('button', { name: 'Log in' }).count()).toBe(1);
        expect(await tab.part('composer').count()).toBe(0);
      });

      it('takes no prompt once the session or the conversation is gone', async () => {
        await tab.send('While it lasts.');
        await tab.part('good').waitFor();
        chat.setLoggedIn(false);
        await tab.send('Too late.');
        await tab.page.getByRole('dialog', { name: 'Session expired' }).waitFor();
        expect(await tab.part('editor').innerText()).toBe('Too late.');
        chat.setLoggedIn(true);
        chat.forget();
        await tab.page.reload();
        await tab.page.getByText('Unable to load conversation').waitFor();
        await tab.open();
        await tab.send('In a new one.');
        await tab.part('good').waitFor();
        chat.forget();
        await tab.send('In none.');
        await tab.page.getByRole('alert').filter({ hasText: 'Unable to load' }).waitFor();
        expect(await tab.part('editor').innerText()).toBe('In none.');
        expect(chat.sends().map(({ text }) => text)).toEqual(['While it lasts.', 'In a new one.']);
      });

      it('may be challenged', async () => {
        chat.setChallenge(true);
        const response = await tab.page.goto(chat.url);
        expect(response?.status()).toBe(403);
        expect(await tab.page.title()).toBe('Just a moment...');
      });

      it('may have lost a conversation', async () => {
        await tab.send('To be forgotten.');
        await tab.part('good').waitFor();
        await tab.page.waitForURL(UUID_ADDRESS);
        chat.forget();
        const response = await tab.page.reload();
        expect(response?.status()).toBe(404);
        await tab.page.getByText('Unable to load conversation').waitFor();
      });
    });
  });
});
