/**
 * What every chat driver must hold, whatever it drives. A driver joins by a harness: how to start it
 * with its provider, what that provider says, and which faults it can meet. What a driver cannot
 * meet is declared with the reason; leaving a fault out fails.
 */
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatError, type ChatErrorCode } from '../../src/core/errors.ts';
import type { SentRef } from '../../src/core/events.ts';
import type { ChatStep } from '../../src/core/lifecycle.ts';
import type { ChatDriver, ChatJournal, ChatRecovery, ChatRequest } from '../../src/ports.ts';
import { firstRequest } from '../support/chat-request.ts';
import { isWhole } from '../support/extent.ts';
import { LENIENT } from '../support/lenient-journal.ts';

/** Troubles that a provider can make for one prompt, and the code that each must be reported by. */
export const TROUBLES = {
  'provider failed': 'retryable',
  'connection lost before sending': 'retryable',
  'connection lost while answering': 'retryable',
  'answer broke off': 'retryable',
  'provider fell silent': 'retryable',
  'answer empty': 'retryable',
  'answer cut at the limit': 'retryable',
  'model refused': 'retryable',
  'too many requests': 'rate_limited',
  'plan used up': 'plan_cap',
  'not logged in': 'needs_operator',
  'prompt too long': 'permanent',
} as const satisfies Record<string, ChatErrorCode>;
export type Trouble = keyof typeof TROUBLES;

const TROUBLE_NAMES = Object.keys(TROUBLES) as Trouble[]; // the keys of a constant

/** A driver with its provider, started for one test. */
export interface ChatRig {
  readonly driver: ChatDriver;
  /** What the provider says to this prompt. */
  says(request: ChatRequest): string;
  /** How often the provider took this prompt. */
  sends(request: ChatRequest): number;
  /** Prompts that the provider had before this one in its conversation; null where it has none. */
  before(request: ChatRequest): readonly string[] | null;
  /** The next prompt meets this. */
  trouble(trouble: Trouble): void;
  /** Answers that begin from now on wait until the returned function is called. */
  hold(): () => void;
  /** Answers given so far can no longer be fetched. */
  forget(): void;
  stop(): Promise<void>;
}

export interface ChatHarness {
  start(): Promise<ChatRig>;
  /** Troubles that the driver cannot meet, each with the reason. */
  readonly cannotMeet: Readonly<Partial<Record<Trouble, string>>>;
  /** Troubles after which the driver gets the answer all the same, without sending again. */
  readonly survives: readonly Trouble[];
  /** What `recover` is able to tell. */
  readonly recovers: {
    /** With the ref of a prompt whose answer is there. */
    readonly answered: ChatRecovery['kind'];
    /** With the ref of a prompt whose answer is lost. */
    readonly lost: ChatRecovery['kind'];
    /** Without a ref, of a prompt that was never sent. */
    readonly neverSent: ChatRecovery['kind'];
    /** Asking twice does no harm: only then may an answered prompt count as not sent. */
    readonly askingAgainIsFree: boolean;
  };
  /** Words that no error and no finding may hold, besides the prompt's own. */
  readonly secrets: readonly string[];
  /** A prompt waits until the one before it has ended. */
  readonly takesTurns?: boolean;
  /**
   * Each prompt is typed and watched: a slice leaves texts, trouble and recovery to the soak and to the
   * suites of the driver's own page.
   */
  readonly takesSeconds?: boolean;
}

let requests = 0;

export function chatRequest(text: string, step: ChatStep = 'stage2', n = 1): ChatRequest {
  requests += 1;
  return firstRequest(`contract-${requests}`, text, { step, n });
}

/** A journal that remembers, and lets a test stand in for what the shell does. */
export function journalOf(
  onSent: (ref: SentRef) => Promise<void> = () => Promise.resolve(),
): ChatJournal & {
  readonly refs: SentRef[];
  readonly firstSent: Promise<SentRef>;
} {
  const refs: SentRef[] = [];
  const first = Promise.withResolvers<SentRef>();
  return {
    ...LENIENT,
    refs,
    firstSent: first.promise,
    phase: () => undefined,
    async sent(ref) {
      refs.push(ref);
      first.resolve(ref);
      await onSent(ref);
    },
  };
}

const never = (): AbortSignal => new AbortController().signal;

/** The ChatError that a call ends with; a call that succeeds fails the test. */
export async function chatErrorFrom(call: Promise<unknown>): Promise<ChatError> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`no error, but ${inspect(outcome.value)}`);
  expect(outcome.error).toBeInstanceOf(ChatError);
  if (!(outcome.error instanceof ChatError)) throw outcome.error;
  return outcome.error;
}

const LONG_LINE = 'Riadok s diakritikou: ľščťžýáíéúäňôŕĺ, ďalej 漢字 a עברית. ';

