/** The JSON of both APIs: objects and stream events. */
import type { Generation } from './chat-server-generation.ts';

type Json = Readonly<Record<string, unknown>>;

const REFUSAL_TEXT = 'I cannot help with that.';

function messageId(generation: Generation): string {
  return generation.plan.id.replace(/^[a-z]+_/, 'msg_');
}

function outputText(text: string): Json {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

function refusal(): Json {
  return { type: 'refusal', refusal: REFUSAL_TEXT };
}

function contentOf(generation: Generation): Json[] {
  if (generation.plan.ending === 'refusal') return [refusal()];
  return generation.said() === '' ? [] : [outputText(generation.said())];
}

function message(generation: Generation, status: string, content: readonly Json[]): Json {
  return { id: messageId(generation), type: 'message', status, role: 'assistant', content };
}

/** A thinking model's answer begins with an item that holds no words. */
function reasoning(generation: Generation): Json {
  return { id: generation.plan.id.replace(/^[a-z]+_/, 'rs_'), type: 'reasoning', summary: [] };
}

function incompleteReason(generation: Generation): Json | null {
  if (generation.status() !== 'incomplete') return null;
  const filtered = generation.plan.ending === 'content_filter';
  return { reason: filtered ? 'content_filter' : 'max_output_tokens' };
}

function errorOf(generation: Generation): Json | null {
  if (generation.status() !== 'failed') return null;
  return { code: 'server_error', message: 'The model produced an error.' };
}

/** The response object as it stands now. */
export function responseObject(generation: Generation): Json {
  const { id, model, background, metadata, createdSeconds } = generation.plan;
  const status = generation.status();
  const ended = status !== 'in_progress';
  return {
    id,
    object: 'response',
    created_at: createdSeconds,
    status,
    background,
    error: errorOf(generation),
    incomplete_details: incompleteReason(generation),
    instructions: null,
    metadata,
    model,
    output: ended
      ? [reasoning(generation), message(generation, status, contentOf(generation))]
      : [],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    store: true,
    usage: null,
  };
}

/** What a stream sends before the first word. */
export function openingEvents(generation: Generation): Json[] {
  const item_id = messageId(generation);
  const place = { item_id, output_index: 1, content_index: 0 };
  return [
    { type: 'response.created', response: responseObject(generation) },
    { type: 'response.in_progress', response: responseObject(generation) },
    { type: 'response.output_item.added', output_index: 0, item: reasoning(generation) },
    { type: 'response.output_item.done', output_index: 0, item: reasoning(generation) },
    {
      type: 'response.output_item.added',
      output_index: 1,
      item: message(generation, 'in_progress', []),
    },
    { type: 'response.content_part.added', ...place, part: outputText('') },
  ];
}

export function deltaEvent(generation: Generation, delta: string): Json {
  const place = { item_id: messageId(generation), output_index: 1, content_index: 0 };
  return { type: 'response.output_text.delta', ...place, delta, logprobs: [] };
}

export function closingEvents(generation: Generation): Json[] {
  const place = { item_id: messageId(generation), output_index: 1, content_index: 0 };
  const status = generation.status();
  const item = message(generation, status, contentOf(generation));
  const words =
    generation.plan.ending === 'refusal'
      ? { type: 'response.refusal.done', ...place, refusal: REFUSAL_TEXT }
      : { type: 'response.output_text.done', ...place, text: generation.said(), logprobs: [] };
  return [
    words,
    { type: 'response.output_item.done', output_index: 1, item },
    { type: `response.${status}`, response: responseObject(generation) },
  ];
}

function finishReason(generation: Generation): string {
  const { ending } = generation.plan;
  return ending === 'length' || ending === 'content_filter' ? ending : 'stop';
}

function completionBase(generation: Generation, object: string): Json {
  const { id, createdSeconds, model } = generation.plan;
  return { id, object, created: createdSeconds, model, system_fingerprint: 'fp_test' };
}

function chunk(generation: Generation, delta: Json, finish: string | null): Json {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return { ...completionBase(generation, 'chat.completion.chunk'), choices };
}

export function openingChunk(generation: Generation): Json {
  return chunk(generation, { role: 'assistant', content: '', refusal: null }, null);
}

export function deltaChunk(generation: Generation, content: string): Json {
  return chunk(generation, { content }, null);
}

export function closingChunks(generation: Generation): Json[] {
  const error = errorOf(generation);
  if (error !== null) return [{ error: { ...error, type: 'server_error', param: null } }];
  const refused = generation.plan.ending === 'refusal';
  return [
    ...(refused ? [chunk(generation, { refusal: REFUSAL_TEXT }, null)] : []),
    chunk(generation, {}, finishReason(generation)),
    // As with stream_options.include_usage: a last chunk without choices.
    { ...completionBase(generation, 'chat.completion.chunk'), choices: [], usage: null },
  ];
}

export function completionObject(generation: Generation): Json {
  const refused = generation.plan.ending === 'refusal';
  const said = { role: 'assistant', content: refused ? null : generation.said() };
  return {
    ...completionBase(generation, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { ...said, refusal: refused ? REFUSAL_TEXT : null },
        logprobs: null,
        finish_reason: finishReason(generation),
      },
    ],
    usage: null,
  };
}
