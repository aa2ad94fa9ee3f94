/**
 * Has the answer ended? A fold over what is seen of the page, look by look; it takes time as it is told.
 *
 * An answer has ended when nothing is being made (no stop control, no thinking sign), the action bar
 * stands under the very turn that answers, and nothing has changed for several looks and some time. A
 * preamble, a bar that flashes by, a long pause, a turn that comes back under another key and an answer
 * that is replaced by a shorter one all break one of these. A bar that never comes is made up for by a
 * longer quiet, and marked.
 */

/** One look at the turn that answers. */
export interface Observation {
  /** Epoch ms. */
  readonly atMs: number;
  /** Null while there is no such turn. */
  readonly turnKey: string | null;
  /** What the turn shows of the answer; empty until its first word. */
  readonly text: string;
  readonly stop: boolean;
  /** The words of the thinking sign; null when there is none. */
  readonly thinking: string | null;
  readonly actionBar: boolean;
}

export interface SettleRules {
  /** Nothing may change for so many looks … */
  readonly stablePolls: number;
  /** … and for so long, with an action bar. */
  readonly stableMs: number;
  /** For so long without one. */
  readonly quietMs: number;
}

export type Verdict =
  /** Not ended, as far as can be seen. */
  | 'going'
  | 'finished'
  /** Quiet for long, but the page never said that it was the end. */
  | 'finished_without_bar';

export interface Settling {
  readonly last: Observation;
  /** When something of it last changed: the last sign of life. */
  readonly changedMs: number;
  /** Looks since then, the first included. */
  readonly looks: number;
}

function isSame(one: Observation, other: Observation): boolean {
  return (
    one.turnKey === other.turnKey &&
    one.text === other.text &&
    one.stop === other.stop &&
    one.thinking === other.thinking &&
    one.actionBar === other.actionBar
  );
}

/** `before` is null at the first look. */
export function settle(before: Settling | null, seen: Observation): Settling {
  if (before === null || !isSame(before.last, seen)) {
    return { last: seen, changedMs: seen.atMs, looks: 1 };
  }
  return { last: seen, changedMs: before.changedMs, looks: before.looks + 1 };
}

export function verdictOf({ last, changedMs, looks }: Settling, rules: SettleRules): Verdict {
  if (last.turnKey === null || last.stop || last.thinking !== null) return 'going';
  if (looks < rules.stablePolls) return 'going';
  const unchangedMs = last.atMs - changedMs;
  if (last.actionBar) return unchangedMs >= rules.stableMs ? 'finished' : 'going';
  // Without a bar an empty turn has merely not begun.
  const quiet = unchangedMs >= rules.quietMs && last.text.trim() !== '';
  return quiet ? 'finished_without_bar' : 'going';
}

/** How long nothing has changed, whatever is shown, in ms. */
export function silentMs({ last, changedMs }: Settling): number {
  return last.atMs - changedMs;
}
