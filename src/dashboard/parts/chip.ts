/** A status as a chip: words, colour, and a shape of its own for who does not see the colour. */
import { html, type Html } from '../html.ts';

type Kind = 'idle' | 'wait' | 'busy' | 'good' | 'bad';

const RUNNING: readonly (readonly [string, string])[] = [
  ['processing', 'Processing'],
  ['plan_ready', 'Plan ready'],
  ['html_ready', 'HTML ready'],
  ['uploaded', 'Uploaded'],
];

const STATUSES = new Map<string, { readonly kind: Kind; readonly text: string }>([
  ['flagged', { kind: 'wait', text: 'Flagged' }],
  ...RUNNING.map(([status, text]) => [status, { kind: 'busy', text }] as const),
  ['archived', { kind: 'good', text: 'Archived' }],
  ['blocked', { kind: 'bad', text: 'Blocked' }],
]);

function shape(kind: Kind): Html {
  switch (kind) {
    case 'wait':
      return html`<path
        d="M2.5 11V1.5h7l-2 2.5 2 2.5h-7"
        fill="currentColor"
        stroke="currentColor"
      />`;
    case 'busy':
      return html`<path d="M3 1.5v9l7-4.5z" fill="currentColor" stroke="currentColor" />`;
    case 'good':
      return html`<path d="M1.5 6.5l3 3 6-7" fill="none" stroke="currentColor" stroke-width="2" />`;
    case 'bad':
      return html`<path d="M6 1v6M6 9v2" fill="none" stroke="currentColor" stroke-width="2.4" />`;
    case 'idle':
      return html`<circle
        cx="6"
        cy="6"
        r="4"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
      />`;
  }
}

export function chip(kind: Kind, text: string): Html {
  return html`<span class="chip ${kind}"
    ><svg viewBox="0 0 12 12" aria-hidden="true">${shape(kind)}</svg>${text}</span
  >`;
}

/** Of the row's status; those outside the lifecycle are shown as they are. */
export function statusText(status: string | null): string {
  return STATUSES.get(status ?? '')?.text ?? status ?? 'No status';
}

export function statusChip(status: string | null): Html {
  return chip(STATUSES.get(status ?? '')?.kind ?? 'idle', statusText(status));
}
