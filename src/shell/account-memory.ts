/** What is known of the chat account, as it is stored: read before each decision, changed one at a time. */
import type { AccountState, AccountStore, CrashPoints } from '../ports.ts';
import { READY } from './account-state.ts';

/** The state that is stored: other processes have a say in it as well. */
export interface AccountMemory {
  readonly state: () => AccountState;
  /** Reads what is stored, after all that is being noted. */
  readonly refresh: () => Promise<AccountState>;
  /** Changes what is stored now. What comes back unchanged is not written. */
  readonly become: (change: (state: AccountState) => AccountState) => Promise<void>;
}

export async function openMemory({
  store,
  crash,
}: {
  readonly store: AccountStore;
  readonly crash: CrashPoints;
}): Promise<AccountMemory> {
  let state = (await store.load()) ?? READY;
  /** What could not be written is known here alone, and must not be forgotten by reading. */
  let isUnsaved = false;
  /** Asked for so far. */
  let changes = 0;
  let last: Promise<unknown> = Promise.resolve();

  function alone(work: () => Promise<void>): Promise<void> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function load(): Promise<void> {
    if (!isUnsaved) state = (await store.load()) ?? READY;
  }

  return {
    state: () => state,

    async refresh() {
      for (;;) {
        const known = changes;
        await alone(load);
        // A failure that gave the driver's turn to whoever asks here is noted while this is read.
        if (known === changes) return state;
      }
    },

    become(change) {
      changes += 1;
      return alone(async () => {
        await load();
        const next = change(state);
        if (next === state && !isUnsaved) return;
        state = next;
        isUnsaved = true;
        await store.save(next);
        isUnsaved = false;
        crash.reached('account_saved');
      });
    },
  };
}
