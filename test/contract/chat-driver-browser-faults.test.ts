/**
 * Every fault of the page, on both generations: how the driver notices it and what it does. The table of
 * docs/chat.md is made from the names: `<fault>: <detection> → <response>`.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChatError } from '../../src/core/errors.ts';
import type { ChatReply, ChatRequest } from '../../src/ports.ts';
import { type BrowserRig, type OpenRig, startBrowserRig } from '../support/chat-browser.ts';
import type { PageFaultName } from '../fixtures/chat-page/faults.ts';
import { GENERATIONS, type PageFault, type SendRecord } from '../support/chat-page.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';
import { chatErrorFrom, chatRequest, journalOf } from './chat-driver-suite.ts';

const LINE = 'A line of the answer, long enough to fill a screen with forty of its kind.';

const CODE_ALONE = 'Code and nothing else';

/** Long enough to push its prompt out of sight, with all that markdown has. */
function answerTo(prompt: string): string {
  if (prompt.startsWith(CODE_ALONE)) return `\`\`\`python\n${'x = 1\n'.repeat(200)}\`\`\``;
  const list = Array.from({ length: 40 }, (_, i) => `${i + 1}. ${LINE}`).join('\n');
  return `# An answer\n\n> ${prompt}\n\n${list}\n\n| a | b |\n| - | - |\n| 1 | **2** |\n\n\`\`\`python\nprint("python")\n\`\`\`\n\nThe end of: ${prompt}`;
}

const never = new AbortController().signal;
const HOUR_MS = 3_600_000;
const WHOLE = { complete: true, capture: 'page_copy' };