/** Texts that something on the way is apt to change. */
const HARD_TEXTS: Readonly<Record<string, string>> = {
  'diacritics and scripts': 'Čučoriedka, žltý kôň, Übergröße, 漢字かな, עברית, العربية, ελληνικά',
  'emoji and joiners': '👩🏽‍💻 👨‍👩‍👧‍👦 🇸🇰 ✍️ e\u0301 \u{1F9D1}\u200D\u{1F680} \u00A0\u2009x\u200B',
  'line ends': 'first\r\nsecond\n\nthird\r\n\r\n\tfourth\n  indented  \nlast',
  'code fences':
    '```python\nprint("<b>&amp;</b>")  # it\'s\n```\n\n~~~\n| a | b |\n~~~\n`x` **y** <z>',
  'lines that look like an interface': 'python\nCopy code\nToo many requests\nRetry\nStop\n5 / 5',
  'event stream syntax':
    'data: [DONE]\n\nevent: error\ndata: {"error": 1}\n\n: comment\n\\n \\u0041',
  'thirty kilobytes': LONG_LINE.repeat(Math.ceil(30_000 / Buffer.byteLength(LONG_LINE))),
};

function itReports(trouble: Trouble, harness: ChatHarness, rig: () => ChatRig): void {
  const code = TROUBLES[trouble];
  it(`${trouble}: ${code}, and the next prompt goes through`, async () => {
    const { driver } = rig();
    const request = chatRequest(`A prompt about Zuzana Skúšobná, which meets: ${trouble}.`);
    rig().trouble(trouble);
    const error = await chatErrorFrom(driver.ask(request, journalOf(), never()));
    expect(error.code).toBe(code);
    expect(error.message.length).toBeGreaterThan(10);
    const resting = code === 'rate_limited' || code === 'plan_cap';
    expect(error.untilMs === null).toBe(!resting);

    const whole = inspect(error, { depth: 10, showHidden: true });
    for (const secret of [...harness.secrets, 'Zuzana', request.text]) {
      expect(whole).not.toContain(secret);
    }

    const next = chatRequest(`The prompt after: ${trouble}.`);
    const reply = await driver.ask(next, journalOf(), never());
    expect(reply.text).toBe(rig().says(next));
  });
}

function itSurvives(trouble: Trouble, rig: () => ChatRig): void {
  it(`${trouble}: the answer is had all the same, and nothing is sent twice`, async () => {
    const request = chatRequest(`A prompt that survives: ${trouble}.`);
    rig().trouble(trouble);
    const reply = await rig().driver.ask(request, journalOf(), never());
    expect(reply.text).toBe(rig().says(request));
    expect(rig().sends(request)).toBe(1);
  });
}

function itCannotMeet(trouble: Trouble, reason: string, rig: () => ChatRig): void {
  it(`${trouble}: cannot happen here, as ${reason}`, () => {
    // The harness stands by its word: it has no way to make this trouble.
    expect(() => rig().trouble(trouble)).toThrow(/cannot/);
  });
}

function describeText(rig: () => ChatRig): void {
  describe('text', () => {
    it.each(Object.entries(HARD_TEXTS))('comes back exactly: %s', async (_name, text) => {
      const request = chatRequest(text);
      const reply = await rig().driver.ask(request, journalOf(), never());
      expect(reply.text).toBe(rig().says(request));
      expect(reply.complete).toBe(true);
      expect(reply.capture).not.toBe('');
    });

    it('does not mix five prompts that are asked at once', async () => {
      const asked = Array.from({ length: 5 }, (_, i) =>
        chatRequest(`Prompt ${i} of five. 🌱`, 'stage2', i + 1),
      );
      const replies = await Promise.all(
        asked.map((request) => rig().driver.ask(request, journalOf(), never())),
      );
      expect(replies.map(({ text }) => text)).toEqual(asked.map((request) => rig().says(request)));
      expect(asked.map((request) => rig().sends(request))).toEqual([1, 1, 1, 1, 1]);
    });
  });
}

function describeJournal(rig: () => ChatRig): void {
  describe('journal', () => {
    it('waits for sent() before it gives the answer, and calls it once', async () => {
      const order: string[] = [];
      const journal = journalOf(async () => {
        order.push('sending noted');
        await new Promise((resolve) => setTimeout(resolve, 30));
        order.push('note on disk');
      });
      const reply = await rig().driver.ask(chatRequest('Journal this.'), journal, never());
      order.push('answered');
      expect(order).toEqual(['sending noted', 'note on disk', 'answered']);
      expect(journal.refs).toEqual([reply.ref]);
    });

    it('passes an error of the journal on as it is', async () => {
      const broken = new Error('the journal is full');
      const journal = journalOf(() => Promise.reject(broken));
      const asked = rig().driver.ask(chatRequest('Journal fails.'), journal, never());
      await expect(asked).rejects.toBe(broken);
    });
  });
}

