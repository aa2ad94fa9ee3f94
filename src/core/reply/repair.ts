/** The words by which a model is told, in the same conversation, what its last reply lacked. */
import type { ChatStep } from '../lifecycle.ts';

/** The form in which each step's reply is read. */
const FORMS: Readonly<Record<ChatStep, string>> = {
  input_transform:
    'one JSON object with every key that was asked for, from { to }, with plain double quotes, no ' +
    'comments and no code fence',
  plan:
    'every block between its own pair of tags, from <blok-1> and </blok-1> to the last number that ' +
    'was asked for, each number once and in order, every tag closed, no tag inside another',
  stage2:
    'the full lesson in Markdown, from its title to its last sentence, with every code fence closed',
  stage3:
    'one complete HTML page, from <!doctype html> to </html>, with every sentence of the lesson and ' +
    'no code fence',
};

/** A reason is a sentence or two; what is longer holds something that was not meant to be sent. */
const MAX_REASON_CHARS = 600;

function sentenceOf(reason: string): string {
  const text = reason.replace(/\s+/g, ' ').trim().slice(0, MAX_REASON_CHARS);
  const first = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/**
 * The prompt that asks for the whole reply again, right this time. `reason` is that of the refusal,
 * which names structure and quotes no content; nothing else of the lead is in it.
 */
export function repairPrompt(step: ChatStep, reason: string): string {
  return [
    `Your last answer cannot be used. ${sentenceOf(reason)}`,
    `Please send the whole answer again with this put right: ${FORMS[step]}. Begin from the start, do ` +
      'not go on from where you stopped, and leave nothing out. Everything else stays as the first ' +
      'message asked. Answer with this alone: no apology, no introduction, no question at the end.',
  ].join('\n\n');
}
