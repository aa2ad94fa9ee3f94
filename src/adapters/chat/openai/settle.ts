/** A response object of the Responses API → a reply, a reason why there is none, or neither yet. */
import { ChatError } from '../../../core/errors.ts';
import type { ChatReply } from '../../../ports.ts';
import { chatErrorOf, type ErrorContext } from './errors.ts';
import { scrubServerText } from './scrub.ts';
import type { ResponseShape } from './shapes.ts';

export type Settled =
  | { readonly kind: 'reply'; readonly reply: ChatReply }
  | { readonly kind: 'failed'; readonly error: ChatError }
  | { readonly kind: 'pending' };

export const RESPONSE_REF = 'openai_response';

// A refusal's own words stay out: they may repeat what the prompt says about a person.
export function refusalError(): ChatError {
  return new ChatError('retryable', 'The model refused to answer this prompt.');
}

export function emptyError(): ChatError {
  return new ChatError('retryable', 'The answer was empty.');
}

export function cutError(reason: string): ChatError {
  if (reason === 'content_filter') {
    return new ChatError('retryable', "The answer was stopped by the provider's content filter.");
  }
  if (reason === 'length' || reason === 'max_output_tokens') {
    return new ChatError('retryable', 'The answer was cut at the token limit.');
  }
  return new ChatError('retryable', 'The answer ended before it was complete.');
}

interface Said {
  readonly text: string;
  readonly refused: boolean;
}

/** The words of the final answer; comments that a model makes on its way to it are left out. */
function wordsOf(response: ResponseShape): Said {
  const messages = (response.output ?? []).filter((item) => item.type === 'message');
  const final = messages.filter((item) => item.phase === 'final_answer');
  const spoken = final.length > 0 ? final : messages.filter((item) => item.phase !== 'commentary');
  const parts = spoken.flatMap((item) => item.content ?? []);
  const texts = parts.flatMap((part) => (part.type === 'output_text' ? [part.text ?? ''] : []));
  return { text: texts.join(''), refused: parts.some((part) => part.type === 'refusal') };
}

function completed(response: ResponseShape, streamed: string): Settled {
  const said = wordsOf(response);
  // Some compatible servers leave the closing object's output empty: then the stream has the text.
  const text = said.text === '' ? streamed : said.text;
  if (said.refused) return { kind: 'failed', error: refusalError() };
  if (text.trim() === '') return { kind: 'failed', error: emptyError() };
  const ref = { kind: RESPONSE_REF, id: response.id };
  const reply = { text, capture: 'api', complete: true, ref, model: response.model ?? null };
  return { kind: 'reply', reply };
}

function failure(response: ResponseShape, context: ErrorContext): ChatError {
  const message = scrubServerText(response.error?.message ?? '', context);
  const code = response.error?.code ?? '';
  return chatErrorOf({ status: undefined, code, param: '', message, headers: undefined }, context);
}

/** `streamed` is the text that the stream's deltas gave; empty when the response was fetched. */
export function settle(response: ResponseShape, streamed: string, context: ErrorContext): Settled {
  switch (response.status) {
    case 'completed':
      return completed(response, streamed);
    case 'incomplete':
      return { kind: 'failed', error: cutError(response.incomplete_details?.reason ?? '') };
    case 'failed':
      return { kind: 'failed', error: failure(response, context) };
    case 'cancelled':
      return {
        kind: 'failed',
        error: new ChatError('retryable', 'The answer was cancelled at the provider.'),
      };
    default:
      return { kind: 'pending' };
  }
}
