/**
 * Inline text as runs, and its two forms: HTML of safe inline elements, and plain text. HTML is built
 * anew from text and from the marks named here; nothing of the source's markup is copied.
 */
import { attribute, tagOf } from './dom.ts';
import type { DomElement } from './dom.ts';
import { escapeAttribute, escapeText } from '../../core/escape.ts';
import { safeLink } from './links.ts';

export interface Mark {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export type Run =
  | { readonly kind: 'text'; readonly text: string; readonly marks: readonly Mark[] }
  /** An explicit line break. */
  | { readonly kind: 'break'; readonly marks: readonly Mark[] }
  /** Where a block begins or ends: a new line, or with `lines` 2 a new paragraph. */
  | { readonly kind: 'edge'; readonly lines: 1 | 2 };

const LITERAL = new Set(['code', 'kbd', 'samp', 'var']);

/** Does a mark say of the text in it that it is code, key or output, to be taken to the letter? */
export function isLiteralMark(mark: Mark): boolean {
  return LITERAL.has(mark.tag);
}

export interface Inline {
  readonly html: string;
  readonly text: string;
}

const EMPTY: Inline = { html: '', text: '' };

const MARK_OF_TAG: Readonly<Record<string, string>> = {
  a: 'a',
  abbr: 'abbr',
  acronym: 'abbr',
  b: 'strong',
  bdi: 'bdi',
  bdo: 'bdo',
  cite: 'cite',
  code: 'code',
  del: 'del',
  dfn: 'dfn',
  em: 'em',
  i: 'em',
  ins: 'ins',
  kbd: 'kbd',
  mark: 'mark',
  q: 'q',
  rp: 'rp',
  rt: 'rt',
  ruby: 'ruby',
  s: 's',
  samp: 'samp',
  small: 'small',
  strike: 's',
  strong: 'strong',
  sub: 'sub',
  sup: 'sup',
  tt: 'code',
  u: 'u',
  var: 'var',
};

/** Inside themselves these mean something; the others are said once. */
const NESTING = new Set(['sub', 'sup', 'q', 'small', 'bdi', 'bdo', 'ruby']);
/** Parsers end one of these where another begins. */
const RUBY_PARTS = ['rt', 'rp'];

function attributesOf(element: DomElement, tag: string): Record<string, string> | null {
  if (tag === 'a') {
    const href = safeLink(attribute(element, 'href'));
    return href === null ? null : { href, rel: 'noopener noreferrer' };
  }
  if (tag === 'abbr') {
    const title = attribute(element, 'title')?.trim() ?? '';
    return title === '' ? {} : { title };
  }
  if (tag === 'bdi' || tag === 'bdo') {
    const dir = attribute(element, 'dir')?.toLowerCase() ?? '';
    return ['ltr', 'rtl'].includes(dir) ? { dir } : {};
  }
  return {};
}

/** The marks inside an element: those around it, and its own if it has one. */
export function marksWithin(element: DomElement, around: readonly Mark[]): readonly Mark[] {
  const name = tagOf(element);
  const tag = Object.hasOwn(MARK_OF_TAG, name) ? MARK_OF_TAG[name] : undefined;
  if (tag === undefined) return around;
  const same = RUBY_PARTS.includes(tag) ? RUBY_PARTS : [tag];
  if (!NESTING.has(tag) && around.some((mark) => same.includes(mark.tag))) return around;
  const attributes = attributesOf(element, tag);
  return attributes === null ? around : [...around, { tag, attributes }];
}

export function markFor(tag: string, attributes: Readonly<Record<string, string>> = {}): Mark {
  return { tag, attributes };
}

export function linkMark(href: string): Mark {
  return markFor('a', { href, rel: 'noopener noreferrer' });
}

/** Controls have no glyph; some of them are refused by databases and parsers. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000B\u000E-\u001F\u007F-\u009F]/g;

export function withoutControls(text: string): string {
  return text.replace(CONTROLS, ' ');
}

/** White space of HTML; a no-break space is none. */
export function collapse(text: string): string {
  return withoutControls(text).replace(/[ \t\n\f\r]+/g, ' ');
}

interface Piece {
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** Lines of pieces; an empty line stands for a new paragraph. */
type Lines = readonly (readonly Piece[])[];

function toLines(runs: readonly Run[]): { pieces: Piece[]; breaksBefore: number }[] {
  const lines: { pieces: Piece[]; breaksBefore: number }[] = [];
  let pieces: Piece[] = [];
  let breaks = 0;
  let edge = 0;
  const endLine = (): void => {
    const trimmed = trimLine(pieces);
    if (trimmed.length > 0) {
      lines.push({ pieces: trimmed, breaksBefore: pendingBreaks });
      pendingBreaks = 0;
    }
    pieces = [];
  };
  let pendingBreaks = 0;
  for (const run of runs) {
    if (run.kind === 'text') {
      if (breaks > 0 || edge > 0) {
        // Only visible text ends a run of breaks; the spaces between two breaks are nothing.
        if (collapse(run.text).trim() === '' && !run.text.includes('\u00A0')) continue;
        endLine();
        pendingBreaks = Math.max(pendingBreaks, breaks, edge);
        breaks = 0;
        edge = 0;
      }
      pieces.push({ text: run.text, marks: run.marks });
    } else if (run.kind === 'break') breaks += 1;
    else edge = Math.max(edge, run.lines);
  }
  endLine();
  return lines;
}

/** Collapses white space across pieces and trims both ends. */
function trimLine(pieces: readonly Piece[]): Piece[] {
  const kept: { text: string; marks: readonly Mark[] }[] = [];
  let endsInSpace = true;
  for (const piece of pieces) {
    let text = collapse(piece.text);
    if (endsInSpace && text.startsWith(' ')) text = text.slice(1);
    if (text === '') continue;
    endsInSpace = text.endsWith(' ');
    kept.push({ text, marks: piece.marks });
  }
  for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
    if (!last.text.endsWith(' ')) break;
    last.text = last.text.slice(0, -1);
    if (last.text !== '') break;
    kept.pop();
  }
  return kept.some((piece) => /[^\s\u200B\u200C\u2060\uFEFF\u200D]/u.test(piece.text)) ? kept : [];
}

function openTag({ tag, attributes }: Mark): string {
  const pairs = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${escapeAttribute(value)}"`,
  );
  return `<${tag}${pairs.join('')}>`;
}

