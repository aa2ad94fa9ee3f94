/** The texts of a page or lesson, with code and without it. */
import type { Block, ListItem, Page } from '../../core/page.ts';
import { findFences } from '../../core/reply/fences.ts';

function itemTexts(item: ListItem): string[] {
  return [item.text, ...(item.items ?? []).flatMap(itemTexts)];
}

function blockTexts(block: Block, withCode: boolean): string[] {
  switch (block.type) {
    case 'paragraph':
    case 'quote':
    case 'callout':
      return [block.text];
    case 'list':
      return block.items.flatMap(itemTexts);
    case 'table':
      return [block.header, ...block.rows].flat();
    case 'details':
      return [block.summary, ...block.blocks.flatMap((inner) => blockTexts(inner, withCode))];
    case 'definition':
      return block.items.flatMap((item) => [item.term, item.text]);
    case 'image':
      return [block.alt];
    case 'code':
      return withCode ? [block.text] : [];
  }
}

function textsOf(page: Page, withCode: boolean): string[] {
  return page.sections
    .flatMap(({ heading, blocks }) => [
      heading ?? '',
      ...blocks.flatMap((block) => blockTexts(block, withCode)),
    ])
    .filter((text) => text !== '');
}

/** All texts of a page in order, one a block, cell or item. */
export function textsOfPage(page: Page): string[] {
  return textsOf(page, true);
}

/** The same without code. */
export function proseOfPage(page: Page): string[] {
  return textsOf(page, false);
}

/** The lines of a lesson in Markdown, without its code. */
export function proseOfLesson(lesson: string): string[] {
  const withoutFences = findFences(lesson).reduceRight(
    (text, fence) => text.slice(0, fence.start) + text.slice(fence.end),
    lesson,
  );
  return withoutFences
    .replace(/`[^`\n]+`|\]\([^)\s]+\)|https?:\/\/\S+/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
