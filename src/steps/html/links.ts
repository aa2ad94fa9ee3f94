/** Addresses that a page may name. */

function parse(address: string): URL | null {
  return URL.canParse(address.trim()) ? new URL(address.trim()) : null;
}

/** What the chat page adds to the addresses that it names; a site's own parameters stay as they are. */
const ADDED_BY_CHAT = /([?&])utm_source=(?:chatgpt\.com|openai)(?:&|(#|$))/;

function withoutChatSource(address: string): string {
  return address.replace(ADDED_BY_CHAT, (_all, before: string, after?: string) => after ?? before);
}

/** A link's target in its canonical form; null unless it is http(s) or mailto without credentials. */
export function safeLink(address: string | null): string | null {
  const url = address === null ? null : parse(address);
  if (url === null || url.username !== '' || url.password !== '') return null;
  if (url.protocol === 'mailto:') return url.pathname === '' ? null : url.href;
  return ['http:', 'https:'].includes(url.protocol) ? withoutChatSource(url.href) : null;
}

/** An image's source in its canonical form; null unless it is https. */
export function safeImage(address: string | null): string | null {
  const link = safeLink(address);
  return link?.startsWith('https:') ? link : null;
}
