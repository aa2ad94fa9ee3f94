/** One prompt through Chat Completions. */
import type { SentRef } from '../../../core/events.ts';
import type { ChatJournal, ChatReply, ChatRequest } from '../../../ports.ts';
import { messagesOf } from './messages.ts';
import { openReader, type EventReader } from './reader.ts';
import type { Session } from './session.ts';
import { cutError, emptyError, refusalError } from './settle.ts';
import { chatChunk } from './shapes.ts';
import type { Watch } from './watch.ts';

export const COMPLETION_REF = 'openai_chat';

/** What the chunks have said so far. */
interface Heard {
  ref: SentRef | null;
  text: string;
  refused: boolean;
  finish: string | null;
  model: string | null;
}

function reply({ ref, text, refused, finish, model }: Heard): ChatReply {
  if (refused) throw refusalError();
  // Without a finish reason the stream broke off, however much of the answer is there.
  if (finish === null || finish === 'length' || finish === 'content_filter') {
    throw cutError(finish ?? '');
  }
  if (text.trim() === '') throw emptyError();
  return { text, capture: 'api', complete: finish === 'stop', ref, model };
}

async function take(chunk: unknown, heard: Heard, journal: ChatJournal): Promise<void> {
  const parsed = chatChunk.safeParse(chunk);
  if (!parsed.success) return;
  const { id, model, choices } = parsed.data;
  if (heard.ref === null && typeof id === 'string' && id !== '') {
    heard.ref = { kind: COMPLETION_REF, id };
    await journal.sent(heard.ref);
  }
  const choice = choices?.[0];
  heard.model ??= model ?? null;
  heard.text += choice?.delta?.content ?? '';
  heard.refused ||= (choice?.delta?.refusal ?? '') !== '';
  heard.finish = choice?.finish_reason ?? heard.finish;
}

async function read(reader: EventReader<unknown>, journal: ChatJournal): Promise<ChatReply> {
  const heard: Heard = { ref: null, text: '', refused: false, finish: null, model: null };
  for (;;) {
    const reading = await reader.next();
    if (reading.kind === 'event') {
      await take(reading.event, heard, journal);
    } else if (heard.finish !== null || reading.kind === 'end') {
      return reply(heard);
    } else {
      throw reading.error;
    }
  }
}

export async function askCompletions(
  session: Session,
  request: ChatRequest,
  journal: ChatJournal,
  watch: Watch,
): Promise<ChatReply> {
  const { sdk, model, idleMs, clock } = session;
  const toError = (error: unknown) => session.toError(error, request.text);
  const messages = messagesOf(request);
  const reader = await openReader<unknown>(
    (signal) =>
      sdk.chat.completions.create(
        { model, messages, stream: true },
        { signal, headers: { 'X-Client-Request-Id': request.requestId } },
      ),
    { clock, watch, idleMs, toError },
  ).catch((error: unknown) => {
    throw toError(error);
  });
  try {
    return await read(reader, journal);
  } finally {
    reader.close();
  }
}
