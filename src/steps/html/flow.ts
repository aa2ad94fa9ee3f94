/** Walks a document and puts its blocks, in order, where they belong. */
import type { Block, DefinitionBlock, Section } from '../../core/page.ts';
import {
  attribute,
  childrenOf,
  classesOf,
  findElement,
  isElement,
  isHidden,
  standsApart,
  tagOf,
  textOf,
} from './dom.ts';
import type { DomElement, DomNode } from './dom.ts';
import {
  flatten,
  flattenChildren,
  isBlock,
  isList,
  isPreformatted,
  preformattedText,
} from './flat.ts';
import {
  inlineOf,
  isLiteralMark,
  markFor,
  marksWithin,
  paragraphsOf,
  plainOf,
  withoutControls,
} from './inline.ts';
import type { Inline, Mark, PlainReader, Run } from './inline.ts';
import { apart, imageOf, imageRuns, leafRuns } from './leaf.ts';
import { listBlocks } from './list.ts';
import type { BlockReader } from './list.ts';
import { withMarkdownLines } from './markdown-lines.ts';
import { captionsOf, tableOf } from './table.ts';

/** Where blocks go: sections of a page, or the inside of details or of a list, which has no sections. */
interface Sink {
  block(block: Block): void;
  heading(level: number, runs: readonly Run[]): void;
}

function sectionSink(sections: Section[], plain: PlainReader): Sink {
  return {
    block(block) {
      const last = sections.at(-1);
      if (last === undefined) sections.push({ heading: null, level: null, blocks: [block] });
      else last.blocks.push(block);
    },
    heading(level, runs) {
      sections.push({ heading: plain(runs, 'heading'), level, blocks: [] });
    },
  };
}

/** A heading as one strong line; of its marks those of code stay, as that is no Markdown. */
function strongLineOf(runs: readonly Run[]): Inline {
  const strong = markFor('strong');
  const line = runs.map((run): Run => {
    if (run.kind !== 'text') return { kind: 'text', text: ' ', marks: [strong] };
    const code = run.marks.find(isLiteralMark);
    return { ...run, marks: code === undefined ? [strong] : [strong, code] };
  });
  return inlineOf(line);
}

function innerSink(blocks: Block[]): Sink {
  return {
    block(block) {
      blocks.push(block);
    },
    heading(_level, runs) {
      blocks.push({ type: 'paragraph', ...strongLineOf(runs) });
    },
  };
}

export const CALLOUT_KINDS = [
  'note',
  'tip',
  'info',
  'important',
  'warning',
  'caution',
  'danger',
  'example',
  'success',
  'hint',
] as const;

/** What a callout cannot hold, as it is inline text. */
const COMPLEX = new Set(['table', 'pre', 'details', 'img', 'dl', 'h1', 'h2', 'figure']);

/** Only an element made for it may hold headings; another is a part of the page with a colour. */
function isSimple(element: DomElement): boolean {
  const mayHaveHeading = ['aside', 'blockquote'].includes(tagOf(element));
  const isComplex = (tag: string): boolean =>
    COMPLEX.has(tag) || (!mayHaveHeading && HEADING.test(tag));
  return findElement(element, (inner) => inner !== element && isComplex(tagOf(inner))) === null;
}

/** The kind of a callout, from its classes or role; null for an element that is none. */
function calloutKind(element: DomElement): string | null {
  const tag = tagOf(element);
  if (!['aside', 'div', 'section', 'p'].includes(tag)) return null;
  const words = classesOf(element).flatMap((name) => [name].concat(name.split(/[-_]+/)));
  const kind = CALLOUT_KINDS.find((known) => words.includes(known)) ?? null;
  const isCallout = tag === 'aside' || attribute(element, 'role') === 'note';
  const isNamed = words.some((word) => ['callout', 'admonition', 'alert'].includes(word));
  if (isCallout || isNamed) return kind ?? 'note';
  return tag === 'section' ? null : kind;
}

/** Marks the heading by which `renderPage` shows the title. */
export const PAGE_TITLE_CLASS = 'page-title';

