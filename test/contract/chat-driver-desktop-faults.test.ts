/**
 * Troubles that the page makes, one by one, as the `desktop` driver meets them. The names are read by
 * machine: `fault: how it is noticed → what is done`.
 */
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChatErrorCode } from '../../src/core/errors.ts';
import type { ChatReply, ChatRequest } from '../../src/ports.ts';
import {
  askedIn,
  obedientEcho,
  startDesktopRig,
  TEST_TIMINGS,
  type DesktopRig,
} from '../support/chat-desktop.ts';
import type { PageFaultName } from '../fixtures/chat-page/faults.ts';
import type { PageFault } from '../support/chat-page.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM, DESKTOP } from '../support/system-packages.ts';
import { chatErrorFrom, chatRequest, journalOf } from './chat-driver-suite.ts';

const never = (): AbortSignal => new AbortController().signal;
const HOUR_MS = 3_600_000;

interface Met {
  readonly exact: boolean;
  readonly complete: boolean;
  readonly sends: number;
}
const WHOLE_ONCE: Met = { exact: true, complete: true, sends: 1 };

interface Failed {
  readonly code: ChatErrorCode;
  readonly sends: number;
  readonly untilMs: number | null;
  readonly untilPerson: boolean;
}

describeWith([CHROMIUM, DESKTOP], 'desktop driver, faults of the page', () => {
  let rig: DesktopRig;
  let answers: (prompt: string) => string = obedientEcho;

  beforeAll(async () => {
    rig = await startDesktopRig({
      generation: 'g3',
      // Slow enough for its stop sign to be seen, as it is with any real answer.
      delayMs: 1_200,
      answers: (prompt) => answers(prompt),
    });
  });
  afterAll(() => rig.stop());
  beforeEach(() => {
    answers = obedientEcho;
    // A fault that a failed test left over is not the next one's.
    rig.page.calm();
    rig.page.setLoggedIn(true);
    rig.page.setChallenge(false);
  });

  const ask = (request: ChatRequest): Promise<ChatReply> =>
    rig.driver.ask(request, journalOf(), never());

  /** How a prompt ended that met the fault, and how often the page took it. */
  async function met(fault: PageFault | null, text = 'Napíš lekciu.\n\nO čase.'): Promise<Met> {
    if (fault !== null) rig.page.fail([fault]);
    const request = chatRequest(text);
    const { complete, text: had } = await ask(request);
    return { exact: had === text, complete, sends: rig.sends(request) };
  }

  /** The error that a prompt ended with, and how often the page took it. */
  async function failed(fault: PageFault | null): Promise<Failed> {
    if (fault !== null) rig.page.fail([fault]);
    const request = chatRequest('A prompt about Zuzana Skúšobná.');
    const error = await chatErrorFrom(ask(request));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('Zuzana');
    expect(error.evidence()).toMatchObject([{ name: 'page.png' }]);
    const { code, untilMs, untilPerson } = error;
    return { code, sends: rig.sends(request), untilMs, untilPerson };
  }

  describe('that keep a prompt from being sent', () => {
    it('throttle_modal: the copied page says so, the draft is whole → rate_limited, 5 then 10 minutes', async () => {
      const first = await failed('throttle_modal');
      expect(first).toMatchObject({ code: 'rate_limited', sends: 0 });
      const second = await failed('throttle_modal');
      expect(second).toMatchObject({ code: 'rate_limited', sends: 0 });
      const restsMs = [first, second].map(({ untilMs }) => (untilMs ?? 0) - Date.now());
      expect(restsMs[0]).toBeLessThanOrEqual(5 * 60_000);
      expect(restsMs[1]).toBeGreaterThan(5 * 60_000);
    });

    it('plan_cap: the banner in the copied page → plan_cap until the time that it names', async () => {
      const error = await failed({ name: 'plan_cap', until: '11:59 PM' });
      expect(error).toMatchObject({ code: 'plan_cap', sends: 0 });
      const aheadMs = (error.untilMs ?? 0) - Date.now();
      expect(aheadMs).toBeGreaterThan(0);
      expect(aheadMs).toBeLessThanOrEqual(24 * HOUR_MS);
      expect((error.untilMs ?? 0) % 60_000).toBe(0);
    });

    it('suspicious_activity: the copied page says so → needs_operator', async () => {
      expect(await failed('suspicious_activity')).toMatchObject({
        code: 'needs_operator',
        sends: 0,
        untilPerson: true,
      });
    });

    it('prompt_too_long: the copied page says so → permanent', async () => {
      expect(await failed('prompt_too_long')).toMatchObject({ code: 'permanent', sends: 0 });
    });

    it('send_ignored: the draft lies whole in the composer → sent again, once', async () => {
      expect(await met('send_ignored')).toEqual(WHOLE_ONCE);
    });

    it('send_ignored always: the draft stays three times → retryable, nothing sent', async () => {
      expect(await failed({ name: 'send_ignored', times: 3 })).toMatchObject({
        code: 'retryable',
        sends: 0,
      });
    });

    it('network_loss before sending: the page gives the draft back → sent again, once', async () => {
      expect(await met({ name: 'network_loss', when: 'before' })).toEqual(WHOLE_ONCE);
    });

    it('draft_left: more comes back than the sentinel → cleared first', async () => {
      expect(await met('draft_left')).toEqual(WHOLE_ONCE);
    });

    it('second_composer: the sentinel comes back from the one that has the focus → unharmed', async () => {
      expect(await met('second_composer')).toEqual(WHOLE_ONCE);
    });

    it('stale_tab: the sentinel or the address is another → a new chat, nothing in the old one', async () => {
      expect(await met('stale_tab')).toEqual(WHOLE_ONCE);
    });

    it('attachment_chip: a piece is missing when read back → smaller pieces', async () => {
      expect(
        await met(
          { name: 'attachment_chip', overChars: 1_200 },
          'Veta o ničom. '.repeat(200).trim(),
        ),
      ).toEqual(WHOLE_ONCE);
    });

    it('logged out: the copied page offers a login → needs_operator, then well by itself', async () => {
      rig.page.setLoggedIn(false);
      expect(await failed(null)).toMatchObject({ code: 'needs_operator', sends: 0 });
      const [loggedOut] = (await rig.driver.check(never())).slice(-1);
      expect(loggedOut).toMatchObject({ level: 'error' });
      rig.page.setLoggedIn(true);
      const [loggedIn] = (await rig.driver.check(never())).slice(-1);
      expect(loggedIn).toMatchObject({ level: 'ok' });
    });

    it('challenge: the copied page asks for a person → needs_operator', async () => {
      expect(await met(null)).toEqual(WHOLE_ONCE);
      rig.page.setChallenge(true);
      // A tab that is open goes on; the challenge shows when it is loaded anew.
      await rig.desktop.run('xdotool', ['key', 'F5']);
      expect(await failed(null)).toMatchObject({ code: 'needs_operator', sends: 0 });
    });
  });

  describe('that an answer meets', () => {
    it('error_turn: the copied page says so below the prompt → retryable', async () => {
      expect(await failed('error_turn')).toMatchObject({ code: 'retryable', sends: 1 });
    });

    it('thinking_failed: the copied page says so below the prompt → retryable', async () => {
      expect(await failed('thinking_failed')).toMatchObject({ code: 'retryable', sends: 1 });
    });

    it('continue_generating: the copied page offers to go on → retryable', async () => {
      expect(await failed('continue_generating')).toMatchObject({ code: 'retryable', sends: 1 });
    });

    it('cut_answer: no last line long after the stop sign went → taken, marked as incomplete', async () => {
      rig.page.fail(['cut_answer']);
      const text = 'Jedna dlhá veta. '.repeat(20).trim();
      const request = chatRequest(text);
      const reply = await ask(request);
      expect(reply.complete).toBe(false);
      expect(text.startsWith(reply.text)).toBe(true);
      expect(reply.text.length).toBeGreaterThan(50);
      expect(rig.sends(request)).toBe(1);
    });

    it('an answer without our lines: nothing of it is ours long after the stop sign went → retryable', async () => {
      answers = () => 'Sure. You asked me for something.';
      expect(await failed(null)).toMatchObject({ code: 'retryable', sends: 1 });
    });

    it('an empty answer: nothing between our lines → retryable', async () => {
      answers = (prompt) => `${askedIn(prompt).begin}\n\n${askedIn(prompt).end}`;
      expect(await failed(null)).toMatchObject({ code: 'retryable', sends: 1 });
    });

    it('throttle_modal_after_send: there is a conversation with our prompt → waited for', async () => {
      expect(await met('throttle_modal_after_send')).toEqual(WHOLE_ONCE);
      // The dialog stays until the page is loaded anew.
      await rig.desktop.run('xdotool', ['key', 'F5']);
    });

    it('preamble_replaced: it has no last line → waited for', async () => {
      expect(await met('preamble_replaced')).toEqual(WHOLE_ONCE);
    });

    it('shorter_replacement: it goes on behind the last line → waited for', async () => {
      expect(await met('shorter_replacement')).toEqual(WHOLE_ONCE);
    });

    it('long_pause: no last line → waited for', async () => {
      expect(await met({ name: 'long_pause', forMs: 4_000 })).toEqual(WHOLE_ONCE);
    });

    it('action_bar_flash: only what is copied counts → unharmed', async () => {
      expect(await met('action_bar_flash')).toEqual(WHOLE_ONCE);
    });

    it('no_action_bar: only what is copied counts → unharmed', async () => {
      expect(await met('no_action_bar')).toEqual(WHOLE_ONCE);
    });

    it('rekeyed_turn: only what is copied counts → unharmed', async () => {
      expect(await met('rekeyed_turn')).toEqual(WHOLE_ONCE);
    });

    it('virtualised_turns: the reply is ours though the prompt is not drawn → unharmed', async () => {
      expect(await met('virtualised_turns')).toEqual(WHOLE_ONCE);
    });

    it('user_copy_buttons: the page copies its last answer by a key → unharmed', async () => {
      expect(await met('user_copy_buttons')).toEqual(WHOLE_ONCE);
    });

    it('interface_words: all between our lines is the answer → unharmed', async () => {
      const words = [
        'Too many requests',
        'Python',
        'Retry',
        'Network error',
        'Continue generating',
      ];
      expect(await met(null, `Slová rozhrania:\n\n${words.join('\n\n')}`)).toEqual(WHOLE_ONCE);
    });

    it('frozen_view: nothing changes for long → the conversation is opened anew', async () => {
      expect(await met('frozen_view')).toEqual(WHOLE_ONCE);
    });

    it('reload_midway: the last line comes all the same → waited for', async () => {
      expect(await met('reload_midway')).toEqual(WHOLE_ONCE);
    });

    it('tab_crash: the address is no conversation → found again by its request id', async () => {
      expect(await met('tab_crash')).toEqual(WHOLE_ONCE);
    });

    it('network_loss midway: the copied page says so → the conversation is opened anew', async () => {
      expect(await met('network_loss')).toEqual(WHOLE_ONCE);
    });

    it('logged_out_midway: the copied page says so → needs_operator', async () => {
      expect(await failed('logged_out_midway')).toMatchObject({ code: 'needs_operator', sends: 1 });
    });

    it('challenge_midway: the copied page says so → needs_operator', async () => {
      expect(await failed('challenge_midway')).toMatchObject({ code: 'needs_operator', sends: 1 });
    });

    it('challenge_midway, seen to: what is left in the tab has no search → opened anew, found there', async () => {
      rig.page.fail(['challenge_midway']);
      const request = chatRequest('A prompt whose page was challenged.');
      expect((await chatErrorFrom(ask(request))).code).toBe('needs_operator');
      rig.page.setChallenge(false);
      const found = await rig.driver.recover(request, null, never());
      expect(found).toMatchObject({ kind: 'answered', reply: { text: request.text } });
      expect(rig.sends(request)).toBe(1);
    });
  });

  describe('of the page’s copy', () => {
    it.each<[PageFaultName, string, string]>([
      ['copy_partial', 'its last line is missing', 'copied again'],
      ['copy_stale', 'it has the lines of another request', 'copied again'],
      ['copy_empty', 'nothing in it', 'copied again'],
      ['copy_refused', 'a word of ours still lies on the clipboard', 'copied again'],
    ])('%s: %s → %s', async (name) => {
      expect(await met({ name, times: 2 })).toEqual(WHOLE_ONCE);
    });

    it('slow_copy: a word of ours still lies on the clipboard → waited for', async () => {
      expect(await met({ name: 'slow_copy', forMs: TEST_TIMINGS.copyAnswerMs ?? 800 })).toEqual(
        WHOLE_ONCE,
      );
    });
  });
});

describeWith([CHROMIUM, DESKTOP], 'desktop driver, at a page in another language', () => {
  it('localised_interface: notices in Slovak and German → known by their words', async () => {
    for (const locale of ['sk', 'de'] as const) {
      const rig = await startDesktopRig({ generation: 'g2', locale, delayMs: 1_200 });
      try {
        const ask = (text: string): Promise<ChatReply> =>
          rig.driver.ask(chatRequest(text), journalOf(), never());
        expect(await ask('Po slovensky.')).toMatchObject({ text: 'Po slovensky.', complete: true });
        rig.page.fail([{ name: 'plan_cap', until: '23:59' }, 'continue_generating']);
        const capped = await chatErrorFrom(ask('Dosť.'));
        expect(capped).toMatchObject({ code: 'plan_cap', untilMs: expect.any(Number) as unknown });
        expect((await chatErrorFrom(ask('Ďalej.'))).message).toContain('limit of its length');
        rig.page.setLoggedIn(false);
        expect((await chatErrorFrom(ask('Kto?'))).message).toContain('not logged in');
      } finally {
        await rig.stop();
      }
    }
  });
});