describeWith([CHROMIUM], 'faults of the page', () => {
  let chrome: BrowserRig;
  beforeAll(async () => {
    chrome = await startBrowserRig();
  });
  afterAll(() => chrome.stop());

  describe.each(GENERATIONS)('%s', (generation) => {
    let rig: OpenRig;
    let prompts = 0;
    beforeAll(async () => {
      rig = await chrome.open({ generation, answers: answerTo });
    });
    afterAll(() => rig.close());
    afterEach(() => {
      rig.page.calm();
      rig.page.setLoggedIn(true);
      rig.page.setChallenge(false);
    });

    const prompt = (): ChatRequest => {
      prompts += 1;
      return chatRequest(`Prompt number ${prompts}, for the faults of ${generation}.`);
    };
    const sendsOf = ({ text }: ChatRequest): SendRecord[] =>
      rig.page.sends().filter((sent) => sent.text === text);

    /** The reply of a prompt that meets the fault. */
    async function survives(fault: PageFault, request = prompt()): Promise<ChatReply> {
      rig.page.fail([fault]);
      const reply = await rig.driver.ask(request, journalOf(), never);
      expect(sendsOf(request)).toHaveLength(1);
      expect(reply.text).toBe(sendsOf(request)[0]?.answer);
      return reply;
    }

    /** The error of a prompt that meets the fault; the prompt of the next test shows that it is over. */
    async function reports(
      fault: PageFault,
      sends: number,
      request = prompt(),
    ): Promise<ChatError> {
      rig.page.fail([fault]);
      const error = await chatErrorFrom(rig.driver.ask(request, journalOf(), never));
      expect(sendsOf(request)).toHaveLength(sends);
      expect(error.evidence().map(({ name }) => name)).toContain('page.html');
      return error;
    }

    async function goesThrough(): Promise<void> {
      const request = prompt();
      const reply = await rig.driver.ask(request, journalOf(), never);
      expect(reply.text).toBe(answerTo(request.text));
    }

    describe('before it is sent', () => {
      it('draft_left: a text stands in the composer of a new chat → cleared, the prompt goes alone', async () => {
        expect(await survives('draft_left')).toMatchObject(WHOLE);
      });

      it('second_composer: a composer with the same markup is hidden → the one that is shown is used', async () => {
        expect(await survives('second_composer')).toMatchObject(WHOLE);
      });

      it('stale_tab: the tab goes to another conversation while the prompt is put in → not sent there, a new chat', async () => {
        const request = prompt();
        const reply = await survives('stale_tab', request);
        const conversation = sendsOf(request)[0]?.conversation;
        expect(reply.ref?.id.endsWith(`/c/${conversation}`)).toBe(true);
        const there = rig.page.sends().filter((sent) => sent.conversation === conversation);
        expect(there).toHaveLength(1);
      });

      it('attachment_chip: a paste becomes a file → removed, smaller pieces', async () => {
        const text = `${prompt().text} ${'And so on, for a while. '.repeat(150)}`;
        expect(
          await survives({ name: 'attachment_chip', overChars: 2_000 }, chatRequest(text.trim())),
        ).toMatchObject(WHOLE);
      });

      it('attachment_chip, whatever the size: every paste becomes a file → typed in', async () => {
        expect(await survives({ name: 'attachment_chip', overChars: 5 })).toMatchObject(WHOLE);
      });

      it('send_ignored: the draft stands and no turn came → pressed again, sent once', async () => {
        expect(await survives({ name: 'send_ignored', times: 2 })).toMatchObject(WHOLE);
      });

      it('send_ignored for good: the draft stands after three presses → retryable, nothing sent', async () => {
        const error = await reports({ name: 'send_ignored', times: 3 }, 0);
        expect(error.code).toBe('retryable');
        await goesThrough();
      });
    });

    describe('refused', () => {
      it('throttle_modal: a dialog says "too many requests" and the draft is back → rate_limited for 5, then 10 minutes', async () => {
        const minutes: number[] = [];
        for (let i = 0; i < 2; i += 1) {
          const beforeMs = Date.now();
          const error = await reports('throttle_modal', 0);
          expect(error.code).toBe('rate_limited');
          minutes.push(Math.floor(((error.untilMs ?? 0) - beforeMs) / 60_000));
        }
        expect(minutes).toEqual([5, 10]);
      });

      it('throttle_modal_after_send: the dialog, but the turn is there and its answer is made → waited for', async () => {
        expect(await survives('throttle_modal_after_send')).toMatchObject(WHOLE);
      });

      it('throttle_modal, where a conversation goes on: the turn goes again and the draft is back → rate_limited, nothing sent', async () => {
        const first = prompt();
        const { ref } = await rig.driver.ask(first, journalOf(), never);
        const follows = { ref, prompt: first.text, reply: answerTo(first.text) };
        const request = { ...prompt(), follows };
        const error = await reports('throttle_modal', 0, request);
        expect(error.code).toBe('rate_limited');
        expect(await rig.driver.recover(request, ref, never)).toEqual({ kind: 'not_sent' });
      });

      it('plan_cap: a banner names the reset → plan_cap until then', async () => {
        const error = await reports({ name: 'plan_cap', until: '11:59 PM' }, 0);
        expect(error.code).toBe('plan_cap');
        const wallTime = new Date(error.untilMs ?? 0).toLocaleTimeString('en-GB', {
          timeZone: 'Europe/Bratislava',
        });
        expect(wallTime).toBe('23:59:00');
        expect((error.untilMs ?? 0) - Date.now()).toBeLessThanOrEqual(24 * HOUR_MS);
      });

      it('plan_cap without a time: a banner that cannot be read → plan_cap, probed after an hour', async () => {
        const error = await reports({ name: 'plan_cap', until: 'a good while' }, 0);
        expect(error).toMatchObject({ code: 'plan_cap', untilMs: null });
      });

      it('prompt_too_long: a notice says so → permanent', async () => {
        expect((await reports('prompt_too_long', 0)).code).toBe('permanent');
      });

      it('suspicious_activity: a dialog says so → needs_operator, until a person lets it go on', async () => {
        const error = await reports('suspicious_activity', 0);
        expect(error).toMatchObject({ code: 'needs_operator', untilPerson: true });
        const findings = await rig.driver.check(never);
        expect(findings.filter(({ level }) => level === 'error')).toMatchObject([
          {
            detail: error.message,
            action: expect.stringContaining('planline chat resume') as unknown,
          },
        ]);
        await goesThrough();
        const after = await rig.driver.check(never);
        expect(after.map(({ level }) => level)).not.toContain('error');
      });

      it('network_loss before: a notice says so and the draft is back → retryable, nothing sent', async () => {
        const error = await reports({ name: 'network_loss', when: 'before', forMs: 300 }, 0);
        expect(error.code).toBe('retryable');
      });
    });

    describe('while it is answered', () => {
      it('error_turn: an error with Retry in the new turn → retryable', async () => {
        expect((await reports('error_turn', 1)).code).toBe('retryable');
      });

      it('error_turn, an old one: an error with Retry in an earlier turn → no concern of the new one', async () => {
        const failed = prompt();
        const journal = journalOf();
        rig.page.fail(['error_turn']);
        await chatErrorFrom(rig.driver.ask(failed, journal, never));
        const [ref = null] = journal.refs;
        const follows = { ref, prompt: failed.text, reply: '' };
        const reply = await survives('none', { ...prompt(), follows });
        expect(reply.ref).toEqual(ref);
      });

      it('thinking_failed: the new turn says so → retryable', async () => {
        const error = await reports('thinking_failed', 1);
        expect(error.code).toBe('retryable');
        expect(error.message).toContain('thinking failed');
      });

      it('continue_generating: the page halts with a button → pressed, the whole answer', async () => {
        expect(await survives('continue_generating')).toMatchObject(WHOLE);
      });

      it('cut_answer: the copy ends within a block of code → retryable', async () => {
        const error = await reports('cut_answer', 1, chatRequest(`${CODE_ALONE}, ${generation}`));
        expect(error.code).toBe('retryable');
        expect(error.message).toContain('breaks off');
      });

      it('reload_midway: the page is loaded anew → followed on', async () => {
        expect(await survives('reload_midway')).toMatchObject(WHOLE);
      });

      it('tab_crash: the renderer dies → another tab, the conversation by its address', async () => {
        expect(
          await survives({ name: 'tab_crash', devtools: chrome.chromium.devtools }),
        ).toMatchObject(WHOLE);
      });

      it('tab_crash to a blank page: the tab shows another page → the conversation by its address', async () => {
        expect(await survives('tab_crash')).toMatchObject(WHOLE);
      });

      it('network_loss: the turn says so → the conversation is opened again', async () => {
        expect(await survives({ name: 'network_loss', forMs: 800 })).toMatchObject(WHOLE);
      });

      it('frozen_view: nothing changes although an answer is made → the conversation is opened again', async () => {
        expect(await survives('frozen_view')).toMatchObject(WHOLE);
      });

      it('logged_out_midway: a dialog says that the session has ended → needs_operator, and the answer is had later', async () => {
        const request = prompt();
        const journal = journalOf();
        rig.page.fail(['logged_out_midway']);
        const error = await chatErrorFrom(rig.driver.ask(request, journal, never));
        expect(error.code).toBe('needs_operator');
        rig.page.setLoggedIn(true);
        const recovery = await rig.driver.recover(request, await journal.firstSent, never);
        expect(recovery).toMatchObject({
          kind: 'answered',
          reply: { text: answerTo(request.text) },
        });
        expect(sendsOf(request)).toHaveLength(1);
      });

      it('challenge_midway: a challenge page by title and widget → needs_operator, nothing is solved', async () => {
        const error = await reports('challenge_midway', 1);
        expect(error.code).toBe('needs_operator');
        const findings = await rig.driver.check(never);
        expect(findings.at(-1)).toMatchObject({ level: 'error', detail: error.message });
        rig.page.setChallenge(false);
      });
    });

    describe('the end of the answer', () => {
      it.each<[PageFaultName, string, string]>([
        ['preamble_replaced', 'stop control beside a bar', 'waited for the answer itself'],
        ['shorter_replacement', 'text changes within the window', 'the shorter answer is taken'],
        ['action_bar_flash', 'stop control beside a bar', 'waited on'],
        ['long_pause', 'stop control while nothing comes', 'waited on'],
        ['rekeyed_turn', 'the turn goes and comes under another key', 'followed by its prompt'],
        ['virtualised_turns', 'the prompt is not in the page any more', 'the last answer is ours'],
      ])('%s: %s → %s', async (fault) => {
        expect(await survives(fault)).toMatchObject(WHOLE);
      });

      it('no_action_bar: quiet for long, no stop control → accepted from the page, marked incomplete', async () => {
        const request = prompt();
        rig.page.fail(['no_action_bar']);
        const reply = await rig.driver.ask(request, journalOf(), never);
        expect(reply).toMatchObject({ complete: false, capture: 'dom' });
        expect(reply.text).toContain(`The end of: ${request.text}`);
        expect(sendsOf(request)).toHaveLength(1);
      });
    });

    describe('the copy', () => {
      it.each<[PageFaultName, string, string]>([
        ['copy_partial', 'words that are shown are missing', 'copied again'],
        ['copy_stale', 'other words than are shown', 'copied again'],
        ['copy_empty', 'nothing in it', 'copied again'],
        ['copy_refused', 'refused by the clipboard', 'taken before it gets there'],
        ['slow_copy', 'comes late', 'waited for'],
        [
          'user_copy_buttons',
          "the prompt's own copy button looks the same",
          "the answer's is used",
        ],
        ['interface_words', "the interface's words in the answer", 'they are the answer'],
      ])('%s: %s → %s', async (fault) => {
        expect(await survives(fault)).toMatchObject(WHOLE);
      });

      it('copy_partial for good: words are missing each time → taken from the page, marked', async () => {
        const request = prompt();
        rig.page.fail([{ name: 'copy_partial', times: 9 }]);
        const reply = await rig.driver.ask(request, journalOf(), never);
        expect(reply).toMatchObject({ complete: true, capture: 'dom' });
        expect(reply.text).toContain(`The end of: ${request.text}`);
        expect(reply.text).toContain('```python\nprint("python")\n```');
      });
    });

    it('localised_interface: buttons and notices in Slovak and German → known by markup and labels', async () => {
      await rig.driver.close();
      for (const locale of ['sk', 'de'] as const) {
        const other = await chrome.open({ generation, locale, answers: answerTo });
        try {
          const request = prompt();
          other.page.fail(['continue_generating', { name: 'plan_cap', until: '23:59' }]);
          const reply = await other.driver.ask(request, journalOf(), never);
          expect(reply.text).toBe(answerTo(request.text));
          const error = await chatErrorFrom(other.driver.ask(prompt(), journalOf(), never));
          expect(error.code).toBe('plan_cap');
          expect(error.untilMs).not.toBeNull();
        } finally {
          await other.close();
        }
      }
    });
  });
});
