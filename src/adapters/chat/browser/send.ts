/** Sending what is in the composer, once. */
import { z } from 'zod';
import { ChatError } from '../../../core/errors.ts';
import { compareTexts } from '../page/text-compare.ts';
import { throwIfStopped } from '../stopped.ts';
import { conversationAt } from './address.ts';
import type { PageFacts } from './facts.ts';
import { timesShown } from './readings.ts';
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
  /** The text still stands in the composer. */
  readonly draft: boolean;
  /** Of the conversation, once the page has it. */
  readonly address: string | null;
}

function effectOf(sending: Sending, facts: PageFacts): Effect {
  const turn =
    timesShown(facts, sending.fingerprint) > timesShown(sending.before, sending.fingerprint);
  const text = facts.composer?.text ?? '';
  const draft = compareTexts(sending.text, text) !== 'different';
  return { turn, draft, address: conversationAt(facts.url, sending.session.chatUrl) };
}

/** A long answer may push its prompt out of the page before anybody has seen it there. */
async function isOutOfSight(sending: Sending, { draft }: Effect): Promise<boolean> {
  if (draft || timesShown(sending.before, sending.fingerprint) > 0) return false;
  return await holdsPrompt(sending);
}

const pressed = z.enum(['pressed', 'no_button', 'elsewhere']);

/** Nothing is pressed on a page that has changed since the text was put in and proved. */
async function press({ tab, address, before, text }: Sending): Promise<void> {
  const { pathname } = new URL(address);
  const empty = before.turns.length === 0;
  switch (await tab.act('pressSend', { pathname, empty, text }, pressed)) {
    case 'pressed':
      return;
    case 'no_button':
      throw new ChatError('retryable', 'ChatGPT shows no send button; run planline doctor.');
    case 'elsewhere':
      throw new AstrayError();
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

/**
 * Presses send and waits until the page has taken the prompt: returns the conversation's address.
 * Presses again only while the draft is whole and no turn has come. Throws AstrayError when nothing was
 * sent, UncertainError and TabLost when that cannot be told, and ChatError for a refusal.
 */
export async function send(sending: Sending): Promise<string> {
  const { session, tab, signal } = sending;
  const { clock, timings } = session;
  throwIfStopped(signal);
  await press(sending);
  let presses = 1;
  let pressedMs = clock.now();
  for (;;) {
    await clock.sleep(timings.pollMs / 2, signal);
    const facts = await tab.look();
    const effect = effectOf(sending, facts);
    // Also when stopped meanwhile: what is known of a prompt that was sent must not be lost.
    if (effect.address !== null && (effect.turn || (await isOutOfSight(sending, effect)))) {
      return effect.address;
    }
    throwIfStopped(signal);
    if (new URL(facts.url).origin !== new URL(session.chatUrl).origin) throw new UncertainError();
    const waitedMs = clock.now() - pressedMs;
    // A prompt that has landed is worth waiting for its address, whatever else the page says.
    const landed = effect.turn && waitedMs < timings.addressMs;
    const refused = effect.turn ? accountError(session, facts) : refusalOf(sending, facts);
    if (refused !== null && !landed) throw refused;
    const ignored = effect.draft && !effect.turn && !facts.stop;
    if (ignored && waitedMs >= timings.resendMs) {
      if (presses >= MOST_PRESSES) throw ignoredError();
      session.log.warn({ presses }, 'The send button did nothing; pressing it again');
      await press(sending);
      presses += 1;
      pressedMs = clock.now();
    } else if (waitedMs >= timings.takeMs) {
      throw refusalOf(sending, facts) ?? new UncertainError();
    }
  }
}
