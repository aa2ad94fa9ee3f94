/**
 * What `html-to-json` took out of a page's plain fields, for the report of cleaning: signs of Markdown in
 * its title, headings, terms and summaries.
 */
import type { Block, Page } from '../core/page.ts';
import type { Change } from './clean/change.ts';
import { plainOf } from './html/inline.ts';
import { htmlToPage } from './html-to-json.ts';

type Field = readonly [path: string, text: string];

function fieldsOfBlocks(blocks: readonly Block[], path: string): Field[] {
  return blocks.flatMap((block, index): Field[] => {
    const at = `${path}[${index}]`;
    if (block.type === 'definition') {
      return block.items.map(({ term }, item): Field => [`${at}.items[${item}].term`, term]);
    }
    if (block.type !== 'details') return [];
    return [[`${at}.summary`, block.summary], ...fieldsOfBlocks(block.blocks, `${at}.blocks`)];
  });
}

function fieldsOf({ title, sections }: Page): Field[] {
  const inSections = sections.flatMap(({ heading, blocks }, index): Field[] => [
    [`sections[${index}].heading`, heading ?? ''],
    ...fieldsOfBlocks(blocks, `sections[${index}].blocks`),
  ]);
  return [['title', title], ...inSections];
}

/** `page` is what `html` became. A field that is not there is passed over. */
export function signsRemoved(html: string, page: Page): Change[] {
  const whole = htmlToPage(html, { pageIndex: page.page_index, language: null }, plainOf);
  if (!whole.ok) return [];
  const found = new Map(fieldsOf(page));
  return fieldsOf(whole.value).flatMap(([path, before]): Change[] => {
    const after = found.get(path) ?? before;
    return after === before ? [] : [{ path, kind: 'marker_removed', before, after }];
  });
}
