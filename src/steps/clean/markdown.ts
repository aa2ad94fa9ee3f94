/**
 * Markdown left over in inline text becomes marks, where it is certain: paired, on one line, not
 * within words, code or addresses. Everything else is text.
 */
import { isLiteralMark, linkMark, markFor } from '../html/inline.ts';
import type { Mark } from '../html/inline.ts';
import { safeLink } from '../html/links.ts';
import { addMark, concat, slice, textLike } from './rich.ts';
import type { Rich } from './rich.ts';

export interface MarkdownChange {
  readonly kind: 'emphasis' | 'code' | 'link';
  readonly before: string;
  readonly after: string;
}

interface Found {
  readonly start: number;
  readonly end: number;
  /** The part that stays, within the whole. */
  readonly inner: readonly [number, number];
  readonly mark: Mark;
  readonly kind: MarkdownChange['kind'];
}

/** Texts longer than this are no prose that a model marked up. */
const MAX_CHARS = 20_000;
const MAX_MARKED_CHARS = 600;
const ADDRESS = /(?:https?:\/\/|www\.|mailto:)[^\s<>()[\]]+|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+/giu;

const isWord = (char: string): boolean => /[\p{L}\p{N}_]/u.test(char);
const isSpace = (char: string): boolean => char === '' || /\s/.test(char);

function charBefore(text: string, at: number): string {
  return Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? '';
}

