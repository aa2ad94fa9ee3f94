/**
 * The `browser` driver: ChatGPT's own page in a Chrome of the operator, by the DevTools protocol. One
 * tab, one prompt at a time; no other tab is touched, and Chrome is never closed.
 */
import { ChatError } from '../../../core/errors.ts';
import type { ChatDriver } from '../../../ports.ts';
import { createInTurn } from '../in-turn.ts';
import { journaled } from '../journaled.ts';
import { ask } from './ask.ts';
import { checkAccount } from './check.ts';
import { withEvidence } from './evidence.ts';
import { recover } from './recover.ts';
import { createSession, type Session } from './session.ts';
import type { BrowserSettings } from './settings.ts';

export type { BrowserSettings, Timings } from './settings.ts';

/** What went wrong, with what the page showed. A stop is no failure, and shows nothing. */
async function evident<T>(
  session: Session,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ChatError) || signal.aborted) throw error;
    throw await withEvidence(session, error);
  }
}

/**
 * Aborting throws ChatError `retryable` with the signal's reason as `cause`. Errors that the journal
 * throws pass through unchanged.
 */
export function createBrowserDriver(settings: BrowserSettings): ChatDriver {
  const session = createSession(settings);
  const inTurn = createInTurn();
  return {
    name: 'browser',
    ask: (request, journal, signal) =>
      inTurn(signal, () =>
        journaled(journal, signal, () =>
          evident(session, signal, () => ask(session, request, journal, signal)),
        ),
      ),
    recover: (request, ref, signal) =>
      inTurn(signal, () => evident(session, signal, () => recover(session, request, ref, signal))),
    check: (signal) => inTurn(signal, () => checkAccount(session, signal)),
    close: () => session.close(),
  };
}
