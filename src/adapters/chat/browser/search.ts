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

/** Addresses as the sidebar of the open page lists them; null when it shows no such list. */
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

export type Found =
  | { readonly kind: 'found'; readonly address: string }
  /** No recent conversation holds the prompt. */
  | { readonly kind: 'none' }
  /** The page does not list the recent conversations. */
  | { readonly kind: 'unknown' };

/** The conversation that holds the prompt. Throws ChatError, TabLost. */
export async function searchFor(search: Search): Promise<Found> {
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
  if (present !== null && (await holds(present))) {
    return { kind: 'found', address: present };
  }
  await openPatiently(session, tab, chatUrl, signal);
  const listed = await recentConversations(session, tab, signal);
  for (const path of listed ?? []) {
    const address = conversationAt(path, chatUrl);
    if (address !== null && (await holds(address))) return { kind: 'found', address };
  }
  return { kind: listed === null ? 'unknown' : 'none' };
}