function describeExchange(rig: () => ChatRig): void {
  describe('exchange', () => {
    it('goes on where it began, and gives the answer to its own prompt', async () => {
      const first = chatRequest('A first prompt, whose answer is to be mended.');
      const answered = await rig().driver.ask(first, journalOf(), never());
      const follows = { ref: answered.ref, prompt: first.text, reply: answered.text };
      const repair = { ...chatRequest('Your answer lacks its end. Give it whole.'), follows };
      const mended = await rig().driver.ask(repair, journalOf(), never());
      expect(mended.text).toBe(rig().says(repair));
      expect([rig().sends(first), rig().sends(repair)]).toEqual([1, 1]);
      // A provider without conversations has no before.
      expect(rig().before(repair) ?? [first.text]).toEqual([first.text]);

      const next = chatRequest('A prompt of its own after that.');
      await rig().driver.ask(next, journalOf(), never());
      expect(rig().before(next) ?? []).toEqual([]);
    });
  });
}

function describeStop(rig: () => ChatRig): void {
  describe('stop', () => {
    it('sends nothing when the signal has aborted already', async () => {
      const request = chatRequest('Stopped before it began.');
      const reason = new Error('the daemon is stopping');
      const error = await chatErrorFrom(
        rig().driver.ask(request, journalOf(), AbortSignal.abort(reason)),
      );
      expect(error.code).toBe('retryable');
      expect(error.cause).toBe(reason);
      expect(rig().sends(request)).toBe(0);
    });

    it('ends an ask that waits, with the reason as the cause', async () => {
      const release = rig().hold();
      const stop = new AbortController();
      const journal = journalOf();
      const reason = new Error('the daemon is stopping');
      const asked = chatErrorFrom(
        rig().driver.ask(chatRequest('Stopped halfway.'), journal, stop.signal),
      );
      await journal.firstSent;
      stop.abort(reason);
      const error = await asked;
      release();
      expect(error.code).toBe('retryable');
      expect(error.cause).toBe(reason);
    });

    it('still asks after a stop', async () => {
      const request = chatRequest('After the stop.');
      const reply = await rig().driver.ask(request, journalOf(), never());
      expect(reply.text).toBe(rig().says(request));
    });
  });
}

function describeLeave(harness: ChatHarness, rig: () => ChatRig): void {
  const refused = new Error('the account was stopped');

  describe('leave to send', () => {
    it('sends nothing when the journal refuses, and passes its error on as it is', async () => {
      const request = chatRequest('Refused by the journal.');
      const journal = { ...journalOf(), begin: () => Promise.reject(refused) };
      await expect(rig().driver.ask(request, journal, never())).rejects.toBe(refused);
      expect(rig().sends(request)).toBe(0);
    });

    if (harness.takesTurns !== true) return;

    it('asks again when a prompt’s turn has come: one that was stopped meanwhile is not sent', async () => {
      const [first, queued] = [
        chatRequest('The one under way.'),
        chatRequest('The one behind it.'),
      ];
      let isStopped = false;
      const release = rig().hold();
      const journal = journalOf();
      const underWay = rig().driver.ask(first, journal, never());
      const begin = (): Promise<void> => (isStopped ? Promise.reject(refused) : Promise.resolve());
      const behind = rig().driver.ask(queued, { ...journalOf(), begin }, never());
      // It fails before the test looks at it.
      behind.catch(() => undefined);
      await journal.firstSent;
      isStopped = true;
      release();
      expect((await underWay).text).toBe(rig().says(first));
      await expect(behind).rejects.toBe(refused);
      expect([rig().sends(first), rig().sends(queued)]).toEqual([1, 0]);
    });

    const trouble = 'too many requests';
    if (harness.cannotMeet[trouble] !== undefined) return;

    it('tells of a failure before it begins the prompt behind', async () => {
      const [first, queued] = [chatRequest('Limited.'), chatRequest('Behind the limited one.')];
      const told: ChatError[] = [];
      const failed = async (error: ChatError): Promise<void> => {
        // As long as a state takes to be written.
        await new Promise((resolve) => setImmediate(resolve));
        told.push(error);
      };
      const begin = (): Promise<void> =>
        told.length > 0 ? Promise.reject(refused) : Promise.resolve();
      rig().trouble(trouble);
      const limited = chatErrorFrom(rig().driver.ask(first, { ...journalOf(), failed }, never()));
      const behind = rig().driver.ask(queued, { ...journalOf(), begin }, never());
      await expect(behind).rejects.toBe(refused);
      expect(told).toEqual([await limited]);
      expect(told).toMatchObject([{ code: 'rate_limited' }]);
      expect(rig().sends(queued)).toBe(0);
    });
  });
}

