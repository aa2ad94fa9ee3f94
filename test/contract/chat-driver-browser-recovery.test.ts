/** What becomes of a prompt of the browser driver whose process died, in every state of its page. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SentRef } from '../../src/core/events.ts';
import type { ChatRequest } from '../../src/ports.ts';
import { type BrowserRig, type OpenRig, startBrowserRig } from '../support/chat-browser.ts';
import { GENERATIONS, type PageFault } from '../support/chat-page.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM } from '../support/system-packages.ts';
import { chatErrorFrom, chatRequest, journalOf } from './chat-driver-suite.ts';

const never = new AbortController().signal;
const answerTo = (prompt: string): string =>
  `${'A line that makes it long.\n\n'.repeat(60)}The answer to: ${prompt}`;

describeWith([CHROMIUM], 'recovery by the browser driver', () => {
  let chrome: BrowserRig;
  beforeAll(async () => {
    chrome = await startBrowserRig();
  });
  afterAll(() => chrome.stop());

  describe.each(GENERATIONS)('%s', (generation) => {
    let rig: OpenRig;
    beforeAll(async () => {
      rig = await chrome.open({ generation, answers: answerTo });
    });
    afterAll(() => rig.close());

    const sends = ({ text }: ChatRequest): number =>
      rig.page.sends().filter((sent) => sent.text === text).length;

    /** The process dies as soon as the sending is on record. */
    async function sendAndCrash(request: ChatRequest, fault: PageFault = 'none'): Promise<SentRef> {
      const crash = new Error('killed');
      const journal = journalOf(() => Promise.reject(crash));
      rig.page.fail([fault]);
      await expect(rig.driver.ask(request, journal, never)).rejects.toBe(crash);
      return await journal.firstSent;
    }

    async function askOther(): Promise<void> {
      await rig.driver.ask(chatRequest(`Another prompt of ${generation}.`), journalOf(), never);
    }

    it('without a record is found in the conversation that the tab shows', async () => {
      const request = chatRequest(`Sent, not recorded, ${generation}.`);
      const ref = await sendAndCrash(request);
      const recovery = await rig.driver.recover(request, null, never);
      expect(recovery).toMatchObject({
        kind: 'answered',
        reply: { text: answerTo(request.text), ref },
      });
      expect(sends(request)).toBe(1);
    });

    it('without a record is found among the recent conversations', async () => {
      const request = chatRequest(`Sent some time ago, ${generation}.`);
      const ref = await sendAndCrash(request);
      await askOther();
      const recovery = await rig.driver.recover(request, null, never);
      expect(recovery).toMatchObject({
        kind: 'answered',
        reply: { text: answerTo(request.text), ref },
      });
      expect(sends(request)).toBe(1);
    });

    it('without a record is found although the list of conversations does not come at first', async () => {
      const request = chatRequest(`Listed late, ${generation}.`);
      const ref = await sendAndCrash(request);
      await askOther();
      rig.page.failLists(1);
      const recovery = await rig.driver.recover(request, null, never);
      expect(recovery).toMatchObject({ kind: 'answered', reply: { ref } });
      expect(sends(request)).toBe(1);
    });

    it('without a record cannot be told while the page lists no conversations', async () => {
      const request = chatRequest(`Not listed, ${generation}.`);
      const ref = await sendAndCrash(request);
      await askOther();
      rig.page.setSidebar(false);
      try {
        const error = await chatErrorFrom(rig.driver.recover(request, null, never));
        expect(error.code).toBe('retryable');
        expect(error.message).toContain('Nothing was sent again');
      } finally {
        rig.page.setSidebar(true);
      }
      const recovery = await rig.driver.recover(request, null, never);
      expect(recovery).toMatchObject({ kind: 'answered', reply: { ref } });
      expect(sends(request)).toBe(1);
    });

    it('that was never sent may be sent, also where there are no conversations yet', async () => {
      rig.page.forget();
      const request = chatRequest(`The very first, ${generation}.`);
      expect(await rig.driver.recover(request, null, never)).toEqual({ kind: 'not_sent' });
    });

    it('without a record passes over conversations that were of no use', async () => {
      const request = chatRequest(`Refused before, ${generation}.`);
      const ref = await sendAndCrash(request);
      const again = { ...request, spent: [ref] };
      expect(await rig.driver.recover(again, null, never)).toEqual({ kind: 'not_sent' });
    });

    it.each(['error_turn', 'thinking_failed'] as const)(
      'that failed with %s may be sent again',
      async (fault) => {
        const request = chatRequest(`It fails with ${fault}, ${generation}.`);
        const ref = await sendAndCrash(request, fault);
        expect(await rig.driver.recover(request, ref, never)).toEqual({ kind: 'not_sent' });
      },
    );

    it('of several in one conversation gets the answer of its own', async () => {
      const first = chatRequest(`The first of two, ${generation}.`);
      const ref = await sendAndCrash(first);
      const follows = { ref, prompt: first.text, reply: answerTo(first.text) };
      const second = { ...chatRequest(`The second of two, ${generation}.`), follows };
      expect(await sendAndCrash(second)).toEqual(ref);
      for (const request of [first, second]) {
        const recovery = await rig.driver.recover(request, ref, never);
        expect(recovery).toMatchObject({
          kind: 'answered',
          reply: { text: answerTo(request.text), ref },
        });
      }
    });

    it('that never got into its conversation may be sent again', async () => {
      const ref = await sendAndCrash(chatRequest(`Alone in there, ${generation}.`));
      const other = chatRequest(`Never in there, ${generation}.`);
      expect(await rig.driver.recover(other, ref, never)).toEqual({ kind: 'not_sent' });
    });

    it('is found although its turn is out of sight', async () => {
      const request = chatRequest(`Far up in the page, ${generation}.`);
      const ref = await sendAndCrash(request, 'virtualised_turns');
      await askOther();
      const recovery = await rig.driver.recover(request, ref, never);
      expect(recovery).toMatchObject({ kind: 'answered', reply: { text: answerTo(request.text) } });
    });

    it('of another driver cannot be told', async () => {
      const ref = { kind: 'openai_response', id: 'resp_1' };
      const recovery = await rig.driver.recover(chatRequest('Elsewhere.'), ref, never);
      expect(recovery).toEqual({ kind: 'unknown' });
    });

    it('is not called lost when nobody is logged in', async () => {
      const request = chatRequest(`Answered, then logged out, ${generation}.`);
      const ref = await sendAndCrash(request);
      rig.page.setLoggedIn(false);
      try {
        const error = await chatErrorFrom(rig.driver.recover(request, ref, never));
        expect(error.code).toBe('needs_operator');
      } finally {
        rig.page.setLoggedIn(true);
      }
    });

    it('that stands still for good may be sent again', async () => {
      const request = chatRequest(`It never ends, ${generation}.`);
      const ref = await sendAndCrash(request, { name: 'long_pause', forMs: 600_000 });
      await rig.driver.close();
      const impatient = chrome.driver(rig.page, { timeoutMs: 1_500 });
      try {
        expect(await impatient.recover(request, ref, never)).toEqual({ kind: 'not_sent' });
      } finally {
        await impatient.close();
      }
    });
  });
});
