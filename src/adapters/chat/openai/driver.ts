/** The `openai` driver: OpenAI's API, or any server that is compatible with it. */
import type { SentRef } from '../../../core/events.ts';
import type { ChatDriver, ChatRecovery, ChatRequest } from '../../../ports.ts';
import { journaled } from '../journaled.ts';
import { checkAccount } from './check.ts';
import { askCompletions } from './completions.ts';
import { cancelResponse, fetchResponse } from './fetch-response.ts';
import { askResponses, type Refusals } from './responses.ts';
import { createSession, type OpenAiSettings, type Session } from './session.ts';
import { RESPONSE_REF } from './settle.ts';
import { startWatch } from './watch.ts';

export type { OpenAiSettings } from './session.ts';

async function recoverResponse(
  session: Session,
  request: ChatRequest,
  ref: SentRef,
  signal: AbortSignal,
): Promise<ChatRecovery> {
  const watch = startWatch(session.clock, signal, session.timeoutMs);
  try {
    const fetched = await fetchResponse(session, ref.id, request.text, watch);
    // A response that failed, was cut or is gone holds no answer that could be lost.
    return fetched.kind === 'reply'
      ? { kind: 'answered', reply: fetched.reply }
      : { kind: 'not_sent' };
  } catch (error) {
    if (!watch.timedOut()) throw error;
    await cancelResponse(session, ref.id);
    return { kind: 'not_sent' };
  } finally {
    watch.end();
  }
}

/**
 * Asks by `OPENAI_API`. Aborting throws ChatError `retryable` with the signal's reason as `cause`.
 * Errors that the journal throws pass through unchanged.
 */
export function createOpenAiDriver(settings: OpenAiSettings): ChatDriver {
  const session = createSession(settings);
  const refusals: Refusals = new Set();
  return {
    name: 'openai',
    ask: (request, journal, signal) =>
      journaled(journal, signal, async () => {
        const watch = startWatch(session.clock, signal, session.timeoutMs);
        try {
          return session.api === 'responses'
            ? await askResponses(session, request, journal, refusals, watch)
            : await askCompletions(session, request, journal, watch);
        } finally {
          watch.end();
        }
      }),
    async recover(request, ref, signal) {
      // The API has no search: what it received can be found by the id that it gave, not by ours.
      // Chat completions are kept only where the account asks for it, so their id is of no use.
      if (ref?.kind !== RESPONSE_REF) return { kind: 'unknown' };
      return await recoverResponse(session, request, ref, signal);
    },
    check: (signal) => checkAccount(session, signal),
    async close() {
      // Every call ends with its ask; the SDK keeps no connection of its own.
    },
  };
}
