/** Sending what is in the composer, once. */
import { z } from 'zod';
import { ChatError } from '../../../core/errors.ts';
import { compareTexts } from '../page/text-compare.ts';
import { throwIfStopped } from '../stopped.ts';
import { conversationAt } from './address.ts';
import type { PageFacts } from './facts.ts';
import { answerKeys, answerShown, timesShown } from './readings.ts';
import { holdsPrompt } from './search.ts';
import type { Session } from './session.ts';
import type { Tab } from './tab.ts';
import { accountError, refusalError } from './troubles.ts';

const MOST_PRESSES = 3;

export interface Sending {
  readonly session: Session;
  readonly tab: Tab;
  /** As the composer shows it. */
  readonly text: string;
  readonly fingerprint: string;
  /** Where the composer stands: of a new chat, or of the conversation that goes on. */
  readonly address: string;
  /** The page as it was before anything was pressed. */
  readonly before: PageFacts;
  readonly signal: AbortSignal;
}

interface Effect {
  /** Our turn is among the turns. */
  readonly turn: boolean;
  /** Something is answered to it already. */
  readonly answered: boolean;
  /** The text still stands in the composer. */
  readonly draft: boolean;
  /** Of the conversation, once the page has it. */
  readonly address: string | null;
}

function effectOf({ session, fingerprint, before, text }: Sending, facts: PageFacts): Effect {
  const turn = timesShown(facts, fingerprint) > timesShown(before, fingerprint);
  const answer = turn ? answerShown(facts, fingerprint, answerKeys(before)) : null;
  return {
    turn,
    answered: answer !== null && answer.text !== '',
    draft: compareTexts(text, facts.composer?.text ?? '') !== 'different',
    address: conversationAt(facts.url, session.chatUrl),
  };
}

/** A long answer may push its prompt out of the page before anybody has seen it there. */
async function isOutOfSight(sending: Sending, { draft }: Effect): Promise<boolean> {
  if (draft || timesShown(sending.before, sending.fingerprint) > 0) return false;
  return await holdsPrompt(sending);
}

const pressed = z.enum(['pressed', 'no_button', 'elsewhere']);

/** Nothing is pressed on a page that has changed since the text was put in and proved. */
async function press({ tab, address, before, text }: Sending) {
  const { pathname } = new URL(address);
  const empty = before.turns.length === 0;
  return await tab.act('pressSend', { pathname, empty, text }, pressed);
}

async function pressFirst(sending: Sending): Promise<void> {
  const what = await press(sending);
  if (what === 'elsewhere') throw new AstrayError();
  if (what === 'no_button') {
    throw new ChatError('retryable', 'ChatGPT shows no send button; run planline doctor.');
  }
}

/** The page went elsewhere, or the composer's text changed, by itself: nothing was sent. */
export class AstrayError extends ChatError {
  constructor() {
    super('retryable', 'The ChatGPT tab showed something else before the prompt was sent.');
  }
}

/** It may have been sent: only a search can tell. */
export class UncertainError extends ChatError {
  constructor() {
    super(
      'retryable',
      'The prompt left the composer, but its turn did not come. It is looked for before it is sent again.',
    );
  }
}

function ignoredError(): ChatError {
  return new ChatError(
    'retryable',
    'The send button does nothing: the prompt still stands in the composer.',
  );
}

/** Only what the page says since: a notice that was there before is about something else. */
function refusalOf({ session, before }: Sending, facts: PageFacts): ChatError | null {
  const notices = facts.notices.filter((text) => !before.notices.includes(text));
  return refusalError(session, { ...facts, notices });
}

/** One sending: how often send was pressed, and what has come of it. */
class Delivery {
  readonly #sending: Sending;
  #presses = 1;
  #pressedMs: number;
  #turnSinceMs: number | null = null;

  constructor(sending: Sending) {
    this.#sending = sending;
    this.#pressedMs = sending.session.clock.now();
  }

  /** Pages show a turn before their server has taken it; a new chat gets its address only after that. */
  async #isTaken(effect: Effect): Promise<boolean> {
    const { session, address } = this.#sending;
    if (effect.address === null) return false;
    if (!effect.turn) return await isOutOfSight(this.#sending, effect);
    if (effect.address !== address || effect.answered) return true;
    const shownMs = session.clock.now() - (this.#turnSinceMs ?? Infinity);
    return shownMs >= session.timings.confirmMs;
  }

  #waitedMs(): number {
    return this.#sending.session.clock.now() - this.#pressedMs;
  }

  /** Also while the page may have gone elsewhere meanwhile: then it is looked at once more. */
  async #pressAgain(): Promise<void> {
    const { log } = this.#sending.session;
    if (this.#presses >= MOST_PRESSES) throw ignoredError();
    log.warn({ presses: this.#presses }, 'The send button did nothing; pressing it again');
    await press(this.#sending);
    this.#presses += 1;
    this.#pressedMs = this.#sending.session.clock.now();
  }

  /** One look; the conversation's address once the prompt is taken, or null. */
  async look(): Promise<string | null> {
    const { session, tab, signal } = this.#sending;
    const facts = await tab.look();
    const effect = effectOf(this.#sending, facts);
    this.#turnSinceMs = effect.turn ? (this.#turnSinceMs ?? session.clock.now()) : null;
    // Also when stopped meanwhile: what is known of a prompt that was sent must not be lost.
    if (await this.#isTaken(effect)) return effect.address;
    throwIfStopped(signal);
    if (new URL(facts.url).origin !== new URL(session.chatUrl).origin) throw new UncertainError();
    this.#throwIfRefused(facts, effect);
    const ignored = effect.draft && !effect.turn && !facts.stop;
    if (ignored && this.#waitedMs() >= session.timings.resendMs) {
      await this.#pressAgain();
    } else if (this.#waitedMs() >= session.timings.takeMs) {
      throw refusalOf(this.#sending, facts) ?? new UncertainError();
    }
    return null;
  }

  #throwIfRefused(facts: PageFacts, effect: Effect): void {
    const { session } = this.#sending;
    // A prompt that has landed is worth waiting for its address, whatever else the page says.
    if (effect.turn && this.#waitedMs() < session.timings.addressMs) return;
    const refused = effect.turn ? accountError(session, facts) : refusalOf(this.#sending, facts);
    if (refused !== null) throw refused;
  }
}

/**
 * Presses send and waits until the page has taken the prompt: returns the conversation's address.
 * Presses again only while the draft is whole and no turn has come. Throws AstrayError when nothing was
 * sent, UncertainError and TabLost when that cannot be told, and ChatError for a refusal.
 */
export async function send(sending: Sending): Promise<string> {
  const { session, signal } = sending;
  throwIfStopped(signal);
  await pressFirst(sending);
  const delivery = new Delivery(sending);
  for (;;) {
    await session.clock.sleep(session.timings.pollMs / 2, signal);
    const address = await delivery.look();
    if (address !== null) return address;
  }
}
