/**
 * The second gate: inline HTML is built from a fixed set of marks, and then shown to a kept sanitizer
 * with a parser of its own. What the two do not agree on is stored and shown as plain text.
 */
import sanitizeHtml from 'sanitize-html';
import type { IOptions } from 'sanitize-html';
import type { Block, ListItem, Page, TableBlock } from '../../core/page.ts';
import { escapeText } from '../../core/escape.ts';
import type { Inline } from './inline.ts';

const OPTIONS: IOptions = {
  allowedTags: (
    'a abbr bdi bdo br cite code del dfn em ins kbd mark q rp rt ruby s samp small strong sub sup u ' +
    'var'
  ).split(' '),
  allowedAttributes: {
    a: ['href', { name: 'rel', values: ['noopener noreferrer'] }],
    abbr: ['title'],
    bdi: [{ name: 'dir', values: ['ltr', 'rtl'] }],
    bdo: [{ name: 'dir', values: ['ltr', 'rtl'] }],
  },
  allowedClasses: {},
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesAppliedToAttributes: ['href'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'escape',
  enforceHtmlBoundary: false,
  parseStyleAttributes: false,
  selfClosing: ['br'],
};

/** Does the sanitizer find nothing to take away or to change? */
export function isSanitary(html: string): boolean {
  // Text without a tag can do nothing; most of a page is that.
  if (!html.includes('<')) return true;
  // Both spell the same thing: `<br>` here, `<br />` there.
  return sanitizeHtml(html, OPTIONS).replaceAll('<br />', '<br>') === html;
}

function plainHtml(text: string): string {
  return escapeText(text).replaceAll('\n', '<br>');
}

/** The HTML, or its text where the sanitizer would have changed it. */
export function sanitaryHtml(html: string, text: string): string {
  return isSanitary(html) ? html : plainHtml(text);
}

function inline<T extends Inline>(part: T): T {
  return isSanitary(part.html) ? part : { ...part, html: plainHtml(part.text) };
}

function item(part: ListItem): ListItem {
  const own = inline(part);
  return own.items === undefined ? own : { ...own, items: own.items.map(item) };
}

function table(part: TableBlock): TableBlock {
  if (part.html === undefined) return part;
  const cell = (html: string, text: string | undefined): string => sanitaryHtml(html, text ?? '');
  return {
    ...part,
    html: {
      header: part.html.header.map((html, x) => cell(html, part.header[x])),
      rows: part.html.rows.map((row, y) => row.map((html, x) => cell(html, part.rows[y]?.[x]))),
    },
  };
}

function block(part: Block): Block {
  switch (part.type) {
    case 'paragraph':
    case 'quote':
    case 'callout':
      return inline(part);
    case 'list':
      return { ...part, items: part.items.map(item) };
    case 'table':
      return table(part);
    case 'details':
      return { ...part, blocks: part.blocks.map(block) };
    case 'definition':
      return { ...part, items: part.items.map(inline) };
    case 'code':
    case 'image':
      return part;
  }
}

/** The page as it may be stored: every piece of HTML in it has passed the second gate. */
export function sanitaryPage(page: Page): Page {
  const sections = page.sections.map((section) => ({
    ...section,
    blocks: section.blocks.map(block),
  }));
  return { ...page, sections };
}
