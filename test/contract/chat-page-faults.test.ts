/** Each fault of the chat page shows what its name says, and its prompt is counted as it should be. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  GENERATIONS,
  startChatPage,
  type ChatPage,
  type PageFault,
  type SendRecord,
} from '../support/chat-page.ts';
import { openTab, type PageTab } from '../support/chat-page-tab.ts';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';

const LINE = 'A line of the answer, with a word or two more. ';
const answerTo = (prompt: string): string =>
  `# ${prompt}\n\n${Array.from({ length: 40 }, (_, i) => `${i + 1}. ${LINE}`).join('\n')}\n\nThe end.`;
const FOREVER_MS = 600_000;

describeWith([CHROMIUM], 'a fault of the chat page', () => {
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
    let before = 0;
    beforeAll(async () => {
      chat = await startChatPage({ generation, answers: answerTo, urlDelayMs: 10 });
      tab = await openTab(browser, chat, generation);
    });
    afterAll(async () => {
      await tab.close();
      await chat.stop();
    });
    beforeEach(() => {
      before = chat.sends().length;
    });

    const sends = (): SendRecord[] => chat.sends().slice(before);
    const answered = async (count = 1): Promise<void> => {
      await expect
        .poll(() => sends().filter((one) => one.answered).length, { timeout: 20_000 })
        .toBe(count);
    };
    /** The outage is over. */
    const reachable = async (): Promise<void> => {
      const answers = (): Promise<boolean> =>
        fetch(chat.url).then(
          () => true,
          () => false,
        );
      await expect.poll(answers).toBe(true);
    };
    /** A new chat that meets the fault, with the prompt sent. */
    const meet = async (fault: PageFault, prompt: string): Promise<void> => {
      await tab.open();
      chat.fail([fault]);
      await tab.send(prompt);
    };
    const finished = async (): Promise<void> => {
      await answered();
      await tab.part('send').last().waitFor();
      await tab.part('good').last().waitFor();
    };

    describe('of loading', () => {
      it('draft_left: there is a text in the composer', async () => {
        chat.fail(['draft_left']);
        await tab.open();
        expect(await tab.composerCopy()).toMatch(/^A draft of something else/);
        await tab.page.keyboard.press('Delete');
        await tab.send('Mine alone.');
        await finished();
        expect(sends()).toMatchObject([{ text: 'Mine alone.', fault: 'draft_left' }]);
      });

      it('second_composer: the first in the page is hidden', async () => {
        chat.fail(['second_composer']);
        await tab.open();
        const editors = tab.part('editor');
        expect(await editors.count()).toBe(2);
        expect(await editors.first().isVisible()).toBe(false);
        await tab.send('In the one that is seen.');
        await finished();
        expect(sends()).toMatchObject([{ fault: 'second_composer' }]);
      });

      it('stale_tab: another conversation comes in place of the new chat', async () => {
        chat.fail(['stale_tab']);
        await tab.open();
        await tab.page.waitForURL(/\/c\//);
        await expect
          .poll(() => tab.part('userText').allInnerTexts())
          .toEqual(['Where is the post office?']);
        await tab.open();
        expect(new URL(tab.page.url()).pathname).toBe('/');
        await tab.send('Now it is new.');
        await finished();
        expect(sends()).toMatchObject([{ text: 'Now it is new.', fault: 'stale_tab' }]);
      });
    });

    describe('of sending', () => {
      it('attachment_chip: a paste above the limit becomes a file, until the prompt is sent', async () => {
        const remove = tab.page.getByRole('button', { name: 'Remove file' });
        const paste = async (text: string): Promise<void> => {
          await tab.setClipboard(text);
          await tab.part('editor').click();
          await tab.page.keyboard.press('ControlOrMeta+v');
        };
        await tab.open();
        chat.fail([{ name: 'attachment_chip', overChars: 100 }]);
        await paste('x'.repeat(101));
        expect(await remove.count()).toBe(1);
        await remove.click();
        await paste('y'.repeat(100));
        expect(await remove.count()).toBe(0);
        await tab.page.keyboard.press('Enter');
        await finished();
        expect(sends()).toMatchObject([{ text: 'y'.repeat(100), fault: 'attachment_chip' }]);
        await paste('z'.repeat(101));
        expect(await remove.count()).toBe(0);
        await tab.page.keyboard.press('ControlOrMeta+a');
        await tab.page.keyboard.press('Delete');
      });

      it('send_ignored: nothing happens, and the draft stays', async () => {
        await meet({ name: 'send_ignored', times: 2 }, 'Press thrice.');
        await tab.part('send').click();
        expect(await tab.part('editor').innerText()).toBe('Press thrice.');
        expect(await tab.part('turns').count()).toBe(0);
        expect(sends()).toEqual([]);
        await tab.part('send').click();
        await finished();
        expect(sends()).toMatchObject([{ text: 'Press thrice.', fault: 'send_ignored' }]);
      });

      it.each([
        { name: 'throttle_modal', role: 'dialog', words: 'Too many requests' },
        { name: 'plan_cap', role: 'status', words: 'Try again after 9:30 AM.', until: '9:30 AM' },
        { name: 'prompt_too_long', role: 'alert', words: 'was too long' },
        { name: 'suspicious_activity', role: 'dialog', words: 'suspicious activity' },
        { name: 'network_loss', role: 'alert', words: 'Network error', when: 'before', forMs: 300 },
      ] as const)('$name: says so, and the server has not taken it', async (fault) => {
        await meet(fault, 'Refused.');
        await tab.page.getByRole(fault.role).filter({ hasText: fault.words }).waitFor();
        expect(await tab.part('editor').innerText()).toBe('Refused.');
        expect(await tab.part('turns').count()).toBe(0);
        expect(new URL(tab.page.url()).pathname).toBe('/');
        expect(sends()).toEqual([]);
        await reachable();
        // The draft would be there in the next test.
        await tab.page.evaluate('localStorage.clear()');
      });

      it('throttle_modal_after_send: says so over an answer that comes all the same', async () => {
        const release = chat.hold();
        await meet('throttle_modal_after_send', 'Landed.');
        await tab.part('stop').waitFor();
        release();
        await tab.page.getByRole('dialog').filter({ hasText: 'Too many requests' }).waitFor();
        await finished();
        expect(sends()).toHaveLength(1);
        await tab.page.getByRole('button', { name: 'Got it' }).click();
        expect(await tab.copy()).toBe(answerTo('Landed.'));
      });
    });

    describe('of the answer', () => {
      it('error_turn: the new turn alone has a Retry, which asks once more', async () => {
        await meet('none', 'Good.');
        await finished();
        chat.fail(['error_turn']);
        await tab.send('Bad.');
        const turn = tab.part('turns').last();
        await turn.getByText('Something went wrong').waitFor();
        expect(await tab.page.getByRole('button', { name: 'Retry' }).count()).toBe(1);
        expect(sends().map((one) => one.answered)).toEqual([true, false]);
        await turn.getByRole('button', { name: 'Retry' }).click();
        await answered(2);
        expect(sends().map(({ text }) => text)).toEqual(['Good.', 'Bad.', 'Bad.']);
        await tab.part('good').nth(1).waitFor();
        expect(await tab.copy()).toBe(answerTo('Bad.'));
      });

      it('thinking_failed: says so in place of an answer', async () => {
        await meet('thinking_failed', 'Think.');
        await tab.part('turns').last().getByText('Thinking failed').waitFor();
        expect(await tab.part('answer').innerText()).toBe('');
        expect(await tab.part('good').count()).toBe(0);
        expect(sends()).toMatchObject([{ answered: false }]);
      });

      it('continue_generating: the rest comes after a press of the button', async () => {
        await meet('continue_generating', 'In two parts.');
        const button = tab.page.getByRole('button', { name: 'Continue generating' });
        await button.waitFor();
        const whole = answerTo('In two parts.');
        const first = await tab.copy();
        expect(first).toBe(whole.slice(0, first.length));
        expect(first.length).toBeLessThan(whole.length);
        await button.click();
        await finished();
        expect(await button.count()).toBe(0);
        expect(await tab.copy()).toBe(whole);
      });

      it('cut_answer: ends in the middle, and looks finished', async () => {
        await meet('cut_answer', 'Cut.');
        await tab.part('good').waitFor();
        expect(await tab.part('stop').count()).toBe(0);
        const copied = await tab.copy();
        expect(answerTo('Cut.').startsWith(copied)).toBe(true);
        expect(copied).not.toContain('The end.');
        expect(sends()).toMatchObject([{ answered: false }]);
      });

      it('no_action_bar: the whole answer, and nothing to copy it with', async () => {
        await meet('no_action_bar', 'Bare.');
        await answered();
        await tab.part('send').waitFor();
        expect(await tab.part('answer').innerText()).toMatch(/The end\.$/);
        expect(await tab.part('good').count()).toBe(0);
      });

      it('interface_words: the answer holds what the page itself may say', async () => {
        await meet('interface_words', 'Words.');
        await finished();
        const copied = await tab.copy();
        expect(copied).toBe(sends()[0]?.answer);
        expect(copied).toContain('\nPython\nCopy code\nToo many requests\n');
        expect(await tab.page.getByRole('dialog').count()).toBe(0);
      });

      it('user_copy_buttons: the prompt has the same button as the answer', async () => {
        await meet('user_copy_buttons', 'Same button.');
        await finished();
        const label = await tab.part('copy').last().getAttribute('aria-label');
        expect(await tab.part('userCopy').first().getAttribute('aria-label')).toBe(label);
        await tab.part('userCopy').first().click();
        await expect.poll(() => tab.clipboard()).toBe('Same button.');
      });

      it('virtualised_turns: turns out of sight are not in the DOM', async () => {
        await meet('virtualised_turns', 'Far away.');
        await finished();
        await expect.poll(() => tab.part('userText').count()).toBe(0);
        expect(await tab.part('answer').innerText()).toMatch(/The end\.$/);
        await tab.page.evaluate(`document.getElementById('thread').scrollTop = 0`);
        await expect.poll(() => tab.part('userText').allInnerTexts()).toEqual(['Far away.']);
      });
    });

    describe('of streaming', () => {
      const filmed = async (fault: PageFault, prompt: string) => {
        await tab.open();
        await tab.record();
        chat.fail([fault]);
        await tab.send(prompt);
        await finished();
        return await tab.film();
      };

      it('action_bar_flash: the bar comes and goes while the answer is being written', async () => {
        const film = await filmed({ name: 'action_bar_flash', forMs: 100 }, 'Flash.');
        const flash = film.findIndex(({ stop, bar }) => stop && bar);
        expect(flash).toBeGreaterThan(0);
        const later = film.slice(flash).findIndex(({ stop, bar }) => stop && !bar);
        expect(later).toBeGreaterThan(0);
        expect(film.at(-1)?.chars).toBeGreaterThan(film[flash]?.chars ?? Infinity);
      });

      it('preamble_replaced: what looks complete gives way to a shorter text', async () => {
        const film = await filmed({ name: 'preamble_replaced', forMs: 100 }, 'Preamble.');
        const preamble = film.find(({ stop, bar }) => stop && bar);
        expect(preamble?.chars).toBeGreaterThan(film.at(-1)?.chars ?? Infinity);
        expect(await tab.copy()).toBe(answerTo('Preamble.'));
      });

      it('shorter_replacement: what was complete gives way to a shorter text', async () => {
        const film = await filmed({ name: 'shorter_replacement', forMs: 100 }, 'Shorter.');
        const complete = film.findIndex(({ stop, bar }) => !stop && bar);
        expect(film.slice(complete).some(({ stop }) => stop)).toBe(true);
        expect(film[complete]?.chars).toBeGreaterThan(film.at(-1)?.chars ?? Infinity);
        expect(await tab.copy()).toBe(answerTo('Shorter.'));
      });

      it('rekeyed_turn: the turn goes, and comes back under another key', async () => {
        const film = await filmed({ name: 'rekeyed_turn', forMs: 100 }, 'Other key.');
        const keys = film.map(({ key }) => key).filter((key, i, all) => key !== all[i - 1]);
        const gone = keys.lastIndexOf(null);
        expect(gone).toBeGreaterThan(0);
        expect(keys[gone + 1]).not.toBe(keys[gone - 1]);
        expect(new Set(keys).size).toBeGreaterThan(3);
        expect(await tab.copy()).toBe(answerTo('Other key.'));
      });

      it('long_pause: half of the answer stands still, with the stop control', async () => {
        await meet({ name: 'long_pause', forMs: FOREVER_MS }, 'Pause.');
        await expect
          .poll(async () => (await tab.part('answer').innerText()).length)
          .toBeGreaterThan(900);
        const half = await tab.part('answer').innerText();
        expect(await tab.part('stop').count()).toBe(1);
        expect(half).not.toContain('The end.');
        expect(await tab.part('good').count()).toBe(0);
        await tab.part('stop').click();
      });
    });

    describe('of the tab', () => {
      it('reload_midway: the page is loaded again, and the answer goes on', async () => {
        await tab.open();
        await tab.page.evaluate('window.sameDocument = true');
        chat.fail(['reload_midway']);
        await tab.send('Reload.');
        await finished();
        expect(await tab.page.evaluate('window.sameDocument')).toBeUndefined();
        expect(await tab.copy()).toBe(answerTo('Reload.'));
      });

      it('tab_crash: without DevTools the tab goes blank', async () => {
        await meet('tab_crash', 'Blank.');
        await tab.page.waitForURL('about:blank');
        await answered();
        expect(sends()).toMatchObject([{ text: 'Blank.', fault: 'tab_crash' }]);
      });

      it('frozen_view: the answer is there, but this page does not show it', async () => {
        await meet('frozen_view', 'Frozen.');
        await answered();
        expect(await tab.part('stop').count()).toBe(1);
        expect(await tab.part('answer').innerText()).not.toContain('The end.');
        await tab.page.reload();
        await finished();
        expect(await tab.copy()).toBe(answerTo('Frozen.'));
      });

      it('network_loss: says so in the middle, and the answer is there later', async () => {
        await meet({ name: 'network_loss', forMs: 200 }, 'Loss.');
        await tab.part('turns').last().getByText('Network error').waitFor();
        expect(await tab.part('good').count()).toBe(0);
        await answered();
        await reachable();
        await tab.page.reload();
        await finished();
        expect(await tab.copy()).toBe(answerTo('Loss.'));
      });

      it('logged_out_midway: a wall comes, and the answer is there after a login', async () => {
        await meet('logged_out_midway', 'Out.');
        await tab.page.getByRole('dialog').getByRole('button', { name: 'Log in' }).waitFor();
        await answered();
        await tab.page.reload();
        await tab.page.getByRole('button', { name: 'Log in' }).waitFor();
        chat.setLoggedIn(true);
        await tab.page.reload();
        await finished();
        expect(await tab.copy()).toBe(answerTo('Out.'));
      });

      it('challenge_midway: a challenge comes, and the answer is there after it', async () => {
        await meet('challenge_midway', 'Human?');
        await expect.poll(() => tab.page.title()).toBe('Just a moment...');
        await answered();
        chat.setChallenge(false);
        await tab.page.reload();
        await finished();
        expect(await tab.copy()).toBe(answerTo('Human?'));
      });
    });

    describe('of copying', () => {
      const copyFirst = async (fault: PageFault, prompt: string): Promise<void> => {
        await meet(fault, prompt);
        await finished();
        await tab.setClipboard('there before');
        await tab.part('copy').last().click();
      };

      it('copy_partial: the first copy has the first part', async () => {
        await copyFirst('copy_partial', 'Part.');
        await expect.poll(() => tab.clipboard()).not.toBe('there before');
        const first = await tab.clipboard();
        expect(answerTo('Part.').startsWith(first)).toBe(true);
        expect(first).not.toContain('The end.');
        expect(await tab.copy()).toBe(answerTo('Part.'));
      });

      it('copy_empty: the first copy is empty', async () => {
        await copyFirst('copy_empty', 'Empty.');
        await expect.poll(() => tab.clipboard()).toBe('');
        expect(await tab.copy()).toBe(answerTo('Empty.'));
      });

      it('copy_stale: the first copy is the one before', async () => {
        await meet('none', 'The one before.');
        await finished();
        await tab.copy();
        before = chat.sends().length;
        await copyFirst('copy_stale', 'Stale.');
        await expect.poll(() => tab.clipboard()).toBe(answerTo('The one before.'));
        expect(await tab.copy()).toBe(answerTo('Stale.'));
      });

      it('copy_refused: the first copies are refused, and the page says so', async () => {
        await copyFirst({ name: 'copy_refused', times: 2 }, 'Refuse.');
        const toast = tab.page.getByText('Failed to copy to clipboard');
        await toast.waitFor();
        await tab.part('copy').last().click();
        await expect.poll(() => toast.count()).toBe(2);
        expect(await tab.clipboard()).toBe('there before');
        expect(await tab.copy()).toBe(answerTo('Refuse.'));
      });

      it('slow_copy: the clipboard has it later', async () => {
        await copyFirst({ name: 'slow_copy', forMs: 3_000 }, 'Slow.');
        expect(await tab.clipboard()).toBe('there before');
        await expect.poll(() => tab.clipboard(), { timeout: 15_000 }).toBe(answerTo('Slow.'));
      });
    });
  });
});
