/** Addresses that a page may name. */

function parse(address: string): URL | null {
  return URL.canParse(address.trim()) ? new URL(address.trim()) : null;
}

/** A link's target in its canonical form; null unless it is http(s) or mailto without credentials. */
export function safeLink(address: string | null): string | null {
  const url = address === null ? null : parse(address);
  if (url === null || url.username !== '' || url.password !== '') return null;
  if (url.protocol === 'mailto:') return url.pathname === '' ? null : url.href;
  return ['http:', 'https:'].includes(url.protocol) ? url.href : null;
}

/** An image's source in its canonical form; null unless it is https. */
export function safeImage(address: string | null): string | null {
  const link = safeLink(address);
  return link?.startsWith('https:') ? link : null;
}
