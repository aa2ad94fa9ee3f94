/** Pages are tagged templates that escape every value; no file of markup, no build step. */
import { html } from 'hono/html';

export { html };

export type Html = ReturnType<typeof html>;

/** The attribute with its leading blank, or nothing: `<a${attribute('aria-current', x)}>`. */
export function attribute(name: string, value: string | boolean | null): Html {
  if (value === null || value === false) return html``;
  return value === true ? html` ${name}` : html` ${name}="${value}"`;
}
