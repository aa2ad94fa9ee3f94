/** Colours and width of what is printed about leads, as this terminal has them. */
import { styleText } from 'node:util';
import type { Times } from '../../core/times.ts';
import type { AccountState } from '../../ports.ts';
import type { PaintLead } from './lead-table.ts';

const STYLES = {
  head: 'bold',
  blocked: 'red',
  under_way: 'cyan',
  waiting: 'yellow',
  note: 'dim',
} as const;

/** styleText knows whether stdout is a terminal, and NO_COLOR. */
export const paintLead: PaintLead = (what, text) =>
  what === 'at_rest' ? text : styleText(STYLES[what], text);

/** The chat account in a line, when it is not simply ready; null otherwise. */
export function accountLine(
  state: AccountState | null,
  nowMs: number,
  times: Times,
): string | null {
  if (state?.at === 'needs_operator') {
    return `The chat account needs you: ${state.reason ?? 'see planline doctor'}. Then: planline chat resume`;
  }
  if (state?.at === 'paused') {
    return 'The chat account is paused: nothing is sent. To go on: planline chat resume';
  }
  if (state?.at === 'cooling_down' && (state.untilMs ?? 0) > nowMs) {
    const until = times.withZone(state.untilMs ?? 0);
    return `The chat account rests until ${until}: ${state.reason ?? 'a limit'}`;
  }
  return null;
}
