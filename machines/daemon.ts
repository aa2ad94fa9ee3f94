/** The daemon's own life. `polling` is no failure: leads are found all the same, only later. */
import { setup } from 'xstate';

export type DaemonEvent =
  | { readonly type: 'feed_live' }
  | { readonly type: 'feed_down' }
  /** Asked to stop: nothing new is taken, what is under way is finished or parked. */
  | { readonly type: 'stop' }
  | { readonly type: 'drained' };

export const daemonMachine = setup({ types: { events: {} as DaemonEvent } }).createMachine({
  id: 'daemon',
  initial: 'starting',
  states: {
    starting: { on: { feed_live: 'live', feed_down: 'polling', stop: 'draining' } },
    live: { on: { feed_down: 'polling', stop: 'draining' } },
    polling: { on: { feed_live: 'live', stop: 'draining' } },
    draining: { on: { drained: 'stopped' } },
    stopped: { type: 'final' },
  },
});