function sharedDepth(a: readonly Mark[], b: readonly Mark[]): number {
  let depth = 0;
  while (depth < a.length && depth < b.length && a[depth] === b[depth]) depth += 1;
  return depth;
}

/** For each line the first piece of it, or of the next one that has any. */
function firstPieces(lines: Lines): (Piece | undefined)[] {
  const first: (Piece | undefined)[] = [];
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    first[index] = lines[index]?.[0] ?? first[index + 1];
  }
  return first;
}

/** HTML of lines; marks stay open across pieces that share them. */
function toHtml(lines: Lines): string {
  let html = '';
  let open: readonly Mark[] = [];
  const moveTo = (marks: readonly Mark[]): void => {
    const shared = sharedDepth(open, marks);
    html += open
      .slice(shared)
      .toReversed()
      .map((mark) => `</${mark.tag}>`)
      .join('');
    html += marks.slice(shared).map(openTag).join('');
    open = marks;
  };
  const upcoming = firstPieces(lines);
  for (const [index, pieces] of lines.entries()) {
    if (index > 0) {
      moveTo(open.slice(0, sharedDepth(open, upcoming[index]?.marks ?? [])));
      html += '<br>';
    }
    for (const piece of pieces) {
      moveTo(piece.marks);
      html += escapeText(piece.text);
    }
  }
  moveTo([]);
  return html;
}

function toInline(lines: Lines): Inline {
  return {
    html: toHtml(lines),
    text: lines.map((pieces) => pieces.map((piece) => piece.text).join('')).join('\n'),
  };
}

/** All runs as one inline: line breaks as `<br>`, new paragraphs as two of them. */
export function inlineOf(runs: readonly Run[]): Inline {
  const lines = toLines(runs);
  if (lines.length === 0) return EMPTY;
  return toInline(
    lines.flatMap(({ pieces, breaksBefore }, index) =>
      index > 0 && breaksBefore > 1 ? [[], pieces] : [pieces],
    ),
  );
}

/** The runs as paragraphs: a run of two or more breaks parts them, a single one stays inside. */
export function paragraphsOf(runs: readonly Run[]): Inline[] {
  const paragraphs: Piece[][][] = [];
  for (const { pieces, breaksBefore } of toLines(runs)) {
    const current = paragraphs.at(-1);
    if (current === undefined || breaksBefore > 1) paragraphs.push([pieces]);
    else current.push(pieces);
  }
  return paragraphs.map(toInline);
}

/** One line of plain text. */
export function plainOf(runs: readonly Run[]): string {
  return inlineOf(runs)
    .text.replace(/\s*\n+\s*/g, ' ')
    .trim();
}

/** What a line of plain text is for; the title of a page is a heading. */
export type PlainField = 'heading' | 'term' | 'summary';

/** Reads a line of plain text: `plainOf`, or what also knows of signs that are not to be seen. */
export type PlainReader = (runs: readonly Run[], field: PlainField) => string;
