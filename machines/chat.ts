/**
 * The chart of the chat account, over all leads and drivers: nobody sends while it keeps its pace,
 * cools down or needs a person. Deadlines are facts kept beside it, read by whoever asks; no timer
 * lives here.
 */
import { setup } from 'xstate';

export type ChatAccountEvent =
  /** The pace that the operator has set leaves no room for a prompt just now. */
  | { readonly type: 'paced' }
  | { readonly type: 'limited' }
  | { readonly type: 'needs_operator' }
  /** A person wants nothing to be sent until they say so. */
  | { readonly type: 'paused' }
  /** The deadline has passed, a check found the account usable again, or a person says so. */
  | { readonly type: 'usable' };

export const chatMachine = setup({ types: { events: {} as ChatAccountEvent } }).createMachine({
  id: 'chat',
  initial: 'ready',
  states: {
    ready: {
      on: {
        paced: 'pacing',
        limited: 'cooling_down',
        needs_operator: 'needs_operator',
        paused: 'paused',
      },
    },
    pacing: {
      on: {
        paced: 'pacing',
        limited: 'cooling_down',
        needs_operator: 'needs_operator',
        paused: 'paused',
        usable: 'ready',
      },
    },
    cooling_down: {
      // Several prompts under way may hit the limit together: the last word counts.
      on: {
        limited: 'cooling_down',
        needs_operator: 'needs_operator',
        paused: 'paused',
        usable: 'ready',
      },
    },
    // A limit that is told while a person is needed changes nothing: the person comes first.
    needs_operator: {
      on: { needs_operator: 'needs_operator', paused: 'paused', usable: 'ready' },
    },
    // What prompts under way still meet changes nothing either: only a person ends a pause.
    paused: { on: { paused: 'paused', usable: 'ready' } },
  },
});
