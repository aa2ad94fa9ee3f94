/** Small faults of a page that a learner would stumble over. */
import type { Block, ListItem, Page, Section } from '../../core/page.ts';
import { hasWords } from '../../core/reply/normalize.ts';
import { parseFragment } from '../html/dom.ts';

/** Places where a heading skips a level, and headings of the first level beyond one. */
export function countHeadingFaults(sections: readonly Section[]): number {
  const levels = sections.flatMap(({ level }) => (level === null ? [] : [level]));
  // The title of the page stands above all of them.
  const skips = levels.filter((level, index) => level > (levels[index - 1] ?? 1) + 1).length;
  return skips + Math.max(0, levels.filter((level) => level === 1).length - 1);
}

function itemHtml(item: ListItem): string[] {
  return [item.html, ...(item.items ?? []).flatMap(itemHtml)];
}

function blockHtml(block: Block): string[] {
  switch (block.type) {
    case 'paragraph':
    case 'quote':
    case 'callout':
      return [block.html];
    case 'list':
      return block.items.flatMap(itemHtml);
    case 'table':
      return block.html === undefined ? [] : [block.html.header, ...block.html.rows].flat();
    case 'details':
      return block.blocks.flatMap(blockHtml);
    case 'definition':
      return block.items.map((item) => item.html);
    case 'code':
    case 'image':
      return [];
  }
}

/** Addresses that stand for another one. */
const STAND_IN =
  /^(?:example|domain|yoursite|your-site|website|placeholder|test|localhost)(?:\.|$)|\.(?:example|test|invalid|local)$|^\d+(?:\.\d+){3}$/i;

function isGoodLink(href: string, text: string): boolean {
  if (!hasWords(text) || !URL.canParse(href)) return false;
  const { protocol, hostname, pathname } = new URL(href);
  if (protocol === 'mailto:') return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(pathname);
  const bare = hostname.replace(/^www\./, '');
  const isElided = /\.{3}|%E2%80%A6/i.test(href);
  return bare.includes('.') && !STAND_IN.test(bare) && !isElided;
}

const MARKUP =
  /<\/?(?:p|div|span|h[1-6]|ul|ol|li|strong|em|b|i|br|table|tr|td|th|section|details|summary|pre|code|a)(?:\s[^<>]*)?\/?>|&(?:lt|gt|amp|nbsp|quot|#\d+);|```|\*\*\p{L}|^#{1,6} \p{L}|\]\(https?:|\\n/gmu;

export interface MarkupFaults {
  readonly links: number;
  /** Pieces of HTML or Markdown that show as text, outside of code. */
  readonly markup: number;
}

/** Every inline text of the page's blocks. */
export function inlineHtmlOf(page: Page): string[] {
  return page.sections.flatMap((section) => section.blocks.flatMap(blockHtml));
}

export function countMarkupFaults(page: Page): MarkupFaults {
  const pieces = inlineHtmlOf(page);
  const $ = parseFragment(pieces.map((html) => `<p>${html}</p>`).join('\n'));
  const links = $('a')
    .toArray()
    .filter((link) => !isGoodLink($(link).attr('href') ?? '', $(link).text())).length;
  $('code,kbd,samp,var').remove();
  $('br').replaceWith('\n');
  return { links, markup: $.root().text().match(MARKUP)?.length ?? 0 };
}
