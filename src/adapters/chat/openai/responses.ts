/** One prompt through the Responses API. */
import type { ChatError } from '../../../core/errors.ts';
import type { SentRef } from '../../../core/events.ts';
import type { ChatJournal, ChatReply, ChatRequest } from '../../../ports.ts';
import { isApiError, refusedBy } from './errors.ts';
import { cancelResponse, fetchResponse } from './fetch-response.ts';
import { inputOf } from './messages.ts';
import { openReader, type EventReader } from './reader.ts';
import type { Session } from './session.ts';
import { cutError, RESPONSE_REF, settle } from './settle.ts';
import { responseEvent } from './shapes.ts';
import type { Watch } from './watch.ts';

/** Parameters that compatible servers may not know; without them a prompt can still be asked. */
const OPTIONAL = ['background', 'store', 'metadata'] as const;
type Optional = (typeof OPTIONAL)[number];

/** What this server has refused so far: remembered for the life of the process. */
export type Refusals = Set<Optional>;

interface Sent {
  ref: SentRef | null;
  background: boolean;
}

function parameters(request: ChatRequest, refusals: Refusals) {
  const background = !refusals.has('background') && !refusals.has('store');
  return {
    // Only a background response goes on when the connection is lost, and only a stored one can be
    // fetched after the first minutes.
    ...(background ? { background: true } : {}),
    ...(refusals.has('store') ? {} : { store: true }),
    ...(refusals.has('metadata') ? {} : { metadata: { planline_request: request.requestId } }),
  };
}

/** How servers that name the parameter only in their message say that they do not take it. */
const NOT_TAKEN =
  /unknown|unrecogni[sz]ed|unsupported|unexpected|extra|not (?:supported|permitted|allowed)/i;

/** The optional parameter that a refusal of the request is about, or null. */
function refusedParameter(
  error: unknown,
  request: ChatRequest,
  refusals: Refusals,
): Optional | null {
  if (!isApiError(error) || (error.status !== 400 && error.status !== 422)) return null;
  const { param, message } = refusedBy(error, { apiKey: '', prompt: request.text });
  const named = OPTIONAL.find((name) =>
    param === ''
      ? NOT_TAKEN.test(message) && new RegExp(`\\b${name}\\b`, 'i').test(message)
      : param.split('.')[0] === name,
  );
  return named === undefined || refusals.has(named) ? null : named;
}

/** Opens the stream; a request that was refused for an optional parameter was not a prompt sent. */
async function open(
  session: Session,
  request: ChatRequest,
  refusals: Refusals,
  watch: Watch,
): Promise<EventReader<unknown>> {
  const { sdk, model, idleMs, clock, log } = session;
  const toError = (error: unknown) => session.toError(error, request.text);
  for (;;) {
    try {
      return await openReader<unknown>(
        (signal) =>
          sdk.responses.create(
            { model, input: inputOf(request), stream: true, ...parameters(request, refusals) },
            { signal, headers: { 'X-Client-Request-Id': request.requestId } },
          ),
        { clock, watch, idleMs, toError },
      );
    } catch (error) {
      const named = refusedParameter(error, request, refusals);
      if (named === null) throw toError(error);
      refusals.add(named);
      log.info({ parameter: named, server: session.host }, 'the server does not take a parameter');
    }
  }
}

/** Reads to the end of the answer. Errors of the journal pass through as they are. */
async function read(
  session: Session,
  request: ChatRequest,
  journal: ChatJournal,
  reader: EventReader<unknown>,
  watch: Watch,
  sent: Sent,
): Promise<ChatReply> {
  let streamed = '';
  for (;;) {
    const reading = await reader.next();
    if (reading.kind !== 'event') {
      const broken = reading.kind === 'broken' ? reading.error : cutError('');
      return await fetchAfterBreak(session, request, sent, broken, watch);
    }
    const parsed = responseEvent.safeParse(reading.event);
    if (!parsed.success) {
      session.log.debug({ request: request.requestId }, 'an event of the stream has no known form');
      continue;
    }
    const { type, delta, response } = parsed.data;
    if (type === 'response.output_text.delta' && typeof delta === 'string') streamed += delta;
    if (!response) continue;
    if (sent.ref === null) {
      sent.ref = { kind: RESPONSE_REF, id: response.id };
      sent.background = response.background === true;
      await journal.sent(sent.ref);
    }
    const status = response.status ?? type.replace(/^response\./, '');
    const settled = settle({ ...response, status }, streamed, session.errorContext(request.text));
    if (settled.kind === 'reply') return settled.reply;
    if (settled.kind === 'failed') throw settled.error;
  }
}

/** A background response is finished by the server all the same: it is fetched, not asked again. */
async function fetchAfterBreak(
  session: Session,
  request: ChatRequest,
  sent: Sent,
  broken: ChatError,
  watch: Watch,
): Promise<ChatReply> {
  if (sent.ref === null || !sent.background) throw broken;
  session.log.info(
    { request: request.requestId, reason: broken.message },
    'fetching the answer by id',
  );
  const fetched = await fetchResponse(session, sent.ref.id, request.text, watch);
  if (fetched.kind === 'reply') return fetched.reply;
  throw fetched.kind === 'failed' ? fetched.error : broken;
}

export async function askResponses(
  session: Session,
  request: ChatRequest,
  journal: ChatJournal,
  refusals: Refusals,
  watch: Watch,
): Promise<ChatReply> {
  const sent: Sent = { ref: null, background: false };
  const reader = await open(session, request, refusals, watch);
  try {
    return await read(session, request, journal, reader, watch, sent);
  } catch (error) {
    // Out of time, as against stopped: nobody will come back for this answer.
    if (watch.timedOut() && sent.ref !== null) await cancelResponse(session, sent.ref.id);
    throw error;
  } finally {
    reader.close();
  }
}
