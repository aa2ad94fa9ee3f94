/** Addresses: what the bar said, and what a reference on record points at. */
import type { SentRef } from '../../../core/events.ts';

/** What drivers of the page call a conversation: its id is its address. */
export const CONVERSATION_REF = 'chatgpt_conversation';

export type Address =
  /** A new chat. */
  | { readonly kind: 'home' }
  | { readonly kind: 'conversation'; readonly url: string }
  /** The conversation has no address of its own yet. */
  | { readonly kind: 'pending' }
  /** Another page of the same site, such as settings or a login. */
  | { readonly kind: 'elsewhere' }
  /** A page of the browser itself: a new tab, its bookmarks. */
  | { readonly kind: 'browser' }
  | { readonly kind: 'other_site' }
  /** Not an address at all: the bar did not have the focus. */
  | { readonly kind: 'none' };

const BROWSER_SCHEME = /^(?:about|chrome|chrome-search|chrome-error|edge|brave|vivaldi|opera):$/;
/** For about two seconds the page shows an id of its own making, which no other tab can open. */
const OWN_ID = /^WEB(?::|%3A)/i;
const CONVERSATION_PATH = /^(?:\/g\/[^/]+)?\/c\/([^/]+)\/?$/;

/** Browsers leave out `https://` of what they show, but not of what they copy. */
export function addressOf(copied: string | null, chatUrl: string): Address {
  const text = copied?.trim() ?? '';
  const url = mayBeAddress(text) ? URL.parse(text) : null;
  if (url === null) return { kind: 'none' };
  if (BROWSER_SCHEME.test(url.protocol)) return { kind: 'browser' };
  if (url.origin !== new URL(chatUrl).origin) return { kind: 'other_site' };
  if (url.pathname === new URL(chatUrl).pathname) return { kind: 'home' };
  const id = CONVERSATION_PATH.exec(url.pathname)?.[1];
  if (id === undefined) return { kind: 'elsewhere' };
  if (OWN_ID.test(id)) return { kind: 'pending' };
  return { kind: 'conversation', url: `${url.origin}${url.pathname}` };
}

/** Words with a colon would pass for an address; of those with spaces only a few schemes are one. */
function mayBeAddress(text: string): boolean {
  return !/\s/.test(text) || /^(?:data|file|view-source|https?):[^\n]*$/.test(text);
}

/** The address that a reference holds, or null when it is none of a conversation of this site. */
export function conversationOf(ref: SentRef | null | undefined, chatUrl: string): string | null {
  if (ref?.kind !== CONVERSATION_REF) return null;
  const address = addressOf(ref.id, chatUrl);
  return address.kind === 'conversation' ? address.url : null;
}
