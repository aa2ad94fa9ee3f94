/** Where to go after a form: a path of the dashboard, whatever the form says. */

const BASE = 'http://dashboard.invalid';

/** `/leads?status=blocked` as it is; `/` for anything that would lead elsewhere. */
export function ownPath(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/')) return '/';
  const url = URL.parse(value, BASE);
  if (url === null || url.origin !== BASE) return '/';
  // Dots that are resolved can leave a path that begins with two slashes, which names another host.
  return `${url.pathname.replace(/^\/+/, '/')}${url.search}`;
}
