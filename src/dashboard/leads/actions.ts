/** What may be done to a lead, by its status, and in which words. Pure. */
import { isUnderWay, UNDER_WAY_STATUSES } from '../../core/lifecycle.ts';

export const WITHDRAWN = 'withdrawn';
/** Stands in the events for whoever uses the dashboard: it knows no persons. */
export const ACTOR = 'dashboard';

export const ACTIONS = ['unblock', 'flag', 'withdraw', 'forget'] as const;
export type Action = (typeof ACTIONS)[number];

export interface Words {
  /** On the button. */
  readonly name: string;
  readonly question: string;
  readonly meaning: string;
  /** Said of the lead afterwards. */
  readonly done: string;
  readonly isDangerous: boolean;
}

export const WORDS: Readonly<Record<Action, Words>> = {
  flag: {
    name: 'Flag',
    question: 'Flag this lead?',
    meaning:
      'planline takes it up as soon as its turn comes. A run that was left goes on where it stopped; a finished one, or a changed description, begins anew.',
    done: 'was flagged',
    isDangerous: false,
  },
  unblock: {
    name: 'Unblock',
    question: 'Unblock this lead?',
    meaning:
      'It is flagged again: the run goes on at the step that failed, with a fresh count of retries, and asks nothing twice that was answered. Mend the cause first.',
    done: 'was unblocked and flagged',
    isDangerous: false,
  },
  withdraw: {
    name: 'Withdraw',
    question: 'Withdraw this lead?',
    meaning: `Its status becomes "${WITHDRAWN}" and planline leaves it alone. A run under way stops at its next event; what was made stays, and flagging goes on from there.`,
    done: 'was withdrawn',
    isDangerous: false,
  },
  forget: {
    name: 'Forget',
    question: 'Forget this person for good?',
    meaning:
      'Description, profile, prompts, replies, pages and the zip of each run are erased, in the database and on this machine. That the lead existed, and was erased, stays on record. This cannot be undone.',
    done: 'was forgotten',
    isDangerous: true,
  },
};

export function isAction(name: string): name is Action {
  return ACTIONS.some((action) => action === name);
}

/** The most likely one first. */
export function actionsFor(status: string | null): readonly Action[] {
  if (status === 'blocked') return ['unblock', 'withdraw', 'forget'];
  if (isUnderWay(status)) return ['withdraw', 'forget'];
  // An erasure that was interrupted is finished by another.
  if (status === 'erased') return ['forget'];
  return ['flag', 'forget'];
}

/**
 * The statuses from which the action is still what the operator meant, having seen this one. A run goes
 * from one running status to the next by itself: that is no reason not to withdraw it.
 */
export function meantFrom(action: Action, seen: string): readonly string[] {
  return action === 'withdraw' && isUnderWay(seen) ? UNDER_WAY_STATUSES : [seen];
}

export function statusTo(action: Exclude<Action, 'forget'>): string {
  return action === 'withdraw' ? WITHDRAWN : 'flagged';
}
