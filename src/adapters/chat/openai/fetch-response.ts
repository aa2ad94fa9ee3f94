/** Fetches a response by its id, waiting while it is still being made. */
import { ChatError } from '../../../core/errors.ts';
import type { ChatReply } from '../../../ports.ts';
import { isApiError, wasSpoken } from './errors.ts';
import type { Session } from './session.ts';
import { settle } from './settle.ts';
import { responseShape } from './shapes.ts';
import type { Watch } from './watch.ts';

export type Fetched =
  | { readonly kind: 'reply'; readonly reply: ChatReply }
  | { readonly kind: 'failed'; readonly error: ChatError }
  /** The server does not know the id, or not any more. */
  | { readonly kind: 'gone' };

/** A look that fails for a passing reason is repeated this often in a row: the answer costs more. */
const TOLERATED_FAILURES = 3;
const CANCEL_TIMEOUT_MS = 10_000;

function isGone(error: unknown): boolean {
  return isApiError(error) && error.status === 404;
}

function unreadable(host: string): ChatError {
  return new ChatError('retryable', `${host} described the answer in a form that is not known.`);
}

function isPassing(error: unknown): boolean {
  return !wasSpoken(error) || (isApiError(error) && (error.status ?? 0) >= 500);
}

/** Throws ChatError when the watch ends or the server cannot be asked. */
export async function fetchResponse(
  session: Session,
  id: string,
  prompt: string,
  watch: Watch,
): Promise<Fetched> {
  for (let failures = 0; ;) {
    try {
      const reply = await session.sdk.responses.retrieve(id, {}, { signal: watch.signal });
      const parsed = responseShape.safeParse(reply);
      if (!parsed.success) throw unreadable(session.host);
      const settled = settle(parsed.data, '', session.errorContext(prompt));
      if (settled.kind !== 'pending') return settled;
      failures = 0;
    } catch (error) {
      const stopped = watch.error();
      if (stopped !== null) throw stopped;
      if (isGone(error)) return { kind: 'gone' };
      failures += 1;
      if (!isPassing(error) || failures > TOLERATED_FAILURES) throw session.toError(error, prompt);
    }
    await session.clock.sleep(session.pollMs, watch.signal);
    const stopped = watch.error();
    if (stopped !== null) throw stopped;
  }
}

/** Asks the server to give up on a response that nobody will wait for; it need not agree. */
export async function cancelResponse(session: Session, id: string): Promise<void> {
  try {
    await session.sdk.responses.cancel(id, { timeout: CANCEL_TIMEOUT_MS });
  } catch (error) {
    const reason = session.toError(error, '').message;
    session.log.debug({ response: id, reason }, 'the response could not be cancelled');
  }
}
