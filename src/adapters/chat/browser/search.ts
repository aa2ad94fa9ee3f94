/** Looking for a prompt whose sending is uncertain among the recent conversations. */
import { z } from 'zod';
import type { SentRef } from '../../../core/events.ts';
import { throwIfStopped } from '../stopped.ts';
import { addressOf, conversationAt } from './address.ts';
import { openPatiently } from './open.ts';
import { timesShown } from './readings.ts';
import type { Session } from './session.ts';
import type { Tab } from './tab.ts';

const RECENT = 10;
/** Steps upward through the turns of one conversation. */
const MOST_STEPS = 30;
/** Looks without anything new, until the first turn is taken as the first. */
const STILL_LOOKS = 3;

export interface Search {
  readonly session: Session;
  readonly tab: Tab;
  readonly fingerprint: string;
  /** Conversations that are passed over. */
  readonly spent: readonly SentRef[];
  readonly signal: AbortSignal;
}

/** Whether the open conversation holds the prompt; goes up through turns that come into view. */
export async function holdsPrompt(search: Omit<Search, 'spent'>): Promise<boolean> {
  const { session, tab, fingerprint, signal } = search;
  let seen = '';
  for (let step = 0, still = 0; step < MOST_STEPS && still < STILL_LOOKS; step += 1) {
    throwIfStopped(signal);
    const facts = await tab.look();
    if (timesShown(facts, fingerprint) > 0) return true;
    const shown = facts.turns.map(({ key, role }) => `${role} ${key}`).join('\n');
    still = shown === seen ? still + 1 : 0;
    seen = shown;
    await tab.act('scrollUp', undefined, z.boolean());
    await session.clock.sleep(session.timings.pollMs / 2, signal);
  }
  return false;
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
