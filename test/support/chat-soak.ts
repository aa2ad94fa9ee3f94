/**
 * Many prompts at a faulty page: a seeded mix of faults, each prompt asked until it is answered, as
 * the shell would ask it. The page's server is the witness of what was sent.
 */
import { ChatError } from '../../src/core/errors.ts';
import type { SentRef } from '../../src/core/events.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import type { ChatDriver, ChatReply, ChatRequest } from '../../src/ports.ts';
import type { PageFaultDetails, PageFaultName } from '../fixtures/chat-page/faults.ts';
import type { ChatPage, SendRecord } from './chat-page.ts';
import { firstRequest } from './chat-request.ts';
import { LENIENT } from './lenient-journal.ts';

export interface SoakOptions {
  readonly driver: Pick<ChatDriver, 'ask' | 'recover'>;
  readonly page: Pick<ChatPage, 'sends' | 'fail' | 'setLoggedIn' | 'setChallenge'>;
  readonly prompts: number;
  readonly seed: number;
  /** What the page may do; each is as likely as any other, and half of the prompts meet none. */
  readonly faults: readonly PageFaultDetails[];
  /** What the server should hold of a prompt, to the letter: the driver may have framed it. */
  readonly sentAs: (request: ChatRequest) => string;
  /** What the driver gives of an answer that the page holds. */
  readonly replyOf: (record: SendRecord) => string;
}

export interface SoakReport {
  readonly prompts: number;
  /** Whatever the server took. */
  readonly sends: number;
  /** Sends whose answer was lost for good: each is one more than the prompt needed. */
  readonly statedRetries: number;
  readonly answers: number;
  /** What should never happen, in words. */
  readonly wrong: readonly string[];
  readonly met: Readonly<Record<string, number>>;
}

/** Faults whose answer is lost for good, so that its prompt has to be sent again. */
const LOSES_ANSWER: ReadonlySet<PageFaultName> = new Set(['error_turn', 'thinking_failed']);
const MOST_ATTEMPTS = 8;

/** Mulberry32: small, and the same everywhere for a seed. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const WORDS = [
  'chlieb',
  'pečie',
  'the baker',
  '`code`',
  '**bold**',
  'ľščťž',
  '漢字',
  '👩🏽‍💻',
  'x < y & z',
];

function promptText(n: number, roll: () => number): string {
  const lines = Array.from({ length: 1 + Math.floor(roll() * 12) }, () =>
    Array.from(
      { length: 3 + Math.floor(roll() * 40) },
      () => WORDS[Math.floor(roll() * WORDS.length)],
    ).join(' '),
  );
  return `Prompt number ${n} of the soak.\n\n${lines.join('\n')}`;
}

function requestFor(text: string, n: number, spent: readonly SentRef[]): ChatRequest {
  const id = `soak-${n}-${spent.length}-${sha256Hex(text).slice(0, 8)}`;
  return { ...firstRequest(id, text, { step: 'stage2', n }), spent };
}

const never = new AbortController().signal;

interface Answered {
  readonly n: number;
  readonly reply: ChatReply;
  /** As they were asked, the answered one last. */
  readonly requests: readonly ChatRequest[];
}

/** Asks as the shell does: after a failure the provider is looked at before anything is sent again. */
async function askUntilAnswered(
  { driver, page }: SoakOptions,
  text: string,
  n: number,
): Promise<Answered> {
  const spent: SentRef[] = [];
  let request = requestFor(text, n, spent);
  const requests = [request];
  let ref: SentRef | null = null;
  let failed: ChatError | null = null;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    try {
      if (failed !== null) {
        const found = await driver.recover(request, ref, never);
        if (found.kind === 'answered') return { n, reply: found.reply, requests };
        if (ref !== null) spent.push(ref);
        request = requestFor(text, n, [...spent]);
        requests.push(request);
        ref = null;
      }
      const journal = {
        ...LENIENT,
        sent: async (one: SentRef) => {
          ref = one;
        },
        phase: () => undefined,
      };
      return { n, reply: await driver.ask(request, journal, never), requests };
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      failed = error;
      // A person sees to what only a person can.
      page.setLoggedIn(true);
      page.setChallenge(false);
    }
  }
  throw new Error(`prompt ${n} was not answered: ${failed?.message ?? ''}`, { cause: failed });
}

function losesAnswer({ fault }: SendRecord): boolean {
  return fault !== null && LOSES_ANSWER.has(fault);
}

/** What is wrong with one prompt, of what the server took while it was asked. */
function judge(
  { sentAs, replyOf }: SoakOptions,
  { n, reply, requests }: Answered,
  taken: readonly SendRecord[],
): string[] {
  const right = new Set(requests.map(sentAs));
  const strays = taken
    .filter(({ text }) => !right.has(text))
    .map(({ text }) => `prompt ${n}: sent what is not it: ${text.slice(0, 80)}`);
  const records = taken.filter(({ text }) => right.has(text));
  const last = records.at(-1);
  if (last === undefined) return [...strays, `prompt ${n}: answered, but the server never took it`];
  const needless = records
    .slice(0, -1)
    .filter((record) => !losesAnswer(record))
    .map(({ fault }) => `prompt ${n}: sent again although its answer existed (${fault})`);
  const isRight = reply.text === replyOf(last);
  const misread = isRight ? [] : [`prompt ${n}: wrong reply (${last.fault})`];
  return [...strays, ...needless, ...misread];
}

/** Counted by the server alone, whatever became of the single prompts. */
function judgeCount(sends: number, prompts: number, statedRetries: number): string[] {
  if (sends === prompts + statedRetries) return [];
  return [`${sends} sends for ${prompts} prompts, of which ${statedRetries} lost their answer`];
}

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { prompts, seed, faults, page } = options;
  const roll = dice(seed);
  const wrong: string[] = [];
  const met: Record<string, number> = {};
  let answers = 0;
  for (let n = 1; n <= prompts; n += 1) {
    const fault = faults[Math.floor(roll() * faults.length * 2)] ?? { name: 'none' };
    const text = promptText(n, roll);
    page.fail([fault]);
    met[fault.name] = (met[fault.name] ?? 0) + 1;
    const before = page.sends().length;
    const answered = await askUntilAnswered(options, text, n);
    wrong.push(...judge(options, answered, page.sends().slice(before)));
    answers += 1;
  }
  const sends = page.sends().length;
  const statedRetries = page.sends().filter(losesAnswer).length;
  wrong.push(...judgeCount(sends, prompts, statedRetries));
  return { prompts, sends, statedRetries, answers, wrong, met };
}
