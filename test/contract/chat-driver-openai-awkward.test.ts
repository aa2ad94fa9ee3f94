/**
 * The four templates through the `openai` driver and a real server that wraps, doubles or cuts what it
 * answers in every awkward way: what is read is the same, and what cannot be read is refused in words.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatStep } from '../../src/core/lifecycle.ts';
import { CHAT_STEPS } from '../../src/core/lifecycle.ts';
import { normalizeReply } from '../../src/core/reply/normalize.ts';
import { repairPrompt } from '../../src/core/reply/repair.ts';
import type { Result } from '../../src/core/result.ts';
import type { ChatDriver } from '../../src/ports.ts';
import { parseProfile } from '../../src/steps/input-transform.ts';
import { parsePlan } from '../../src/steps/plan.ts';
import { checkLesson } from '../../src/steps/stage2.ts';
import { checkPageReply } from '../../src/steps/stage3.ts';
import { BLOCKS, DESCRIPTIONS, rehearsalReplies } from '../content/support/seeds.ts';
import { driverFor, serverPool } from '../support/chat-openai.ts';
import { kindOf, rehearse } from '../support/chat-server.ts';
import { CUTS, TWICE, WRAPPINGS } from '../unit/core/reply-wrappings.ts';
import { chatRequest, journalOf } from './chat-driver-suite.ts';

const LANGUAGE = 'sk';
const { prompts, lessons } = rehearsalReplies(LANGUAGE, DESCRIPTIONS[LANGUAGE] ?? '');

const CHECKS: Readonly<Record<ChatStep, (reply: string) => Result<unknown>>> = {
  input_transform: parseProfile,
  plan: (reply) => parsePlan(reply, BLOCKS),
  stage2: (reply) => checkLesson(reply, LANGUAGE),
  stage3: (reply) => checkPageReply(reply, { lesson: lessons[0] ?? null, language: LANGUAGE }),
};

/** A lesson is prose: what stands beside it on the same level belongs to it, so it is not wrapped in prose. */
const PROSE_WRAPPINGS = new Set([
  'alone',
  'white space around',
  'a byte order mark',
  'CRLF line ends',
  'CR line ends',
  'no-break spaces around',
  'zero width spaces around',
  'a fence',
]);

function wrappingsOf(step: ChatStep): [string, (text: string) => string][] {
  const all = Object.entries(WRAPPINGS);
  return step === 'stage2' ? all.filter(([name]) => PROSE_WRAPPINGS.has(name)) : all;
}

/** Two thirds of a reply, in the middle of something. */
function cutOf(text: string): string {
  return text.slice(0, Math.floor((text.length * 2) / 3));
}

/** Answers that say nothing of use, to any of the prompts. */
const USELESS: Readonly<Record<string, string>> = {
  'white space': ' \n\u200B\u00A0\n',
  'a refusal': 'I’m sorry, but I can’t help with that request.',
  'an error of the chat': 'Something went wrong. If this issue persists please contact us.',
  'a question': 'Sure! Which format would you like?',
};

describe.each(['responses', 'chat'] as const)('through the API %s', (api) => {
  const pool = serverPool();
  let answer: (whole: string) => string = (whole) => whole;
  let driver: ChatDriver;

  beforeAll(async () => {
    const server = await pool.start({ answers: (prompt) => answer(rehearse(prompt)) });
    driver = driverFor(server.url, { api });
  });
  afterAll(async () => {
    await driver.close();
    await pool.stopAll();
  });

  async function ask(step: ChatStep): Promise<string> {
    const request = chatRequest(prompts[step], step);
    const reply = await driver.ask(request, journalOf(), new AbortController().signal);
    return normalizeReply(reply.text);
  }

  describe.each(CHAT_STEPS)('%s', (step) => {
    const whole = rehearse(prompts[step]);
    const wanted = CHECKS[step](whole);

    it('is one of the four templates, and its plain answer is good', () => {
      expect(kindOf(prompts[step])).toBe(step);
      expect(wanted.ok).toBe(true);
    });

    it.each(wrappingsOf(step))('is read out of %s', async (_name, wrap) => {
      answer = wrap;
      expect(CHECKS[step](await ask(step))).toEqual(wanted);
    });

    it.each(step === 'stage2' ? [] : Object.entries(TWICE))(
      'is read where it is there twice: %s',
      async (_name, wrap) => {
        answer = (text) => wrap(text, cutOf(text));
        expect(CHECKS[step](await ask(step))).toEqual(wanted);
      },
    );

    it.each(step === 'stage2' ? [] : Object.entries(CUTS))(
      'is refused when it is cut %s, in words that can be sent back',
      async (_name, wrap) => {
        answer = (text) => wrap(cutOf(text));
        const read = CHECKS[step](await ask(step));
        const reason = read.ok ? 'accepted' : read.error.reason;
        expect(reason).toMatch(/incomplete|cut off/);
        expect(repairPrompt(step, reason)).toContain(reason.slice(1));
      },
    );

    it.each(Object.entries(USELESS))('is refused when the answer is %s', async (_name, useless) => {
      answer = () => useless;
      const read = CHECKS[step](await ask(step));
      expect(read.ok ? 'accepted' : read.error.reason).toMatch(
        /is empty|holds no|is text without|declined|error message|has \d+ words/,
      );
    });
  });
});
