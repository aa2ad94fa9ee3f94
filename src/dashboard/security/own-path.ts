/** Where to go after a form: a path of the dashboard, whatever the form says. */

const BASE = 'http://dashboard.invalid';

/** `/leads?status=blocked` as it is; `/` for anything that would lead elsewhere. */
export function ownPath(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/')) return '/';
  const url = URL.parse(value, BASE);
  return url === null || url.origin !== BASE ? '/' : `${url.pathname}${url.search}`;
}
