/** One row of the list, which is a card on a phone. */
import { durationText } from '../../core/duration-text.ts';
import { isUnderWay } from '../../core/lifecycle.ts';
import { STEP_LABELS } from '../../core/step-text.ts';
import type { LeadItem } from '../../ports-dashboard.ts';
import { attribute, html, type Html } from '../html.ts';
import { statusChip } from '../parts/chip.ts';
import { actionLinks } from './action-links.ts';
import { elapsedMs, remainingMs, remainingText } from './times.ts';

export interface RowContext {
  readonly nowMs: number;
  /** The list's own address, to come back to. */
  readonly href: string;
  readonly canAct: boolean;
}

function leadHref(id: string): string {
  return `/leads/${encodeURIComponent(id)}`;
}

function titleOf({ id, name }: LeadItem): Html {
  return name === null || name === ''
    ? html`<a class="lead-name mono" href="${leadHref(id)}">${id}</a>`
    : html`<a class="lead-name" href="${leadHref(id)}">${name}</a
        ><span class="sub mono">${id}</span>`;
}

/** What goes on, or what it waits for. */
function standing(lead: LeadItem, nowMs: number): string {
  const step = lead.progress?.step ?? null;
  const waitMs = lead.nextAttemptAt === null ? 0 : Date.parse(lead.nextAttemptAt) - nowMs;
  if (isUnderWay(lead.status) && lead.claimedBy === null) {
    return waitMs > 1_000 ? `tries again in ${durationText(waitMs)}` : 'waits for its turn';
  }
  const label = step === null ? '' : STEP_LABELS[step];
  return lead.status === 'blocked' && label !== '' ? `while ${label}` : label;
}

function prompts({ progress, status }: LeadItem): Html {
  if (progress === null || progress.prompts_total === 0) return html``;
  const { prompts_done: done, prompts_total: total } = progress;
  const text = `${done}/${total}`;
  return html`<progress
      ${attribute('class', status === 'archived' ? 'done' : null)}
      max="${total}"
      value="${done}"
      aria-label="Prompts answered"
    ></progress
    ><span class="sub"><span class="only-cards">Prompts </span>${text}</span>`;
}

function times(lead: LeadItem, nowMs: number): Html {
  const spentMs = elapsedMs(lead, nowMs);
  const leftMs = remainingMs(lead, nowMs);
  if (spentMs === null) return html``;
  return html`${durationText(spentMs)}${
    leftMs === null ? '' : html`<span class="sub">${remainingText(leftMs)}</span>`
  }`;
}

function error({ lastError, retryCount }: LeadItem): Html {
  if (lastError === null) return html``;
  const counted = `${retryCount} ${retryCount === 1 ? 'retry' : 'retries'}`;
  const retries = retryCount === 0 ? '' : html`<span class="sub">${counted}</span>`;
  return html`<span title="${lastError}">${lastError}</span>${retries}`;
}

export function row(lead: LeadItem, context: RowContext): Html {
  const { nowMs, href: back } = context;
  const { id, status, name } = lead;
  return html`<tr id="row-${lead.id}">
    <td>${titleOf(lead)}</td>
    <td class="state">
      ${statusChip(lead.status)}<span class="sub">${standing(lead, nowMs)}</span>
    </td>
    <td class="prompts">${prompts(lead)}</td>
    <td class="times">${times(lead, nowMs)}</td>
    <td class="error">${error(lead)}</td>
    ${context.canAct ? html`<td>${actionLinks({ id, status, back, about: name ?? id })}</td>` : ''}
  </tr>`;
}
