/** Opening a chat: a new one or a conversation, on a page that is logged in and lets us in. */
import { ChatError } from '../../../core/errors.ts';
import { challengeError, loginError } from '../page/trouble.ts';
import { throwIfStopped } from '../stopped.ts';
import type { PageFacts } from './facts.ts';
import { isMissing } from './readings.ts';
import type { Session } from './session.ts';
import type { Account, Tab } from './tab.ts';
import { accountError, strangeError } from './troubles.ts';

export type Opened =
  | { readonly kind: 'open'; readonly facts: PageFacts }
  /** There is no such conversation, or not any more. */
  | { readonly kind: 'missing' };

function rememberNames(session: Session, { user }: Account): void {
  for (const word of [user?.name, user?.email]) {
    if (word !== null && word !== undefined && word.length > 2) session.accountWords.add(word);
  }
}

/** Throws ChatError `needs_operator` when nobody is logged in. */
export async function requireLogin(session: Session, tab: Tab): Promise<void> {
  const account = await tab.account();
  if (account.status === 403) throw challengeError();
  if (account.status === 0 || account.status >= 500) {
    throw new ChatError('retryable', 'ChatGPT does not say who is logged in; it may be down.');
  }
  if (account.user === null || account.user === undefined) throw loginError();
  rememberNames(session, account);
}

/** The server knows no such conversation, and the page shows nothing of one. */
function isGone(status: number, facts: PageFacts): boolean {
  return (status === 404 || status === 410) && facts.turns.length === 0 && facts.composer === null;
}

function notReadyError(session: Session, facts: PageFacts): ChatError {
  if (facts.composer === null) return strangeError(session, facts);
  return new ChatError('retryable', 'ChatGPT does not show the turns of the conversation.');
}

/**
 * Loads `address` and waits until its composer is there, of a conversation until its turns are too.
 * Throws ChatError when the page does not let us in, TabLost.
 */
export async function openChat(
  session: Session,
  tab: Tab,
  address: string,
  signal: AbortSignal,
): Promise<Opened> {
  const { clock, timings, chatUrl } = session;
  throwIfStopped(signal);
  const wantsTurns = address !== chatUrl;
  const status = await tab.open(address);
  const untilMs = clock.now() + timings.openMs;
  for (let loggedIn = false; ;) {
    throwIfStopped(signal);
    const facts = await tab.look();
    const error = accountError(session, facts);
    if (error !== null) throw error;
    if (!loggedIn) await requireLogin(session, tab);
    loggedIn = true;
    const ready = facts.composer !== null && (!wantsTurns || facts.turns.length > 0);
    if (ready) return { kind: 'open', facts };
    if (wantsTurns && (isMissing(facts) || isGone(status, facts))) return { kind: 'missing' };
    if (clock.now() >= untilMs) throw notReadyError(session, facts);
    await clock.sleep(timings.pollMs, signal);
  }
}

/** As openChat, through an outage of the network that is over within `reconnectMs`. */
export async function openPatiently(
  session: Session,
  tab: Tab,
  address: string,
  signal: AbortSignal,
): Promise<Opened> {
  const { clock, timings } = session;
  const untilMs = clock.now() + timings.reconnectMs;
  for (;;) {
    try {
      return await openChat(session, tab, address, signal);
    } catch (error) {
      const passing = error instanceof ChatError && error.code === 'retryable' && !signal.aborted;
      if (!passing || clock.now() >= untilMs) throw error;
    }
    await clock.sleep(timings.pollMs, signal);
    throwIfStopped(signal);
  }
}
