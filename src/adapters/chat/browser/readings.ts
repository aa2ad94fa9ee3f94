/** What a look at the page means. Pure. */
import { type Notice, type NoticeKind, noticeKindOf, worstNotice } from '../page/notices.ts';
import { fingerprintOf } from '../page/text-compare.ts';
import type { PageFacts, TurnFacts } from './facts.ts';

/** The interface speaks in short sentences; what is longer is a text that it shows. */
const LONGEST_ASIDE = 300;

export type Door = 'login' | 'challenge';

/** What stands in place of ChatGPT: nothing can be asked until a person has dealt with it. */
export function doorOn(facts: PageFacts): Door | null {
  if (facts.composer !== null || facts.turns.length > 0) return null;
  if (facts.challenge || noticeKindOf(facts.title) === 'challenge') return 'challenge';
  return facts.login ? 'login' : null;
}

/** The weightiest notice; words that a turn holds as well are the turn's. */
export function noticeOn(facts: PageFacts): Notice | null {
  const texts = facts.turns.map(({ text }) => text.replace(/\s+/g, ' '));
  return worstNotice(
    facts.notices.filter((notice) => !texts.some((text) => text.includes(notice))),
  );
}

export function isMissing(facts: PageFacts): boolean {
  return facts.turns.length === 0 && noticeOn(facts)?.kind === 'conversation_missing';
}

function isPrompt({ role, text }: TurnFacts, fingerprint: string): boolean {
  return role === 'user' && fingerprintOf(text) === fingerprint;
}

/** How many turns show this prompt. */
export function timesShown({ turns }: PageFacts, fingerprint: string): number {
  return turns.filter((turn) => isPrompt(turn, fingerprint)).length;
}

/** Keys of the answers that are shown. */
export function answerKeys({ turns }: PageFacts): Set<string> {
  return new Set(turns.filter(({ role }) => role === 'assistant').map(({ key }) => key));
}

/**
 * The turn that answers the last turn with this prompt; null while there is none. A long answer may have
 * pushed its own prompt out of the page: then it is the last turn, if no prompt of another is beside it
 * and it was not there before (`before`, by key).
 */
export function answerShown(
  { turns }: PageFacts,
  fingerprint: string,
  before: ReadonlySet<string>,
): TurnFacts | null {
  const at = turns.findLastIndex((turn) => isPrompt(turn, fingerprint));
  if (at >= 0) {
    const next = turns[at + 1];
    return next?.role === 'assistant' ? next : null;
  }
  const last = turns.at(-1);
  if (last?.role !== 'assistant' || before.has(last.key)) return null;
  return turns.at(-2)?.role === 'user' ? null : last;
}

const OF_A_TURN: ReadonlySet<NoticeKind> = new Set(['thinking_failed', 'answer_failed', 'network']);

/** The trouble that a turn itself shows, beside its answer; null when it shows none. */
export function troubleIn(turn: TurnFacts): Notice | null {
  const text = turn.aside.length > LONGEST_ASIDE ? '' : turn.aside;
  const kind = noticeKindOf(text);
  if (turn.retryable) return { kind: kind ?? 'answer_failed', text };
  // What ended well has an action bar, and may quote anything beside it.
  return !turn.copyable && kind !== null && OF_A_TURN.has(kind) ? { kind, text } : null;
}
