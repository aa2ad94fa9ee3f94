/**
 * The seventh step: HTML becomes page JSON. The page is built anew from the text of the document and
 * a fixed set of inline marks: every visible word is kept, in order, and nothing that can act.
 */
import { languageCode } from '../core/language.ts';
import type { Block, Page, Section } from '../core/page.ts';
import { hasWords, normalizeReply } from '../core/reply/normalize.ts';
import { ok, refuse } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import {
  attribute,
  childrenOf,
  depthOf,
  findElement,
  hasTooManyTemplates,
  isElement,
  parseDocument,
  tagOf,
  textOf,
} from './html/dom.ts';
import type { DomElement, DomNode } from './html/dom.ts';
import { plainWithoutMarkdown } from './clean/plain.ts';
import { flattenChildren } from './html/flat.ts';
import { sectionsOf } from './html/flow.ts';
import { collapse, plainOf } from './html/inline.ts';
import type { PlainReader, Run } from './html/inline.ts';
import { sanitaryPage } from './html/sanitize.ts';

/** Browsers stop nesting at 512; no page that a person reads comes near. */
const MAX_DEPTH = 512;
const MAX_TITLE_CHARS = 200;
const MAX_OPENING_CHARS = 80;

/** Titles that editors and models put in when they have none. */
const NO_TITLE =
  /^(?:untitled(?: document| page)?|document|html(?: page| document)?|page|title|lesson|new page)$/i;

export interface PageOptions {
  /** From 1. */
  readonly pageIndex: number;
  /** As the profile names it; null when it is not known. */
  readonly language: string | null;
}

function rootOf(html: string): DomNode {
  const root = parseDocument(html).root().get(0);
  if (root === undefined) throw new Error('cheerio returned a document without a root');
  return root;
}

function headTitle(root: DomNode): string {
  const isDocumentTitle = (element: DomElement): boolean =>
    tagOf(element) === 'title' &&
    element.parent !== null &&
    isElement(element.parent) &&
    tagOf(element.parent) === 'head';
  const title = findElement(root, isDocumentTitle);
  const text =
    title === null
      ? ''
      : childrenOf(title)
          .map((node) => textOf(node) ?? '')
          .join('');
  return collapse(text).trim();
}

function shorten(text: string): string {
  const title = collapse(text).trim();
  const chars = Array.from(title);
  return chars.length <= MAX_TITLE_CHARS
    ? title
    : `${chars.slice(0, MAX_TITLE_CHARS - 1).join('')}…`;
}

function firstWords(block: Block | undefined): string {
  const text = block !== undefined && 'text' in block ? (block.text.split('\n')[0] ?? '') : '';
  const words = text.slice(0, MAX_OPENING_CHARS + 1).split(/\s+/u);
  return text.length > MAX_OPENING_CHARS ? `${words.slice(0, -1).join(' ')}…` : text;
}

/**
 * A title has no elements that could say what is code: where it is also a heading, that one tells. Cut as
 * titles are, since our own pages have such titles above whole headings.
 */
function readTitle(root: DomNode, title: string, plain: PlainReader): string {
  const run: Run = { kind: 'text', text: title, marks: [] };
  const read = plain([run], 'heading');
  if (read === title) return title;
  const isSaid = (element: DomElement): boolean =>
    /^h[1-6]$/.test(tagOf(element)) && shorten(plainOf(flattenChildren(element, []))) === title;
  const heading = findElement(root, isSaid);
  return heading === null ? read : shorten(plain(flattenChildren(heading, []), 'heading'));
}

/** The document's title, else its first heading, the highest before others, else how it begins. */
function titleOf(
  root: DomNode,
  sections: readonly Section[],
  pageIndex: number,
  plain: PlainReader,
): string {
  const headings = sections.flatMap(({ heading, level }) =>
    heading !== null && hasWords(heading) ? [{ heading, level }] : [],
  );
  const top = headings.find(({ level }) => level === 1) ?? headings[0];
  const named = readTitle(root, shorten(headTitle(root)), plain);
  const beginning: Run = { kind: 'text', text: firstWords(sections[0]?.blocks[0]), marks: [] };
  const isNamed = hasWords(named) && !NO_TITLE.test(named);
  const candidates = [
    isNamed ? named : '',
    top?.heading ?? '',
    named,
    plain([beginning], 'heading'),
  ];
  return shorten(candidates.find(hasWords) ?? String(pageIndex));
}

function htmlLanguage(root: DomNode): string | null {
  const html = findElement(root, (element) => tagOf(element) === 'html');
  return languageCode(html === null ? null : attribute(html, 'lang'));
}

/**
 * The page of an HTML document or fragment. Its language is that of the profile, else that of the
 * document. Refused when nothing visible is in it, or when it nests too deep to be read. `plain` reads the
 * fields without markup: `plainOf` keeps every sign in them.
 */
export function htmlToPage(
  html: string,
  options: PageOptions,
  plain: PlainReader = plainWithoutMarkdown,
): Result<Page> {
  const source = normalizeReply(html);
  if (hasTooManyTemplates(source)) return refuse('the HTML has more templates than can be read');
  const root = rootOf(source);
  const depth = depthOf(root);
  if (depth > MAX_DEPTH) {
    return refuse(`the HTML nests ${depth} elements deep, at most ${MAX_DEPTH} can be read`);
  }
  const sections = sectionsOf(root, headTitle(root), plain);
  if (sections.length === 0) return refuse('the HTML page has no visible text');
  return ok(
    sanitaryPage({
      schema: 1,
      page_index: options.pageIndex,
      title: titleOf(root, sections, options.pageIndex, plain),
      language: languageCode(options.language) ?? htmlLanguage(root),
      sections,
    }),
  );
}
