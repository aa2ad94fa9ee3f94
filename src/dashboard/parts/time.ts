/** Instants on a page: what a person reads, with the exact one behind it. */
import { durationText } from '../../core/duration-text.ts';
import { isoOf, msOf } from '../../core/instant.ts';
import type { Times } from '../../core/times.ts';
import { html, type Html } from '../html.ts';

/** In a column whose head names the zone. */
export function inColumn(iso: string, times: Times): Html {
  return html`<time datetime="${iso}" title="${iso}">${times.text(msOf(iso))}</time>`;
}

export function instant(iso: string, times: Times): Html {
  return html`<time datetime="${iso}" title="${iso}">${times.withZone(msOf(iso))}</time>`;
}

/** `2 min 5 s ago`, with the instant itself as its title; a clock that is behind counts as now. */
export function ago(ms: number, nowMs: number, times: Times): Html {
  const text = nowMs - ms < 1_000 ? 'just now' : `${durationText(nowMs - ms)} ago`;
  return html`<time datetime="${isoOf(ms)}" title="${times.withZone(ms)}">${text}</time>`;
}
