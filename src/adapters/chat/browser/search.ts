/** Looking for a prompt whose sending is uncertain among the recent conversations. */
import { z } from 'zod';
import { ChatError } from '../../../core/errors.ts';
import type { SentRef } from '../../../core/events.ts';
import { throwIfStopped } from '../stopped.ts';
import { addressOf, conversationAt } from './address.ts';
import { openPatiently } from './open.ts';
import { timesShown } from './readings.ts';
import type { Session } from './session.ts';
import type { Tab } from './tab.ts';

const RECENT = 10;
const LOADS = 2;

export interface Search {
  readonly session: Session;
  readonly tab: Tab;
  readonly fingerprint: string;
  /** Conversations that are passed over. */
  readonly spent: readonly SentRef[];
  readonly signal: AbortSignal;
}

const scrolled = z.object({ top: z.boolean(), drawn: z.boolean() });

/**
 * Whether the open conversation holds the prompt; goes up through turns that come into view. Throws
 * ChatError when its beginning is not reached: then that cannot be told.
 */
export async function holdsPrompt(search: Omit<Search, 'spent'>): Promise<boolean> {
  const { session, tab, fingerprint, signal } = search;
  const { clock, timings } = session;
  const beganMs = clock.now();
  let seen = '';
  let changedMs = beganMs;
  for (;;) {
    throwIfStopped(signal);
    const facts = await tab.look();
    if (timesShown(facts, fingerprint) > 0) return true;
    const shown = facts.turns.map(({ key, role }) => `${role} ${key}`).join('\n');
    if (shown !== seen) changedMs = clock.now();
    seen = shown;
    const { top, drawn } = await tab.act('scrollUp', undefined, scrolled);
    if (!drawn) await tab.show();
    else if (top && clock.now() - changedMs >= timings.scrollMs) return false;
    if (clock.now() - beganMs >= timings.openMs) throw unreadError();
    await clock.sleep(timings.pollMs / 2, signal);
  }
}

function unreadError(): ChatError {
  return new ChatError(
    'retryable',
    'The beginning of a conversation did not come into view, so the prompt could not be looked for.',
  );
}

const recent = z.object({ listed: z.boolean(), addresses: z.array(z.string()) });

/** Addresses as the sidebar of the open page lists them; null when it has no room for such a list. */
export async function recentConversations(
  { clock, timings }: Session,
  tab: Tab,
  signal: AbortSignal,
): Promise<string[] | null> {
  const untilMs = clock.now() + timings.historyMs;
  for (;;) {
    throwIfStopped(signal);
    const { listed, addresses } = await tab.read('recentConversations', RECENT, recent);
    const late = clock.now() >= untilMs;
    if (addresses.length > 0 || late) return listed ? addresses : null;
    await clock.sleep(timings.pollMs, signal);
  }
}

function unlistedError(): ChatError {
  return new ChatError(
    'retryable',
    'It cannot be told whether the prompt was sent, as ChatGPT does not list its conversations. ' +
      'Nothing was sent again. Open the list at the side of the ChatGPT window, then flag the lead again.',
  );
}

/**
 * Addresses of the recent conversations, from a page loaded anew. A list that is empty or missing may only
 * not have come, and is believed when it is so twice.
 */
async function listRecent({ session, tab, signal }: Search): Promise<string[]> {
  for (let loads = 1; ; loads += 1) {
    await openPatiently(session, tab, session.chatUrl, signal);
    const listed = await recentConversations(session, tab, signal);
    if (listed !== null && listed.length > 0) return listed;
    if (loads < LOADS) continue;
    if (listed === null) throw unlistedError();
    return listed;
  }
}

/**
 * Address of the conversation that holds the prompt; null when none of the recent ones does. Throws
 * ChatError when that cannot be told, TabLost.
 */
export async function searchFor(search: Search): Promise<string | null> {
  const { session, tab, spent, signal } = search;
  const { chatUrl } = session;
  const known = new Set(spent.map((ref) => addressOf(ref, chatUrl)));
  const holds = async (address: string): Promise<boolean> => {
    if (known.has(address)) return false;
    known.add(address);
    const opened = await openPatiently(session, tab, address, signal);
    return opened.kind === 'open' && (await holdsPrompt(search));
  };

  const present = conversationAt((await tab.look()).url, chatUrl);
  if (present !== null && (await holds(present))) return present;
  for (const path of await listRecent(search)) {
    const address = conversationAt(path, chatUrl);
    if (address !== null && (await holds(address))) return address;
  }
  return null;
}
