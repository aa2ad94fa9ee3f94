/** Instants for people, all in the operator's time zone, which stands beside them. */
import { durationText } from '../../core/duration-text.ts';
import { isoOf, msOf } from '../../core/instant.ts';
import { html, type Html } from '../html.ts';

export interface Times {
  /** `Europe/Bratislava`, for the head of a column of times. */
  readonly zone: string;
  /** `2026-11-24 18:07:18`, below such a head. */
  text(ms: number): string;
  /** `2026-11-24 18:07:18 CET`. */
  withZone(ms: number): string;
}

export function timesIn(zone: string): Times {
  // Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: zone,
  });
  const named = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short', timeZone: zone });
  const nameAt = (ms: number): string =>
    named.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? zone;
  return {
    zone,
    text: (ms) => format.format(ms),
    withZone: (ms) => `${format.format(ms)} ${nameAt(ms)}`,
  };
}

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
