/** Blocks that Markdown wrote as lines of a paragraph: lists, code, tables, quotes, headings, rules. */
import type { Block } from '../../core/page.ts';
import { hasWords } from '../../core/reply/normalize.ts';
import type { Inline } from '../html/inline.ts';
import { tableOfCells } from '../html/table-cells.ts';
import type { Change } from './change.ts';
import { listOf, listRuns } from './lists.ts';
import type { Bullets } from './lists.ts';
import { inlineOfRich, joinLines, linesOf, richOf, slice, trim, withoutPrefix } from './rich.ts';
import type { Rich } from './rich.ts';

type Paragraph = Extract<Block, { type: 'paragraph' }>;

export interface Rewritten {
  readonly blocks: readonly Block[];
  readonly kind: Change['kind'];
  /** What became of the whole paragraph, also of the lines around the new block. */
  readonly after: string;
}

type Reading = Omit<Rewritten, 'after'>;

const FENCE = /^(`{3,}|~{3,})\s*([\p{L}\p{N}+#._-]*)$/u;
/** Underscores are a line to write on. */
const RULE = /^(?:-{3,}|\*{3,}|(?:- ){2,}-|(?:\* ){2,}\*)$/;
const SEPARATOR = /^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$/;
const HEADING = /^(#{1,6})\s+(?=\S)/;

export function paragraphOf(rich: Rich): Paragraph[] {
  const inline = inlineOfRich(rich);
  return inline.text === '' ? [] : [{ type: 'paragraph', ...inline }];
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

function readLists(lines: readonly Rich[], bullets: Bullets): Reading | null {
  const runs = listRuns(lines, bullets);
  if (runs.length === 0) return null;
  const blocks: Block[] = [];
  let next = 0;
  for (const run of runs) {
    blocks.push(...paragraphOf(joinLines(lines.slice(next, run.start))), listOf(run.lines));
    next = run.start + run.lines.length;
  }
  return { blocks: [...blocks, ...paragraphOf(joinLines(lines.slice(next)))], kind: 'list' };
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
export function rewriteParagraph(paragraph: Paragraph, bullets: Bullets): Rewritten | null {
  const rich = richOf(paragraph.html);
  const lines = linesOf(rich).map(trim);
  const reading =
    readRule(rich) ??
    readFence(linesOf(rich)) ??
    readTable(lines) ??
    readLists(lines, bullets) ??
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