function charAfter(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

export function isLiteral(rich: Rich, at: number): boolean {
  return rich.marks[at]?.some(isLiteralMark) === true;
}

/** Offsets that hold code or an address: no mark begins or ends there. */
function literalOffsets(rich: Rich): boolean[] {
  const literal = rich.marks.map((marks) => marks.some(isLiteralMark));
  for (const match of rich.text.matchAll(ADDRESS)) {
    const end = match.index + match[0].replace(/[*_`~]+$/, '').length;
    literal.fill(true, match.index, end);
  }
  return literal;
}

function sameMarks(rich: Rich, a: number, b: number): boolean {
  const [left, right] = [rich.marks[a] ?? [], rich.marks[b] ?? []];
  return left.length === right.length && left.every((mark, index) => mark === right[index]);
}

/** May the marks stand around this part? Its characters must all lie inside the same elements. */
function canMark(rich: Rich, found: Found): boolean {
  if (!sameMarks(rich, found.start, found.end - 1)) return false;
  const outer = rich.marks[found.start] ?? [];
  return rich.marks
    .slice(found.start, found.end)
    .every((marks) => outer.every((mark, index) => marks[index] === mark));
}

interface Delimiter {
  readonly sign: string;
  readonly tag: string;
  /** Underscores are common in names: only several words between them are surely emphasis. */
  readonly wantsSpace: boolean;
}

const DELIMITERS: readonly Delimiter[] = [
  { sign: '**', tag: 'strong', wantsSpace: false },
  { sign: '__', tag: 'strong', wantsSpace: true },
  { sign: '~~', tag: 's', wantsSpace: false },
  { sign: '*', tag: 'em', wantsSpace: false },
  { sign: '_', tag: 'em', wantsSpace: true },
];

/** Offsets where the sign stands alone, or as part of three that mean strong and emphasis. */
function signOffsets(text: string, sign: string): number[] {
  const char = sign[0] ?? '';
  const offsets: number[] = [];
  for (let at = text.indexOf(char); at !== -1;) {
    let end = at;
    while (text[end] === char) end += 1;
    const run = end - at;
    if (run === sign.length) offsets.push(at);
    // The outer two of three; the inner one is found on the next round.
    else if (run === 3 && sign.length === 2) {
      const opens = isSpace(charBefore(text, at)) || !isSpace(charAfter(text, end));
      offsets.push(opens && !isWord(charBefore(text, at)) ? at : at + 1);
    }
    at = text.indexOf(char, end);
  }
  return offsets;
}

function canOpen(text: string, at: number, sign: string): boolean {
  const before = charBefore(text, at);
  const after = charAfter(text, at + sign.length);
  if (isSpace(after) || isWord(before) || before === '\\') return false;
  return isWord(after) || /["'„“‚‘«(`[*_~]/u.test(after);
}

function canClose(text: string, at: number, sign: string): boolean {
  const before = charBefore(text, at);
  const after = charAfter(text, at + sign.length);
  return !isSpace(before) && before !== '(' && before !== '\\' && !isWord(after);
}

function isPhrase(inner: string, delimiter: Delimiter): boolean {
  if (inner.length > MAX_MARKED_CHARS || inner.includes('\n')) return false;
  return /\p{L}|\p{N}/u.test(inner) && (!delimiter.wantsSpace || /\S\s+\S/.test(inner));
}

function findEmphasis(rich: Rich, delimiter: Delimiter): Found[] {
  const { sign } = delimiter;
  const literal = literalOffsets(rich);
  const offsets = signOffsets(rich.text, sign).filter((at) => literal[at] !== true);
  const found: Found[] = [];
  let free = 0;
  for (const [index, start] of offsets.entries()) {
    if (start < free || !canOpen(rich.text, start, sign)) continue;
    // A sign between the two pairs with one of them: only signs that are neighbours are surely a pair.
    const close = offsets[index + 1];
    if (close === undefined || !canClose(rich.text, close, sign)) continue;
    const inner = rich.text.slice(start + sign.length, close);
    const match: Found = {
      start,
      end: close + sign.length,
      inner: [start + sign.length, close],
      mark: markFor(delimiter.tag),
      kind: 'emphasis',
    };
    if (!isPhrase(inner, delimiter) || !canMark(rich, match)) continue;
    found.push(match);
    free = match.end;
  }
  return found;
}

/** A backtick within a word is an apostrophe. */
const CODE =
  /(?<![\p{L}\p{N}`\\])(?:``(?!`)((?:[^`\n]|`(?!`)){1,400}?)``|`([^`\n]{1,400})`)(?![\p{L}\p{N}`])/gu;
const LINK =
  /!?\[([^[\]\n]{1,300})\]\(\s*<?([^\s()<>]{1,2000}(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,500})?)>?(?:\s+["“][^"”\n]{0,300}["”])?\s*\)/gu;

function findCode(rich: Rich): Found[] {
  const literal = literalOffsets(rich);
  return [...rich.text.matchAll(CODE)].flatMap((match): Found[] => {
    const [whole, double, single] = match;
    const start = match.index;
    const sign = double === undefined ? 1 : 2;
    if (literal[start] === true || (double ?? single ?? '').trim() === '') return [];
    return [
      {
        start,
        end: start + whole.length,
        inner: [start + sign, start + whole.length - sign],
        mark: markFor('code'),
        kind: 'code',
      },
    ];
  });
}

function findLinks(rich: Rich): Found[] {
  return [...rich.text.matchAll(LINK)].flatMap((match): Found[] => {
    const [whole, label = '', address = ''] = match;
    const start = match.index;
    const href = safeLink(address);
    const around = rich.marks[start] ?? [];
    if (href === null || around.some((mark) => mark.tag === 'a' || isLiteralMark(mark))) return [];
    const from = start + whole.indexOf('[') + 1;
    return [
      {
        start,
        end: start + whole.length,
        inner: [from, from + label.length],
        mark: linkMark(href),
        kind: 'link',
      },
    ];
  });
}

function apply(rich: Rich, found: readonly Found[], changes: MarkdownChange[]): Rich {
  const parts: Rich[] = [];
  let at = 0;
  for (const match of found) {
    if (match.start < at || !canMark(rich, match)) continue;
    const whole = slice(rich, match.start, match.end);
    const depth = (rich.marks[match.start] ?? []).length;
    const marked = addMark(slice(rich, ...match.inner), match.mark, depth);
    parts.push(slice(rich, at, match.start), marked);
    changes.push({ kind: match.kind, before: whole.text, after: marked.text });
    at = match.end;
  }
  return at === 0 ? rich : concat([...parts, slice(rich, at)]);
}

/** `[ ]` and `[x]` at the beginning of an item are a box. */
export function withBox(rich: Rich): Rich {
  const [whole, tick] = /^\[([ xX])\] (?=\S)/.exec(rich.text) ?? [];
  if (whole === undefined) return rich;
  const box = textLike(tick === ' ' ? '☐ ' : '☑ ', rich);
  return concat([box, slice(rich, whole.length)]);
}

/**
 * The text with its leftover Markdown turned into marks; the same object when there was none. Links are
 * left alone where there is no place for an address.
 */
export function readMarkdown(
  rich: Rich,
  links: 'read' | 'left' = 'read',
): { rich: Rich; changes: MarkdownChange[] } {
  const changes: MarkdownChange[] = [];
  if (rich.text.length > MAX_CHARS) return { rich, changes };
  let current = apply(rich, findCode(rich), changes);
  if (links === 'read') current = apply(current, findLinks(current), changes);
  for (const delimiter of DELIMITERS) {
    current = apply(current, findEmphasis(current, delimiter), changes);
  }
  return { rich: current, changes };
}
