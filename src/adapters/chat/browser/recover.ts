/** After a crash: the answer to a prompt that may have been sent. */
import type { SentRef } from '../../../core/events.ts';
import type { ChatRecovery, ChatRequest } from '../../../ports.ts';
import { fingerprintOf } from '../page/text-compare.ts';
import { addressOf } from './address.ts';
import { answerTo } from './answer.ts';
import { openPatiently } from './open.ts';
import { withTab } from './renew.ts';
import { holdsPrompt, searchFor } from './search.ts';
import type { Session } from './session.ts';
import { AnswerFailed } from './wait.ts';

const NOT_SENT: ChatRecovery = { kind: 'not_sent' };

/** Is the prompt in the conversation that was recorded? */
async function isThere(
  session: Session,
  address: string,
  fingerprint: string,
  signal: AbortSignal,
): Promise<boolean> {
  return await withTab(session, signal, async (tab) => {
    const opened = await openPatiently(session, tab, address, signal);
    return opened.kind === 'open' && (await holdsPrompt({ session, tab, fingerprint, signal }));
  });
}

async function fetchAnswer(
  session: Session,
  address: string,
  fingerprint: string,
  signal: AbortSignal,
): Promise<ChatRecovery> {
  try {
    const asked = { address, fingerprint, before: new Set<string>() };
    const reply = await answerTo(session, asked, () => undefined, signal);
    return { kind: 'answered', reply };
  } catch (error) {
    // There is no answer that could be lost by asking again.
    if (error instanceof AnswerFailed) return NOT_SENT;
    throw error;
  }
}

/**
 * Throws ChatError when the page cannot be looked at, or does not list its conversations. What another
 * driver sent is unknown here.
 */
export async function recover(
  session: Session,
  request: ChatRequest,
  ref: SentRef | null,
  signal: AbortSignal,
): Promise<ChatRecovery> {
  const fingerprint = fingerprintOf(request.text);
  const recorded = addressOf(ref, session.chatUrl);
  if (ref !== null && recorded === null) return { kind: 'unknown' };
  if (recorded !== null) {
    const there = await isThere(session, recorded, fingerprint, signal);
    return there ? await fetchAnswer(session, recorded, fingerprint, signal) : NOT_SENT;
  }
  const found = await withTab(session, signal, (tab) =>
    searchFor({ session, tab, fingerprint, spent: request.spent, signal }),
  );
  if (found === null) return NOT_SENT;
  return await fetchAnswer(session, found, fingerprint, signal);
}
