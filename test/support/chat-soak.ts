/**
 * Many prompts at a faulty page: a seeded mix of faults, each prompt asked until it is answered, as
 * the shell would ask it. The page's server is the witness of what was sent.
 */
import { createHash } from 'node:crypto';
import { ChatError } from '../../src/core/errors.ts';
import type { SentRef } from '../../src/core/events.ts';
import type { ChatDriver, ChatReply, ChatRequest } from '../../src/ports.ts';
import type { PageFaultDetails, PageFaultName } from '../fixtures/chat-page/faults.ts';
import type { ChatPage, SendRecord } from './chat-page.ts';
import { LENIENT } from './lenient-journal.ts';

export interface SoakOptions {
  readonly driver: ChatDriver;
  readonly page: ChatPage;
  readonly prompts: number;
  readonly seed: number;
  /** What the page may do; each is as likely as any other, and half of the prompts meet none. */
  readonly faults: readonly PageFaultDetails[];
  /** What the server holds of a prompt: the driver may have framed it. */
  readonly isPrompt: (record: SendRecord, request: ChatRequest) => boolean;
  /** What the driver gives of an answer that the page holds. */
  readonly replyOf: (record: SendRecord) => string;
}

export interface SoakReport {
  readonly prompts: number;
  /** Prompts that the server took. */
  readonly sends: number;
  /** Sends after an answer that was lost for good. */
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
  return {
    requestId: `soak-${n}-${spent.length}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`,
    step: 'stage2',
    n,
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
    spent,
    follows: null,
  };
}

const never = new AbortController().signal;

/** Asks as the shell does: after a failure the provider is looked at before anything is sent again. */
async function askUntilAnswered(
  { driver, page }: SoakOptions,
  text: string,
  n: number,
): Promise<{ reply: ChatReply; request: ChatRequest }> {
  const spent: SentRef[] = [];
  let request = requestFor(text, n, spent);
  let ref: SentRef | null = null;
  let failed: ChatError | null = null;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    try {
      if (failed !== null) {
        const found = await driver.recover(request, ref, never);
        if (found.kind === 'answered') return { reply: found.reply, request };
        if (ref !== null) spent.push(ref);
        request = requestFor(text, n, [...spent]);
        ref = null;
      }
      const journal = {
        ...LENIENT,
        sent: async (one: SentRef) => {
          ref = one;
        },
        phase: () => undefined,
      };
      return { reply: await driver.ask(request, journal, never), request };
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

function judge(
  options: SoakOptions,
  { reply, request }: { reply: ChatReply; request: ChatRequest },
): string[] {
  const records = options.page.sends().filter((record) => options.isPrompt(record, request));
  const last = records.at(-1);
  if (last === undefined) return [`prompt ${request.n}: answered, but the server never took it`];
  const needless = records
    .slice(0, -1)
    .filter(({ fault }) => fault === null || !LOSES_ANSWER.has(fault))
    .map(({ fault }) => `prompt ${request.n}: sent again although its answer existed (${fault})`);
  const isRight = reply.text === options.replyOf(last);
  return isRight ? needless : [...needless, `prompt ${request.n}: wrong reply (${last.fault})`];
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
    wrong.push(...judge(options, await askUntilAnswered(options, text, n)));
    answers += 1;
  }
  const sends = page.sends().length;
  return { prompts, sends, statedRetries: sends - prompts, answers, wrong, met };
}
