/**
 * What is added to a prompt so that its reply can be told from any other text on the clipboard, and
 * taken off again. The reply's own words are never touched, only the two lines that were asked for.
 */
import { createHash } from 'node:crypto';
import type { ChatExchange } from '../../../ports.ts';

/** Letters, digits and hyphens only: no markdown renderer changes them, every search finds them. */
export interface Frame {
  /** Names the request; in the prompt, so a page that shows the prompt shows it. */
  readonly token: string;
  readonly begin: string;
  readonly end: string;
}

export type Unframed =
  /** From the first to the last line that was asked for. */
  | { readonly kind: 'complete'; readonly text: string }
  /** Begins as asked, and has not ended, or not yet. */
  | { readonly kind: 'open'; readonly text: string }
  /** Not a reply to this request. */
  | { readonly kind: 'foreign' };

const TOKEN_DIGITS = 12;
const FENCE = /^\s*(?:`{3,}|~{3,})/;
const CLOSING_FENCE = /^\s*(?:`{3,}|~{3,})\s*$/;
/** What models put around a word that they were told to write exactly. */
const ORNAMENT = '[\\s>*_`"\'#.:]*';

export function frameOf(requestId: string): Frame {
  const digits = createHash('sha256').update(requestId).digest('hex').slice(0, TOKEN_DIGITS);
  const token = `pl${digits}`;
  return { token, begin: `${token}-begin`, end: `${token}-end` };
}

export function framePrompt(prompt: string, { begin, end }: Frame): string {
  return (
    `${prompt}\n\n` +
    `A program copies your reply. Write ${begin} alone on its first line and ${end} alone on its ` +
    'last line, both outside of code blocks. The program removes these two lines.'
  );
}

/** The prompt in a conversation that does not know what it goes on from. */
export function withExchange(prompt: string, follows: ChatExchange | null): string {
  if (follows === null) return prompt;
  return (
    `Earlier I asked you:\n\n${follows.prompt}\n\n` +
    `You answered:\n\n${follows.reply}\n\nNow:\n\n${prompt}`
  );
}

export function unframe(copied: string, frame: Frame): Unframed {
  const lines = copied.replaceAll('\r\n', '\n').split('\n');
  const begin = lines.findIndex((line) => isMark(line, frame.begin));
  if (begin === -1) return { kind: 'foreign' };
  const before = lines.slice(0, begin);
  // Only a whole page shows the prompt above the reply.
  if (before.some((line) => line.includes(frame.token))) return { kind: 'foreign' };
  const end = lines.findLastIndex((line) => isMark(line, frame.end));
  if (end > begin && lines.slice(end + 1).every(isBlankOrClosing)) {
    const body = lines.slice(begin + 1, end);
    const text = trimBlankLines(rejoin(before, body, lines.slice(end + 1)));
    return { kind: 'complete', text };
  }
  // Without the end there is nothing that tells a reply from a text that quotes one.
  if (!before.every(isBlankOrOpening)) return { kind: 'foreign' };
  return {
    kind: 'open',
    text: trimBlankLines(rejoin(before, withoutTorn(lines.slice(begin + 1), frame), [])),
  };
}

function isMark(line: string, mark: string): boolean {
  return line.includes(mark) && new RegExp(`^${ORNAMENT}${mark}${ORNAMENT}$`).test(line);
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}

function isBlankOrClosing(line: string): boolean {
  return isBlank(line) || CLOSING_FENCE.test(line);
}

function isBlankOrOpening(line: string): boolean {
  return isBlank(line) || FENCE.test(line);
}

/** A last line that has arrived in part. */
function withoutTorn(body: readonly string[], { token, end }: Frame): readonly string[] {
  const last = body.at(-1)?.trim() ?? '';
  return last.startsWith(token) && end.startsWith(last) ? body.slice(0, -1) : body;
}

/**
 * A mark that had a fence to itself leaves an empty one behind: it goes as well. A fence around the
 * whole reply stays, as it is the model's own.
 */
function rejoin(
  before: readonly string[],
  body: readonly string[],
  after: readonly string[],
): string {
  const head = [...before];
  let inner = [...body];
  let tail = [...after];
  if (isOpenedBy(head) && isClosedBy(inner)) {
    head.splice(head.findLastIndex((line) => FENCE.test(line)));
    inner = inner.slice(inner.findIndex((line) => CLOSING_FENCE.test(line)) + 1);
  }
  if (isOpenedBy(inner) && isClosedBy(tail) && countFences(inner) % 2 === 1 && !countFences(head)) {
    inner = inner.slice(
      0,
      inner.findLastIndex((line) => FENCE.test(line)),
    );
    tail = [];
  }
  return [...head, ...inner, ...tail].join('\n');
}

function isOpenedBy(lines: readonly string[]): boolean {
  return FENCE.test(lines.findLast((line) => !isBlank(line)) ?? '');
}

function isClosedBy(lines: readonly string[]): boolean {
  return CLOSING_FENCE.test(lines.find((line) => !isBlank(line)) ?? '');
}

function countFences(lines: readonly string[]): number {
  return lines.filter((line) => FENCE.test(line)).length;
}

function trimBlankLines(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').replace(/(?:\n[^\S\n]*)+$/, '');
}
