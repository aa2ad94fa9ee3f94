/** Waiting for the end of an answer, whatever the page does meanwhile. */
import { z } from 'zod';
import { ChatError } from '../../../core/errors.ts';
import {
  type Observation,
  settle,
  type Settling,
  silentMs,
  type Verdict,
  verdictOf,
} from '../page/settle.ts';
import { throwIfStopped } from '../stopped.ts';
import { conversationAt } from './address.ts';
import type { PageFacts, TurnFacts } from './facts.ts';
import { openPatiently } from './open.ts';
import { answerShown, troubleIn } from './readings.ts';
import type { Session } from './session.ts';
import type { Tab } from './tab.ts';
import { accountError, errorOf } from './troubles.ts';

export interface Waiting {
  readonly session: Session;
  readonly tab: Tab;
  /** Of the conversation. */
  readonly address: string;
  readonly fingerprint: string;
  /** Keys of answers that were there before the prompt was sent. */
  readonly before: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

export interface Ended {
  readonly turn: TurnFacts;
  readonly verdict: Exclude<Verdict, 'going'>;
}

/** How often the conversation is opened again before the answer is given up. */
const MOST_RETURNS = 5;

function observation(facts: PageFacts, turn: TurnFacts | null, atMs: number): Observation {
  return {
    atMs,
    turnKey: turn?.key ?? null,
    text: turn?.text ?? '',
    stop: facts.stop || facts.continues,
    thinking: turn?.thinking ?? null,
    actionBar: turn?.copyable ?? false,
  };
}

/** The answer itself has failed: there is nothing to come back for. */
export class AnswerFailed extends ChatError {
  constructor(message: string) {
    super('retryable', message);
  }
}

function silenceError(timeoutMs: number): ChatError {
  return new AnswerFailed(
    `The answer showed no sign of life for ${Math.round(timeoutMs / 1_000)} s (CHAT_TIMEOUT_SECONDS).`,
  );
}

/** One wait: what it has seen so far, and how often it came back to the conversation. */
class Wait {
  readonly #waiting: Waiting;
  #settling: Settling | null = null;
  #returns = 0;
  #reloadAfterMs: number;
  /** What last showed that the answer lives, and when. */
  #lifeSign = '';
  #aliveMs: number;

  constructor(waiting: Waiting) {
    this.#waiting = waiting;
    this.#reloadAfterMs = waiting.session.timings.reloadMs;
    this.#aliveMs = waiting.session.clock.now();
  }

  /** Opens the conversation again: what the server has of it is what counts. */
  async #comeBack(why: string): Promise<void> {
    const { session, tab, address, signal } = this.#waiting;
    this.#returns += 1;
    session.log.info({ why, returns: this.#returns }, 'Opening the conversation again');
    if (this.#returns > MOST_RETURNS) {
      throw new ChatError('retryable', `The answer could not be followed to its end: ${why}.`);
    }
    await reopen(session, tab, address, signal);
    this.#settling = null;
  }

  /** True when the trouble was dealt with; throws when it is the answer's end. */
  async #dealWithTrouble(turn: TurnFacts): Promise<boolean> {
    const trouble = troubleIn(turn);
    if (trouble === null) return false;
    if (trouble.kind !== 'network') {
      const error = errorOf(this.#waiting.session, trouble);
      throw error.code === 'retryable' ? new AnswerFailed(error.message) : error;
    }
    // The page has lost the server, which may well go on.
    await this.#comeBack('the page lost its connection');
    return true;
  }

  /** Loading the page anew is none: it shows the same words once more. */
  #noteLife({ last }: Settling): void {
    const sign = last.text === '' ? (last.thinking ?? '') : last.text;
    if (sign === '' || sign === this.#lifeSign) return;
    this.#lifeSign = sign;
    this.#aliveMs = last.atMs;
  }

  async #dealWithSilence(settling: Settling): Promise<void> {
    const { timeoutMs } = this.#waiting.session;
    this.#noteLife(settling);
    if (settling.last.atMs - this.#aliveMs >= timeoutMs) throw silenceError(timeoutMs);
    // A view may stand still while the server goes on; a thought may take its time.
    if (settling.last.thinking !== null || silentMs(settling) < this.#reloadAfterMs) return;
    this.#reloadAfterMs *= 2;
    await this.#comeBack('the page stood still');
  }

  /** One look; the end of the answer, or null. */
  async look(): Promise<Ended | null> {
    const { session, tab, address, fingerprint, before } = this.#waiting;
    const facts = await tab.look();
    const error = accountError(session, facts);
    if (error !== null) throw error;
    if (conversationAt(facts.url, session.chatUrl) !== address) {
      await this.#comeBack('the tab showed another page');
      return null;
    }
    const turn = answerShown(facts, fingerprint, before);
    if (turn !== null && (await this.#dealWithTrouble(turn))) return null;
    if (facts.continues) {
      session.log.info({}, 'Continuing an answer that the page has halted');
      await tab.act('pressContinue', undefined, z.boolean());
    }
    this.#settling = settle(this.#settling, observation(facts, turn, session.clock.now()));
    const verdict = verdictOf(this.#settling, session.timings);
    if (turn !== null && verdict !== 'going') return { turn, verdict };
    await this.#dealWithSilence(this.#settling);
    return null;
  }
}

/** Throws ChatError when the conversation is gone, or cannot be opened. */
export async function reopen(
  session: Session,
  tab: Tab,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const opened = await openPatiently(session, tab, address, signal);
  if (opened.kind === 'missing') {
    throw new ChatError('retryable', 'ChatGPT lost the conversation before its answer ended.');
  }
}

/**
 * Resolves when the answer has ended. Throws ChatError when it has failed or shows no sign of life for
 * `timeoutMs`, when the page needs a person, or when the signal aborts; TabLost.
 */
export async function waitForAnswer(waiting: Waiting): Promise<Ended> {
  const { session, signal } = waiting;
  const wait = new Wait(waiting);
  for (;;) {
    throwIfStopped(signal);
    const ended = await wait.look();
    if (ended !== null) return ended;
    await session.clock.sleep(session.timings.pollMs, signal);
  }
}
