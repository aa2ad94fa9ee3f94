/** A prompt as the API's messages. */
import type { ChatRequest } from '../../../ports.ts';

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/**
 * What a prompt follows is said again before it: that holds for every compatible server, and after
 * the provider has forgotten its earlier response too.
 */
export function messagesOf({ text, follows }: ChatRequest): Message[] {
  const prompt: Message = { role: 'user', content: text };
  if (follows === null) return [prompt];
  return [
    { role: 'user', content: follows.prompt },
    { role: 'assistant', content: follows.reply },
    prompt,
  ];
}

/** A lone prompt stays a plain text, the form that every server of the Responses API takes. */
export function inputOf(request: ChatRequest): string | Message[] {
  return request.follows === null ? request.text : messagesOf(request);
}