const HEADING = /^h([1-6])$/;
const CODE_LANGUAGE = /^(?:language|lang|highlight-source|brush:?)-?([a-z0-9+#._-]+)$/;

function codeLanguage(pre: DomElement): string | null {
  const holders = [pre, findElement(pre, (inner) => tagOf(inner) === 'code')];
  for (const holder of holders) {
    for (const name of holder === null ? [] : classesOf(holder)) {
      const language = CODE_LANGUAGE.exec(name)?.[1];
      if (language !== undefined) return language;
    }
  }
  return null;
}

class Flow {
  readonly sink: Sink;
  readonly title: string | null;
  readonly plain: PlainReader;
  runs: Run[] = [];

  constructor(sink: Sink, title: string | null, plain: PlainReader) {
    this.sink = sink;
    this.title = title;
    this.plain = plain;
  }

  /** Ends the text that was collected outside of any block. */
  flush(): void {
    for (const inline of paragraphsOf(withMarkdownLines(this.runs)))
      this.sink.block({ type: 'paragraph', ...inline });
    this.runs = [];
  }

  visit(node: DomNode, marks: readonly Mark[]): void {
    const text = textOf(node);
    if (text !== null) this.runs.push({ kind: 'text', text, marks });
    else if (isElement(node)) {
      if (!isHidden(node)) this.element(node, marks);
    } else this.children(node, marks);
  }

  children(node: DomNode, marks: readonly Mark[]): void {
    const inner = isElement(node) ? marksWithin(node, marks) : marks;
    for (const child of childrenOf(node)) this.visit(child, inner);
  }

  element(element: DomElement, marks: readonly Mark[]): void {
    const tag = tagOf(element);
    if (tag === 'img') {
      this.image(element, marks);
      return;
    }
    const leaf = leafRuns(element, marks);
    if (leaf !== null) this.runs.push(...leaf);
    else if (isBlock(element)) this.blockElement(element, tag, marks);
    else if (standsApart(element)) this.apart(element, marks);
    else this.children(element, marks);
  }

  apart(element: DomElement, marks: readonly Mark[]): void {
    this.runs.push(...apart([], marks));
    this.children(element, marks);
    this.runs.push(...apart([], marks));
  }

  blockElement(element: DomElement, tag: string, marks: readonly Mark[]): void {
    this.flush();
    this.blockContent(element, tag, marks);
    this.flush();
  }

  blockContent(element: DomElement, tag: string, marks: readonly Mark[]): void {
    const level = HEADING.exec(tag)?.[1];
    if (level !== undefined) this.heading(element, Number(level));
    else if (isPreformatted(tag)) this.code(element);
    else if (isList(tag)) this.list(element, marks);
    else if (tag === 'table') this.table(element, marks);
    else if (tag === 'dl') this.definitions(element, marks);
    else if (tag === 'details') this.details(element, marks);
    else if (tag === 'blockquote' && isSimple(element)) this.quote(element, marks);
    else {
      const kind = calloutKind(element);
      if (kind !== null && isSimple(element)) this.callout(element, kind, marks);
      else this.children(element, marks);
    }
  }

  heading(element: DomElement, level: number): void {
    if (this.isShownTitle(element)) return;
    const runs = flattenChildren(element, []);
    if (plainOf(runs) !== '') this.sink.heading(level, runs);
  }

  /** The rendered page shows a title of its own where the source had none; it is no section. */
  isShownTitle(element: DomElement): boolean {
    if (this.title === null || !classesOf(element).includes(PAGE_TITLE_CLASS)) return false;
    return plainOf(flattenChildren(element, [])) === this.title;
  }

  code(element: DomElement): void {
    const text = preformattedText(element)
      .replace(/\r\n?/g, '\n')
      .split('\n')
      .map(withoutControlsButTabs)
      .join('\n')
      .replace(/^(?:[ \t]*\n)+/, '')
      .trimEnd();
    if (text.trim() !== '')
      this.sink.block({ type: 'code', language: codeLanguage(element), text });
  }

  list(element: DomElement, marks: readonly Mark[]): void {
    for (const block of listBlocks(element, marks, () => blockReader(this.plain)))
      this.sink.block(block);
  }

  table(element: DomElement, marks: readonly Mark[]): void {
    const captions = captionsOf(element);
    for (const caption of captions.before) this.runs.push(...flatten(caption, marks));
    this.flush();
    const block = tableOf(element, marks);
    if (block !== null) this.sink.block(block);
    for (const caption of captions.after) this.runs.push(...flatten(caption, marks));
  }

  quote(element: DomElement, marks: readonly Mark[]): void {
    const inline = inlineOf(flattenChildren(element, marks));
    if (inline.text !== '') this.sink.block({ type: 'quote', ...inline });
  }

  callout(element: DomElement, kind: string, marks: readonly Mark[]): void {
    const inline = inlineOf(flattenChildren(element, marks));
    if (inline.text !== '') this.sink.block({ type: 'callout', kind, ...inline });
  }

  details(element: DomElement, marks: readonly Mark[]): void {
    const inner = marksWithin(element, marks);
    const summary = childrenOf(element).find(
      (child): child is DomElement =>
        isElement(child) && tagOf(child) === 'summary' && !isHidden(child),
    );
    const inside = blockReader(this.plain);
    for (const child of childrenOf(element)) if (child !== summary) inside.visit(child, inner);
    inside.flush();
    const runs = summary === undefined ? [] : flattenChildren(summary, []);
    const title = this.plain(runs, 'summary');
    if (title !== '' || inside.blocks.length > 0)
      this.sink.block({ type: 'details', summary: title, blocks: [...inside.blocks] });
  }

  definitions(element: DomElement, marks: readonly Mark[]): void {
    const items = definitionItems(element, marks, this.plain);
    if (items.length > 0) this.sink.block({ type: 'definition', items });
  }

  image(element: DomElement, marks: readonly Mark[]): void {
    const image = imageOf(element);
    if (image.kind === 'image') {
      this.flush();
      this.sink.block({ type: 'image', src: image.src, alt: image.alt });
    } else this.runs.push(...imageRuns(element, marks));
  }
}

/** Reads what stands inside a block or after an item, where headings begin no section. */
function blockReader(plain: PlainReader): BlockReader {
  const blocks: Block[] = [];
  return Object.assign(new Flow(innerSink(blocks), null, plain), { blocks });
}

function withoutControlsButTabs(line: string): string {
  return line.split('\t').map(withoutControls).join('\t');
}

type DefinitionItem = DefinitionBlock['items'][number];

/** A term without a description, and a description without a term, are items of their own. */
function definitionItems(
  list: DomElement,
  marks: readonly Mark[],
  plain: PlainReader,
): DefinitionItem[] {
  const items: DefinitionItem[] = [];
  let term: string | null = null;
  const describe = (runs: readonly Run[]): void => {
    const inline = inlineOf(runs);
    if (inline.text === '') return;
    items.push({ term: term ?? '', ...inline });
    term = null;
  };
  const endTerm = (): void => {
    if (term !== null && term !== '') items.push({ term, html: '', text: '' });
    term = null;
  };
  const visit = (node: DomNode, inner: readonly Mark[]): void => {
    if (!isElement(node)) {
      describe(flatten(node, inner));
      return;
    }
    if (isHidden(node)) return;
    const tag = tagOf(node);
    if (tag === 'dt') {
      endTerm();
      term = plain(flattenChildren(node, []), 'term');
    } else if (tag === 'div') {
      for (const child of childrenOf(node)) visit(child, marksWithin(node, inner));
    } else describe(tag === 'dd' ? flattenChildren(node, inner) : flatten(node, inner));
  };
  for (const child of childrenOf(list)) visit(child, marksWithin(list, marks));
  endTerm();
  return items;
}

/**
 * The sections of a document's visible content, in order. `title` is that of its head; `plain` reads
 * headings, terms and summaries.
 */
export function sectionsOf(root: DomNode, title: string, plain: PlainReader): Section[] {
  const sections: Section[] = [];
  const flow = new Flow(sectionSink(sections, plain), title, plain);
  flow.visit(root, []);
  flow.flush();
  return sections;
}
