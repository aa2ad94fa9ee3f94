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
}

interface Opening {
  readonly mark: string;
  readonly tag: string;
  readonly start: number;
  readonly contentStart: number;
}

const OPENING = /^[ \t>]*(`{3,}|~{3,})[ \t]*([^\s`]*)[^`\n]*$/;

function closes(line: string, opening: Opening): boolean {
  const trimmed = line.replace(/^[ \t>]*/, '').trimEnd();
  return (
    trimmed.length >= opening.mark.length &&
    trimmed === (opening.mark[0] ?? '').repeat(trimmed.length)
  );
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
        opening = { mark, tag: tag.toLowerCase(), start: offset, contentStart: end };
      }
    } else if (closes(line, opening)) {
      const content = text.slice(opening.contentStart, offset);
      fences.push({ tag: opening.tag, content, closed: true, start: opening.start, end });
      opening = null;
    }
    offset += line.length + 1;
  }
  if (opening !== null) {
    const content = text.slice(opening.contentStart);
    fences.push({
      tag: opening.tag,
      content,
      closed: false,
      start: opening.start,
      end: text.length,
    });
  }
  return fences;
}

/** Fences of these hold prose, not code. */
const PROSE_TAGS = new Set(['', 'markdown', 'md', 'text', 'txt', 'plaintext']);

/** A remark around the fence is at most this part of all words. */
const MAX_REMARK_SHARE = 0.2;

/**
 * What a fence of prose holds that is around a whole text, or around nearly all of it with a remark
 * before and after; else the text itself. An inner fence, which would seem to close the outer one, is
 * told from it by the last closing line of the text.
 */
export function unwrapFence(text: string): string {
  const whole = text.trim();
  const lines = whole.split('\n');
  const first = lines.findIndex((line) => OPENING.test(line));
  const [, mark, tag = ''] = OPENING.exec(lines[first] ?? '') ?? [];
  if (mark === undefined || !PROSE_TAGS.has(tag.toLowerCase())) return whole;
  const opening = { mark, tag: '', start: 0, contentStart: 0 };
  const last = lines.findLastIndex((line) => closes(line, opening));
  const inner = lines.slice(first + 1, last);
  if (last <= first || findFences(inner.join('\n')).some((fence) => !fence.closed)) return whole;
  const around = [...lines.slice(0, first), ...lines.slice(last + 1)].join('\n');
  const isRemark = countWords(around) <= MAX_REMARK_SHARE * countWords(whole);
  return isRemark ? inner.join('\n').trim() : whole;
}
