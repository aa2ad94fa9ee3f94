/** Code fences of Markdown: three or more backticks or tildes on a line of their own. */

import { countWords } from './normalize.ts';

export interface Fence {
  /** The word after the opening marks, lower case; '' without one. */
  readonly tag: string;
  readonly content: string;
  readonly closed: boolean;
  /** Offsets of the whole fence, its marks included. */
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
}

interface Opening {
  readonly mark: string;
  readonly tag: string;
  readonly start: number;
  readonly contentStart: number;
}

/** That no backtick follows is looked at once, before the tag: a line of any length takes linear time. */
const OPENING = /^[ \t>]*(`{3,}|~{3,}(?!~))(?=[^`\n]*$)[ \t]*([^\s`]*)/;
/** What was asked for, begun on the line of the mark; a title or line numbers are none. */
const BEGUN = /<[/!a-z]|\{\s*(?:["'“„]|$)/i;

function closes(line: string, opening: Opening): boolean {
  const trimmed = line.replace(/^[ \t>]*/, '').trimEnd();
  return (
    trimmed.length >= opening.mark.length &&
    trimmed === (opening.mark[0] ?? '').repeat(trimmed.length)
  );
}

function fenceOf(
  text: string,
  { tag, start, contentStart }: Opening,
  { contentEnd, end, closed }: { contentEnd: number; end: number; closed: boolean },
): Fence {
  const content = text.slice(contentStart, contentEnd);
  return { tag, content, closed, start, end, contentStart };
}

/** The fences of a text that lie side by side, in order; one that is never closed runs to the end. */
export function findFences(text: string): Fence[] {
  const fences: Fence[] = [];
  let opening: Opening | null = null;
  let offset = 0;
  for (const line of text.split('\n')) {
    const end = Math.min(offset + line.length + 1, text.length);
    if (opening === null) {
      const [, mark, tag = ''] = OPENING.exec(line) ?? [];
      if (mark !== undefined) {
        const begun = BEGUN.exec(line)?.index;
        const contentStart = begun === undefined ? end : offset + begun;
        opening = { mark, tag: tag.toLowerCase(), start: offset, contentStart };
      }
    } else if (closes(line, opening)) {
      fences.push(fenceOf(text, opening, { contentEnd: offset, end, closed: true }));
      opening = null;
    }
    offset += line.length + 1;
  }
  if (opening !== null) {
    fences.push(
      fenceOf(text, opening, { contentEnd: text.length, end: text.length, closed: false }),
    );
  }
  return fences;
}

/** A mark with a word right behind it, as `\`\`\`bash`: inside of a fence it opens another, and closes none. */
const TAGGED = /^[ \t>]*(?:`{3,}|~{3,})[^\s`~]/;

/** How many fences are open at the end where a fence may stand in a fence. */
function openAtEnd(text: string): number {
  const open: string[] = [];
  for (const line of text.split('\n')) {
    const mark = OPENING.exec(line)?.[1];
    if (mark === undefined) continue;
    const innermost = open.at(-1);
    if (innermost === undefined || TAGGED.test(line)) open.push(mark);
    else if (mark.startsWith(innermost)) open.pop();
  }
  return open.length;
}

/**
 * Is a fence never closed? Markdown has none in another of the same length, yet models write a README
 * with its commands so, and go on after the mark that closes. What has one reading without an open
 * fence was not cut.
 */
export function endsInFence(text: string): boolean {
  return findFences(text).some((fence) => !fence.closed) && openAtEnd(text) > 0;
}

/** Fences of these hold prose, not code. */
const PROSE_TAGS = new Set(['', 'markdown', 'md', 'text', 'txt', 'plaintext']);

/** These say that what they hold is a text of its own, with a title and fences. */
const MARKDOWN_TAGS = new Set(['markdown', 'md']);
const HEADING = /^ {0,3}#{1,6}\s/;

/** A remark around the fence is at most this part of all words. */
const MAX_REMARK_SHARE = 0.2;

/**
 * Do the fences of a text stand side by side, the first of them closed by the first mark inside it?
 * Then its mark and the last one of the text belong to two fences, and are no wrapper.
 */
function areSideBySide(whole: string): boolean {
  const [first, ...others] = findFences(whole);
  if (first === undefined || !others.some((fence) => fence.closed)) return false;
  const signOf = (line: string): string | undefined => OPENING.exec(line)?.[1]?.[0];
  const sign = signOf(whole.slice(first.start, first.contentStart).trimEnd());
  return !first.content.split('\n').some((line) => signOf(line) === sign);
}

/** Does a fence of Markdown hold the title, which a lesson has before its first sample? */
function holdsTitle(tag: string, inner: readonly string[], around: string): boolean {
  return (
    MARKDOWN_TAGS.has(tag) &&
    HEADING.test(inner.find((line) => line.trim() !== '') ?? '') &&
    !around.split('\n').some((line) => HEADING.test(line))
  );
}

/**
 * What a fence of prose holds that is around a whole text, or around nearly all of it with a remark
 * before and after; else the text itself. An inner fence, which would seem to close the outer one, is
 * told from it by its tag, or by the title that stands inside.
 */
export function unwrapFence(text: string): string {
  const whole = text.trim();
  const lines = whole.split('\n');
  const first = lines.findIndex((line) => OPENING.test(line));
  const [, mark, name = ''] = OPENING.exec(lines[first] ?? '') ?? [];
  const tag = name.toLowerCase();
  if (mark === undefined || !PROSE_TAGS.has(tag)) return whole;
  const opening = { mark, tag, start: 0, contentStart: 0 };
  const last = lines.findLastIndex((line) => closes(line, opening));
  const inner = lines.slice(first + 1, last);
  if (last <= first || endsInFence(inner.join('\n'))) return whole;
  const around = [...lines.slice(0, first), ...lines.slice(last + 1)].join('\n');
  if (areSideBySide(whole) && !holdsTitle(tag, inner, around)) return whole;
  const isRemark = countWords(around) <= MAX_REMARK_SHARE * countWords(whole);
  return isRemark ? inner.join('\n').trim() : whole;
}
