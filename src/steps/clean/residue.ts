/** Blocks that Markdown wrote as lines of a paragraph: lists, code, tables, quotes, headings, rules. */
import type { Block, ListItem } from '../../core/page.ts';
import { hasWords } from '../../core/reply/normalize.ts';
import type { Inline } from '../html/inline.ts';
import { tableOfCells } from '../html/table-cells.ts';
import type { Change } from './change.ts';
import { inlineOfRich, joinLines, linesOf, richOf, slice, trim } from './rich.ts';
import type { Rich } from './rich.ts';

type Paragraph = Extract<Block, { type: 'paragraph' }>;

export interface Rewritten {
  readonly blocks: readonly Block[];
  readonly kind: Change['kind'];
  /** What became of the whole paragraph, also of the lines around the new block. */
  readonly after: string;
}

type Reading = Omit<Rewritten, 'after'>;

const BULLET = /^[-*+•]\s+(?=\S)/;
const NUMBER = /^(\d{1,3})[.)]\s+(?=\S)/;
const FENCE = /^(`{3,}|~{3,})\s*([\p{L}\p{N}+#._-]*)$/u;
/** Underscores are a line to write on. */
const RULE = /^(?:-{3,}|\*{3,}|(?:- ){2,}-|(?:\* ){2,}\*)$/;
const SEPARATOR = /^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$/;
const HEADING = /^(#{1,6})\s+(?=\S)/;

export function paragraphOf(rich: Rich): Paragraph[] {
  const inline = inlineOfRich(rich);
  return inline.text === '' ? [] : [{ type: 'paragraph', ...inline }];
}

function withoutPrefix(line: Rich, pattern: RegExp): Rich {
  return slice(line, pattern.exec(line.text)?.[0].length ?? 0);
}

function numberOf(line: Rich): number | null {
  const digits = NUMBER.exec(line.text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** How many lines from `start` on are items of one list. */
export function listLength(lines: readonly Rich[], start: number): number {
  const first = lines[start];
  if (first === undefined) return 0;
  const number = numberOf(first);
  const belongs = (line: Rich, index: number): boolean =>
    number === null ? BULLET.test(line.text) : numberOf(line) === number + index;
  const rest = lines.slice(start);
  const end = rest.findIndex((line, index) => !belongs(line, index));
  return end === -1 ? rest.length : end;
}

export function listOf(lines: readonly Rich[]): Block {
  const start = lines[0] === undefined ? null : numberOf(lines[0]);
  const items: ListItem[] = lines.map((line) =>
    inlineOfRich(withoutPrefix(line, start === null ? BULLET : NUMBER)),
  );
  return {
    type: 'list',
    ordered: start !== null,
    ...(start === null || start === 1 ? {} : { start }),
    items,
  };
}

function around(before: readonly Rich[], block: Block, after: readonly Rich[]): Block[] {
  return [...paragraphOf(joinLines(before)), block, ...paragraphOf(joinLines(after))];
}

function readFence(lines: readonly Rich[]): Reading | null {
  const open = lines.findIndex((line) => FENCE.test(line.text.trim()));
  const [, mark, language = ''] = FENCE.exec(lines[open]?.text.trim() ?? '') ?? [];
  if (mark === undefined) return null;
  const close = lines.findIndex((line, index) => index > open && line.text.trim() === mark);
  if (close === -1) return null;
  const text = lines
    .slice(open + 1, close)
    .map((line) => line.text)
    .join('\n')
    .replaceAll('\u00A0', ' ')
    .trimEnd();
  if (text.trim() === '') return null;
  const block: Block = {
    type: 'code',
    language: language === '' ? null : language.toLowerCase(),
    text,
  };
  return {
    blocks: around(lines.slice(0, open), block, lines.slice(close + 1)),
    kind: 'code_block',
  };
}

/** The pipes at both ends draw the edge of the table; there need not be any. */
function withoutOuterPipes(line: Rich): Rich {
  const start = line.text.startsWith('|') ? 1 : 0;
  const end = line.text.length - (line.text.endsWith('|') ? 1 : 0);
  return slice(line, start, Math.max(start, end));
}

/** What is between the pipes, with the links and marks that were there; a mark over a pipe is in both cells. */
function cellsOf(line: Rich): Inline[] {
  const rich = withoutOuterPipes(trim(line));
  let start = 0;
  return rich.text.split('|').map((text) => {
    const cell = slice(rich, start, start + text.length);
    start += text.length + 1;
    return inlineOfRich(trim(cell));
  });
}

function readTable(lines: readonly Rich[]): Reading | null {
  const separator = lines.findIndex(
    (line) => line.text.includes('|') && SEPARATOR.test(line.text.trim()),
  );
  const head = lines[separator - 1];
  if (separator < 1 || head === undefined || !head.text.includes('|')) return null;
  const header = cellsOf(head);
  const columns = cellsOf(lines[separator] ?? head).length;
  if (header.length !== columns) return null;
  const rest = lines.slice(separator + 1);
  const end = rest.findIndex((line) => !line.text.includes('|'));
  const body = end === -1 ? rest : rest.slice(0, end);
  const rows = body.map(cellsOf);
  if (rows.some((row) => row.length !== columns)) return null;
  const block = tableOfCells(header, rows);
  return {
    blocks: around(lines.slice(0, separator - 1), block, rest.slice(body.length)),
    kind: 'table',
  };
}

/** Two lines at least: a single line that begins with a dash may be prose. */
function readList(lines: readonly Rich[]): Reading | null {
  const start = lines.findIndex((_line, index) => listLength(lines, index) >= 2);
  if (start === -1) return null;
  const end = start + listLength(lines, start);
  const block = listOf(lines.slice(start, end));
  return {
    blocks: around(lines.slice(0, start), block, lines.slice(end)),
    kind: 'list',
  };
}

/** `> 5 years` is a comparison. */
function readQuote(lines: readonly Rich[]): Reading | null {
  const pattern = /^>\s+(?=[^\s\d=>])/;
  if (lines.length === 0 || !lines.every((line) => pattern.test(line.text))) return null;
  const inline = inlineOfRich(joinLines(lines.map((line) => withoutPrefix(line, pattern))));
  return { blocks: [{ type: 'quote', ...inline }], kind: 'quote' };
}

function readRule(rich: Rich): Reading | null {
  return RULE.test(rich.text.trim()) ? { blocks: [], kind: 'rule_removed' } : null;
}

/** The text of one of the blocks that a paragraph can turn out to be. */
export function textOf(block: Block): string {
  if (block.type === 'list') return block.items.map((item) => item.text).join('\n');
  if (block.type === 'table') {
    return [block.header, ...block.rows].map((row) => row.join(' | ')).join('\n');
  }
  return 'text' in block ? block.text : '';
}

/** What a paragraph really was; null when it is a paragraph. */
export function rewriteParagraph(paragraph: Paragraph): Rewritten | null {
  const rich = richOf(paragraph.html);
  const lines = linesOf(rich).map(trim);
  const reading =
    readRule(rich) ??
    readFence(linesOf(rich)) ??
    readTable(lines) ??
    readList(lines) ??
    readQuote(lines);
  return reading === null ? null : { ...reading, after: reading.blocks.map(textOf).join('\n') };
}

export interface HeadingLine {
  readonly level: number;
  readonly text: string;
}

/**
 * A paragraph that is a heading of Markdown, on one line. One `#` could also mean a number, so it
 * wants a capital letter after it and no full stop at the end.
 */
export function headingOf(block: Block): HeadingLine | null {
  if (block.type !== 'paragraph' || block.text.includes('\n') || block.text.length > 200)
    return null;
  const marks = HEADING.exec(block.text)?.[1];
  if (marks === undefined) return null;
  const text = block.text
    .slice(marks.length)
    .replace(/\s+#+\s*$/, '')
    .trim();
  const isCertain =
    marks.length > 1 || (/^[\p{Lu}\p{Emoji_Presentation}]/u.test(text) && !/[.;,]$/.test(text));
  return isCertain && hasWords(text) ? { level: marks.length, text } : null;
}

/** A paragraph that is nothing but one item of a list. */
export function itemLine(block: Block): Rich | null {
  if (block.type !== 'paragraph' || block.text.includes('\n')) return null;
  return BULLET.test(block.text) || NUMBER.test(block.text) ? richOf(block.html) : null;
}

export function isFenceLine(block: Block): boolean {
  return block.type === 'paragraph' && FENCE.test(block.text.trim());
}

/** A code block that stands as paragraphs between two lines of a fence, and how many blocks it takes. */
export function fencedFrom(
  blocks: readonly Block[],
  start: number,
): { block: Block; length: number } | null {
  const [, mark, language = ''] = FENCE.exec(textOfParagraph(blocks[start]) ?? '') ?? [];
  if (mark === undefined) return null;
  const texts = blocks.slice(start + 1).map(textOfParagraph);
  const close = texts.indexOf(mark);
  const inside = texts.slice(0, Math.max(0, close));
  const text = inside.join('\n').replaceAll('\u00A0', ' ').trimEnd();
  if (inside.includes(null) || text.trim() === '') return null;
  return {
    block: { type: 'code', language: language === '' ? null : language.toLowerCase(), text },
    length: close + 2,
  };
}

function textOfParagraph(block: Block | undefined): string | null {
  return block?.type === 'paragraph' ? block.text.trim() : null;
}

/** Items that repeat the bullet that their list draws anyway. */
export function withoutBullets(items: readonly ListItem[]): ListItem[] | null {
  const pattern = /^[-*•]\s+(?=\S)/;
  if (items.length === 0 || !items.every((item) => pattern.test(item.text))) return null;
  return items.map((item) => ({
    ...item,
    ...inlineOfRich(withoutPrefix(richOf(item.html), pattern)),
  }));
}
