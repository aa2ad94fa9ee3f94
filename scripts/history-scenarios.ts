/** What happens to the lead of each stored history: together they tell of every event that there is. */
import type { ChatStep } from '../src/core/lifecycle.ts';

/** One lead while its history is made. */
export interface RecordedLead {
  /** Takes everything that is flagged to its rest, and tells the operator. */
  sweep(): Promise<void>;
  /** As a person does it in Studio. */
  set(columns: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
  /** Leaves its old runs to their zips. */
  prune(): Promise<void>;
  forget(): Promise<void>;
}

export interface Scenario {
  /** What the step is answered so many times before the first answer that can be used. */
  readonly bad?: { readonly step: ChatStep; readonly answer: string; readonly times: number };
  /** What Slack answers; it is not told of anything when this is left out. */
  readonly slack?: 200 | 404;
  /** Called once, while the first prompt of this step waits for its answer. */
  readonly during?: {
    readonly step: ChatStep;
    readonly act: (lead: RecordedLead) => Promise<void>;
  };
  readonly happens: (lead: RecordedLead) => Promise<void>;
}

const FLAGGED = { status: 'flagged' };

/** No answer at all, which costs an attempt; prose, which is sent back to be mended first. */
const EMPTY = ' ';
const PROSE = 'I would be glad to help. What should it look like?';

async function sweepTwice(lead: RecordedLead): Promise<void> {
  await lead.sweep();
  await lead.set(FLAGGED);
  await lead.sweep();
}

/** By name of the history. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  finished: { happens: (lead) => lead.sweep() },
  'blocked-then-resumed': {
    bad: { step: 'stage2', answer: EMPTY, times: 1 },
    happens: sweepTwice,
  },
  'refused-then-mended': {
    bad: { step: 'stage3', answer: PROSE, times: 1 },
    happens: (lead) => lead.sweep(),
  },
  // The answer and its repair, and there is no second attempt.
  'refused-until-blocked': {
    bad: { step: 'plan', answer: PROSE, times: 2 },
    happens: sweepTwice,
  },
  'withdrawn-and-flagged-again': {
    during: { step: 'stage2', act: (lead) => lead.set({ status: 'new' }) },
    happens: sweepTwice,
  },
  'new-run-after-changed-description': {
    async happens(lead) {
      await lead.sweep();
      await lead.set({ ...FLAGGED, description: 'I changed my mind and want to test software.' });
      await lead.sweep();
    },
  },
  'told-then-deleted': {
    slack: 200,
    async happens(lead) {
      await lead.sweep();
      await lead.remove();
    },
  },
  'pruned-then-forgotten': {
    slack: 200,
    async happens(lead) {
      await lead.sweep();
      await lead.set({ ...FLAGGED, description: 'I changed my mind and want to test software.' });
      await lead.sweep();
      await lead.prune();
      await lead.forget();
      await lead.set({
        ...FLAGGED,
        description: 'Here I am again, and still want to test software.',
      });
      await lead.sweep();
    },
  },
  'not-to-be-told': { slack: 404, happens: (lead) => lead.sweep() },
};