/** The process dies as soon as the sending is on record. */
async function sendAndCrash(driver: ChatDriver, request: ChatRequest): Promise<SentRef> {
  const crash = new Error('killed');
  const journal = journalOf(() => Promise.reject(crash));
  await expect(driver.ask(request, journal, never())).rejects.toBe(crash);
  return await journal.firstSent;
}

function describeFetching(rig: () => ChatRig): void {
  it('of an answered prompt gives the answer, and nothing is sent again', async () => {
    const request = chatRequest('Answered, but the process died.');
    const ref = await sendAndCrash(rig().driver, request);
    const recovery = await rig().driver.recover(request, ref, never());
    expect(recovery).toMatchObject({
      kind: 'answered',
      reply: { text: rig().says(request), complete: true, ref },
    });
    expect(rig().sends(request)).toBe(1);
  });

  it('waits for an answer that is still being made', async () => {
    const request = chatRequest('Still being answered when the process died.');
    const release = rig().hold();
    const ref = await sendAndCrash(rig().driver, request);
    const looked = rig().driver.recover(request, ref, never());
    release();
    expect(await looked).toMatchObject({ kind: 'answered', reply: { text: rig().says(request) } });
  });

  it('ends with the reason when it is stopped', async () => {
    const request = chatRequest('Stopped while looking.');
    const release = rig().hold();
    const ref = await sendAndCrash(rig().driver, request);
    const stop = new AbortController();
    const looked = chatErrorFrom(rig().driver.recover(request, ref, stop.signal));
    const reason = new Error('the daemon is stopping');
    stop.abort(reason);
    expect((await looked).cause).toBe(reason);
    release();
  });
}

function describeNotFetching({ recovers }: ChatHarness, rig: () => ChatRig): void {
  it(`of an answered prompt tells: ${recovers.answered}`, async () => {
    const request = chatRequest('Answered, but the process died.');
    const ref = await sendAndCrash(rig().driver, request);
    const recovery = await rig().driver.recover(request, ref, never());
    expect(recovery).toEqual({ kind: recovers.answered });
  });

  it('does not call an answered prompt unsent, unless asking again is free', () => {
    expect(recovers.answered === 'unknown' || recovers.askingAgainIsFree).toBe(true);
  });
}

function describeRecovery(harness: ChatHarness, rig: () => ChatRig): void {
  const { recovers } = harness;
  describe('recovery', () => {
    if (recovers.answered === 'answered') describeFetching(rig);
    else describeNotFetching(harness, rig);

    it(`of a lost answer tells: ${recovers.lost}`, async () => {
      const request = chatRequest('Its answer will be lost.');
      const ref = await sendAndCrash(rig().driver, request);
      rig().forget();
      const recovery = await rig().driver.recover(request, ref, never());
      expect(recovery).toEqual({ kind: recovers.lost });
    });

    it(`of a prompt that was never sent tells: ${recovers.neverSent}`, async () => {
      const request = chatRequest('Intended, but never sent.');
      const recovery = await rig().driver.recover(request, null, never());
      expect(recovery).toEqual({ kind: recovers.neverSent });
      expect(rig().sends(request)).toBe(0);
    });
  });
}

function describeTrouble(harness: ChatHarness, rig: () => ChatRig): void {
  describe('trouble', () => {
    for (const trouble of TROUBLE_NAMES) {
      const reason = harness.cannotMeet[trouble];
      if (reason !== undefined) itCannotMeet(trouble, reason, rig);
      else if (harness.survives.includes(trouble)) itSurvives(trouble, rig);
      else itReports(trouble, harness, rig);
    }
  });
}

export function describeChatDriver(name: string, harness: ChatHarness): void {
  describe(`chat driver: ${name}`, () => {
    let started: ChatRig | null = null;
    const rig = (): ChatRig => {
      if (started === null) throw new Error('the harness has not started');
      return started;
    };
    beforeAll(async () => {
      started = await harness.start();
    });
    afterAll(async () => {
      await started?.driver.close();
      await started?.stop();
    });

    describeExchange(rig);
    describeStop(rig);
    describeLeave(harness, rig);
    if (isWhole || harness.takesSeconds !== true) {
      describeText(rig);
      describeJournal(rig);
      describeRecovery(harness, rig);
      describeTrouble(harness, rig);
    }

    describe('check', () => {
      it('finds a usable account well, without a key in what it says', async () => {
        const findings = await rig().driver.check(never());
        expect(findings.length).toBeGreaterThan(0);
        expect(findings.map(({ level }) => level)).not.toContain('error');
        for (const secret of harness.secrets) {
          expect(JSON.stringify(findings)).not.toContain(secret);
        }
      });
    });
  });
}
