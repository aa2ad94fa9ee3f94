/** For `doctor`: does the server take the key, and has it the model? One cheap call, no prompt. */
import type { ChatError } from '../../../core/errors.ts';
import type { Finding } from '../../../ports.ts';
import { isApiError } from './errors.ts';
import type { Session } from './session.ts';
import { stoppedError } from '../stopped.ts';

const NAME = 'ChatGPT (openai)';

function ok(session: Session): Finding {
  const detail = `${session.host} takes the key and has the model ${session.model}`;
  return { name: NAME, level: 'ok', detail, action: null };
}

function failed(error: ChatError): Finding {
  const resting = error.code === 'rate_limited' || error.code === 'plan_cap';
  const action = {
    retryable: 'Check the network and OPENAI_BASE_URL, then run doctor again.',
    rate_limited: 'Wait, then run doctor again.',
    plan_cap: "Look at the account's plan and billing.",
    needs_operator: 'Correct the variable that is named here, then run doctor again.',
    permanent: 'Check OPENAI_BASE_URL and OPENAI_MODEL.',
  }[error.code];
  return { name: NAME, level: resting ? 'warning' : 'error', detail: error.message, action };
}

function isMissing(error: unknown): boolean {
  return isApiError(error) && (error.status === 404 || error.status === 405);
}

/** Compatible servers often list their models but have no address for a single one. */
async function lookInList(session: Session, signal: AbortSignal): Promise<Finding> {
  const { host, model, sdk } = session;
  const listed = await sdk.models.list({ signal });
  const ids = listed.data.map(({ id }) => id);
  if (ids.includes(model)) return ok(session);
  const some = ids.slice(0, 5).join(', ');
  return {
    name: NAME,
    level: 'error',
    detail: `${host} takes the key but does not list the model ${model}`,
    action: `Set OPENAI_MODEL to a model that it has${some === '' ? '' : `, such as ${some}`}.`,
  };
}

function unlisted(session: Session): Finding {
  return {
    name: NAME,
    level: 'warning',
    detail: `${session.host} answers but lists no models, so ${session.model} could not be checked`,
    action: 'Check OPENAI_BASE_URL (it usually ends with /v1); else the first prompt will tell.',
  };
}

async function look(session: Session, signal: AbortSignal): Promise<Finding> {
  try {
    await session.sdk.models.retrieve(session.model, { signal });
    return ok(session);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    return await lookInList(session, signal);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return unlisted(session);
  }
}

/** Throws ChatError only when the signal aborts. */
export async function checkAccount(session: Session, signal: AbortSignal): Promise<Finding[]> {
  try {
    return [await look(session, signal)];
  } catch (error) {
    if (signal.aborted) throw stoppedError(signal);
    return [failed(session.toError(error, ''))];
  }
}
