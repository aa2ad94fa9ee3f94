/** What changed between two looks, a line a lead. Pure. */
import type { LeadStatus } from './lead-status.ts';

function lineOf({ id, status, step, prompts_done, prompts_total, last_error }: LeadStatus): string {
  const prompts = prompts_total === 0 ? null : `${prompts_done}/${prompts_total}`;
  const parts = [id, status, step, prompts, last_error];
  // One line, whatever is in it, and nothing that steers a terminal.
  return parts
    .filter((part) => part !== null && part !== '')
    .join('  ')
    .replace(/[\r\n\t\p{Cc}]+/gu, ' ');
}

/** A lead that is no longer among `now` has come to rest. */
export function changeLines(before: readonly LeadStatus[], now: readonly LeadStatus[]): string[] {
  const was = new Map(before.map((lead) => [lead.id, lineOf(lead)]));
  const changed = now
    .map((lead) => lineOf(lead))
    .filter((line, n) => line !== was.get(now[n]?.id ?? ''));
  const there = new Set(now.map(({ id }) => id));
  const gone = before.filter(({ id }) => !there.has(id)).map(({ id }) => `${id}  at rest`);
  return [...changed, ...gone];
}
