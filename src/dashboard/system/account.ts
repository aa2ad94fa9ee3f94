/** The chat account on the system page: how it stands, since and until when, and what may be done. */
import { durationText } from '../../core/duration-text.ts';
import { isoOf } from '../../core/instant.ts';
import type { Times } from '../../core/times.ts';
import type { AccountState } from '../../ports.ts';
import type { DaemonStatus } from '../deps.ts';
import { html, type Html } from '../html.ts';
import { chip } from '../parts/chip.ts';
import { instant } from '../parts/time.ts';

export function accountChip(at: AccountState['at']): Html {
  switch (at) {
    case 'ready':
      return chip('good', 'Ready');
    case 'pacing':
      return chip('wait', 'Keeping its pace');
    case 'cooling_down':
      return chip('wait', 'Cooling down');
    case 'needs_operator':
      return chip('bad', 'Needs you');
    case 'paused':
      return chip('idle', 'Paused');
  }
}

/** What it means for the leads, and what a person can do. */
function meaning({ at, untilPerson }: AccountState): string {
  switch (at) {
    case 'ready':
      return 'Prompts are sent as leads need them.';
    case 'pacing':
      return 'The pace that you set leaves no room just now; it goes on by itself.';
    case 'cooling_down':
      return 'The provider has named a limit. No lead is blocked by it; it goes on by itself, or at once when you resume it.';
    case 'needs_operator':
      if (untilPerson) return 'Nothing more is sent until you have seen to this and resume it.';
      return 'Nothing more is sent until this is mended. planline looks every now and then, or at once when you resume it.';
    case 'paused':
      return 'Nothing more is sent until you resume it. Leads keep their place.';
  }
}

function deadline({ untilMs }: AccountState, nowMs: number, times: Times): Html {
  if (untilMs === null) return html``;
  const left = untilMs > nowMs ? ` (in ${durationText(untilMs - nowMs)})` : '';
  return html`<dt>Until</dt>
    <dd>${instant(isoOf(untilMs), times)}${left}</dd>`;
}

function button(name: 'pause' | 'resume', csrf: Html): Html {
  const text = name === 'pause' ? 'Pause' : 'Resume';
  return html`<form method="post" action="/system/${name}">
    ${csrf}<button class="${name === 'resume' ? 'primary' : ''}" type="submit">
      ${text}<span class="hidden"> the chat account</span>
    </button>
  </form>`;
}

export function accountPanel(
  { account }: DaemonStatus,
  csrf: Html,
  nowMs: number,
  times: Times,
): Html {
  const state = account.state();
  const { at, reason, sinceMs } = state;
  const canResume = at !== 'ready' && at !== 'pacing';
  return html`<h2>Chat account</h2>
    <p>${accountChip(at)}</p>
    <p>${meaning(state)}</p>
    <dl class="facts">
      <dt>Driver</dt>
      <dd>${account.driver}</dd>
      ${deadline(state, nowMs, times)}
      ${
        reason === null
          ? ''
          : html`<dt>Reason</dt>
              <dd>${reason}</dd>`
      }
      ${
        sinceMs === null
          ? ''
          : html`<dt>Since</dt>
              <dd>${instant(isoOf(sinceMs), times)}</dd>`
      }
    </dl>
    <div class="actions">
      ${canResume ? button('resume', csrf) : ''} ${at === 'paused' ? '' : button('pause', csrf)}
    </div>`;
}
