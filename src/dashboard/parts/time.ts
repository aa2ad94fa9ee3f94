/** Instants for people, in the operator's time zone. */
import { durationText } from '../../core/duration-text.ts';
import { html, type Html } from '../html.ts';

/** `24 Nov 2026, 19:05:31` as a <time>. */
export function instant(ms: number, timeZone: string): Html {
  const text = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone,
  }).format(new Date(ms));
  return html`<time datetime="${new Date(ms).toISOString()}">${text}</time>`;
}

/** `2 min 5 s ago`, with the instant itself as its title; a clock that is behind counts as now. */
export function ago(ms: number, nowMs: number): Html {
  const iso = new Date(ms).toISOString();
  const text = nowMs - ms < 1_000 ? 'just now' : `${durationText(nowMs - ms)} ago`;
  return html`<time datetime="${iso}" title="${iso}">${text}</time>`;
}
