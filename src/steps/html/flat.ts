/** Any content as inline runs: for list items, quotes, callouts, cells, terms and headings. */
import { childrenOf, isElement, isHidden, isInFormula, standsApart, tagOf, textOf } from './dom.ts';
import type { DomElement, DomNode } from './dom.ts';
import { markFor, marksWithin } from './inline.ts';
import type { Mark, Run } from './inline.ts';
import { apart, leafRuns } from './leaf.ts';

const LINE = ['div', 'li', 'dt', 'dd', 'tr', 'figcaption', 'legend', 'option', 'address'];
const PARAGRAPH = [
  'p',
  'blockquote',
  'pre',
  'table',
  'ul',
  'ol',
  'menu',
  'dir',
  'dl',
  'section',
  'article',
  'aside',
  'header',
  'footer',
  'main',
  'nav',
  'figure',
  'details',
  'summary',
  'fieldset',
  'form',
  'hr',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'hgroup',
  'search',
  'center',
  'caption',
  'dialog',
  'body',
  'optgroup',
  'select',
  'textarea',
  'xmp',
  'listing',
  'plaintext',
];
const LINES_OF_TAG: ReadonlyMap<string, 1 | 2> = new Map([
  ...LINE.map((tag): [string, 1] => [tag, 1]),
  ...PARAGRAPH.map((tag): [string, 2] => [tag, 2]),
]);
const HEADINGS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'summary', 'th', 'dt']);

export const isList = (tag: string): boolean => ['ul', 'ol', 'menu', 'dir'].includes(tag);
export const isPreformatted = (tag: string): boolean =>
  ['pre', 'xmp', 'listing', 'plaintext', 'textarea'].includes(tag);

/** Lines that set a block apart from what is around it; undefined for what is drawn in line. */
function linesOf(element: DomElement): 1 | 2 | undefined {
  return isInFormula(element) ? undefined : LINES_OF_TAG.get(tagOf(element));
}

export function isBlock(element: DomElement): boolean {
  return linesOf(element) !== undefined;
}

function isCell(element: DomElement): boolean {
  return ['td', 'th'].includes(tagOf(element)) && !isInFormula(element);
}

/** A number or bullet that the browser would have drawn; the en space tells it from the text. */
export function marker(ordered: boolean, number: number): string {
  return ordered ? `${number}.\u2002` : '•\u2002';
}

/** Lines of preformatted text; its spaces are made no-break ones, as inline text collapses others. */
export function preformattedRuns(text: string, marks: readonly Mark[]): Run[] {
  const inCode = marks.some((mark) => mark.tag === 'code') ? marks : [...marks, markFor('code')];
  return text.split('\n').flatMap((line, index): Run[] => {
    const kept = line
      .replaceAll('\t', '    ')
      .replace(/^ +| {2,}/g, (spaces) => '\u00A0'.repeat(spaces.length));
    const run: Run = { kind: 'text', text: kept, marks: inCode };
    return index === 0 ? [run] : [{ kind: 'break', marks: inCode }, run];
  });
}

/** Text that grows, and what its end looks like: to look at the whole at each piece takes too long. */
class Lines {
  readonly #pieces: string[] = [];
  #isAtStart = true;
  #isLineBlank = true;

  /** At the start of a line, or of everything. */
  get isAtStart(): boolean {
    return this.#isAtStart;
  }

  get isLineBlank(): boolean {
    return this.#isLineBlank;
  }

  /** Pieces so far. */
  get count(): number {
    return this.#pieces.length;
  }

  add(piece: string): void {
    if (piece === '') return;
    this.#pieces.push(piece);
    const line = piece.lastIndexOf('\n') + 1;
    this.#isAtStart = line === piece.length;
    this.#isLineBlank = (line > 0 || this.#isLineBlank) && piece.slice(line).trim() === '';
  }

  toString(): string {
    return this.#pieces.join('');
  }
}

/** The text of a preformatted element with its line breaks, less the hidden parts. */
export function preformattedText(element: DomElement): string {
  const lines = new Lines();
  addPreformatted(element, lines);
  return lines.toString();
}

function addPreformatted(element: DomElement, lines: Lines): void {
  for (const node of childrenOf(element)) {
    const text = textOf(node);
    if (text !== null) lines.add(text);
    else if (isElement(node) && !isHidden(node)) addElement(node, lines);
  }
}

/**
 * Blocks within preformatted text are lines of their own, and cells are apart, however deep in other
 * elements they stand.
 */
function addElement(element: DomElement, lines: Lines): void {
  const tag = tagOf(element);
  if (tag === 'br') return lines.add('\n');
  const isApart = standsApart(element);
  const isLine = !isApart && !isCell(element) && isBlock(element);
  if (isApart) lines.add(' ');
  else if (isCell(element) && !lines.isLineBlank) lines.add('\t');
  else if (isLine && !lines.isAtStart) lines.add('\n');

  const before = lines.count;
  const leaf = leafRuns(element, []);
  if (leaf === null) addPreformatted(element, lines);
  else for (const run of leaf) lines.add(run.kind === 'text' ? run.text : '');

  if (isApart) lines.add(' ');
  else if (isLine && lines.count > before && !lines.isAtStart) lines.add('\n');
}

function listRuns(list: DomElement, marks: readonly Mark[]): Run[] {
  const ordered = tagOf(list) === 'ol';
  let number = 0;
  return childrenOf(list).flatMap((child) => {
    if (!isElement(child) || tagOf(child) !== 'li') return flatten(child, marks);
    number += 1;
    const runs = flatten(child, marks);
    const first = runs.findIndex((run) => run.kind === 'text' && run.text.trim() !== '');
    const bullet: Run = { kind: 'text', text: marker(ordered, number), marks };
    return first === -1 ? runs : runs.toSpliced(first, 0, bullet);
  });
}

function contentRuns(element: DomElement, marks: readonly Mark[]): Run[] {
  const tag = tagOf(element);
  if (isPreformatted(tag))
    return preformattedRuns(preformattedText(element).replace(/\n$/, ''), marks);
  if (isList(tag)) return listRuns(element, marks);
  const strong =
    HEADINGS.has(tag) && !marks.some((mark) => mark.tag === 'strong')
      ? [...marks, markFor('strong')]
      : marks;
  const inner = marksWithin(element, strong);
  return childrenOf(element).flatMap((child) => flatten(child, inner));
}

function cellGap(cell: DomElement, marks: readonly Mark[]): Run[] {
  const row = cell.parent === null ? [] : childrenOf(cell.parent).filter(isElement);
  return row[0] === cell ? [] : [{ kind: 'text', text: '\u2003', marks }];
}

/** The runs of a node with everything in it; blocks become lines. */
export function flatten(node: DomNode, marks: readonly Mark[]): Run[] {
  const text = textOf(node);
  if (text !== null) return [{ kind: 'text', text, marks }];
  if (!isElement(node) || isHidden(node)) return [];
  const leaf = leafRuns(node, marks);
  if (leaf !== null) return leaf;
  const content = contentRuns(node, marks);
  if (isCell(node)) return [...cellGap(node, marks), ...content];
  if (standsApart(node)) return apart(content, marks);
  const lines = linesOf(node);
  return lines === undefined
    ? content
    : [{ kind: 'edge', lines }, ...content, { kind: 'edge', lines }];
}

/** The runs of what stands inside an element, without its own edges. */
export function flattenChildren(element: DomElement, marks: readonly Mark[]): Run[] {
  const inner = marksWithin(element, marks);
  return childrenOf(element).flatMap((child) => flatten(child, inner));
}
