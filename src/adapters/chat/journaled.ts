import { ChatError } from '../../core/errors.ts';
import type { ChatJournal } from '../../ports.ts';

/**
 * One prompt within the driver's turn: begun by leave of the journal, its failure told before the next
 * one's turn. A prompt that waits behind it would else be sent to an account that has just been stopped.
 */
export async function journaled<T>(
  journal: ChatJournal,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  await journal.begin();
  try {
    return await work();
  } catch (error) {
    // A stop says nothing of the account.
    if (error instanceof ChatError && !signal.aborted) await journal.failed(error);
    throw error;
  }
}
