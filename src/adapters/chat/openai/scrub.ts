/** Takes keys and prompt text out of what a server wrote, so that it may reach a log or a person. */

const KEY_SHAPES = [
  /\b(?:sk|pk|rk|sess|gsk|xai)-[\w*.-]{6,}/g,
  /\bBearer\s+[^\s"',}]+/gi,
  // Half hidden, as servers repeat a key that they refuse.
  /[\w-]{2,}\*{3,}[\w-]*/g,
  /\bAIza[\w-]{10,}/g,
];
/** Longer than a sentence that a server needs; a validation error may echo the whole request. */
const MAX_CHARS = 400;
/** A run of this many characters that also stands in the prompt is an echo, not a coincidence. */
const ECHO_CHARS = 24;

export interface Secrets {
  readonly apiKey: string;
  /** The text that was sent; empty when there was none. */
  readonly prompt: string;
}

function withoutKeys(text: string, apiKey: string): string {
  const plain = apiKey === '' ? text : text.replaceAll(apiKey, '[key]');
  return KEY_SHAPES.reduce((scrubbed, shape) => scrubbed.replace(shape, '[key]'), plain);
}

/** The length of the run at the start of `text` that also stands in the prompt; 0 when it is short. */
function echoLength(text: string, prompt: string): number {
  if (text.length < ECHO_CHARS || !prompt.includes(text.slice(0, ECHO_CHARS))) return 0;
  let length = ECHO_CHARS;
  while (length < text.length && prompt.includes(text.slice(0, length + 1))) length += 1;
  return length;
}

function withoutPrompt(text: string, prompt: string): string {
  // An echo inside a JSON body is escaped, so it is looked for in that form too.
  const forms = `${prompt}\u0000${JSON.stringify(prompt)}`;
  let kept = '';
  for (let at = 0; at < text.length;) {
    const echo = echoLength(text.slice(at), forms);
    kept += echo > 0 ? '[prompt]' : text.charAt(at);
    at += Math.max(1, echo);
  }
  return kept;
}

/** One line of at most 400 characters without keys and without runs of the prompt's text. */
export function scrubServerText(text: string, secrets: Secrets): string {
  const head = withoutKeys(text, secrets.apiKey).slice(0, 4 * MAX_CHARS);
  const line = withoutPrompt(head, secrets.prompt).replace(/\s+/g, ' ').trim();
  const cut = line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS - 1)}…` : line;
  return cut.toWellFormed();
}
