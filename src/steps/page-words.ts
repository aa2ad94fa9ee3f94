/** What a learner can read on a page, for the steps that must not leave nothing of it. */
import type { Block, ListItem } from '../core/page.ts';
import { hasWords } from '../core/reply/normalize.ts';

function itemHasWords(item: ListItem): boolean {
  return hasWords(item.text) || (item.items ?? []).some(itemHasWords);
}

export function blockHasWords(block: Block): boolean {
  switch (block.type) {
    case 'list':
      return block.items.some(itemHasWords);
    case 'table':
      return [block.header, ...block.rows].flat().some(hasWords);
    case 'details':
      return hasWords(block.summary) || block.blocks.some(blockHasWords);
    case 'definition':
      return block.items.some((item) => hasWords(item.term) || hasWords(item.text));
    case 'image':
      return hasWords(block.alt);
    case 'paragraph':
    case 'quote':
    case 'callout':
    case 'code':
      return hasWords(block.text);
  }
}
