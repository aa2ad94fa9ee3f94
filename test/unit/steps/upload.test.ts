import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { page as pageSchema } from '../../../src/core/page.ts';
import type { Block, Page } from '../../../src/core/page.ts';
import { checkPages } from '../../../src/steps/upload.ts';

function pageOf(index: number, ...blocks: Block[]): Page {
  const shown: Block[] = blocks.length > 0 ? blocks : [{ type: 'paragraph', html: 'x', text: 'x' }];
  return {
    schema: 1,
    page_index: index,
    title: 'T',
    language: 'sk',
    sections: [{ heading: 'H', level: 1, blocks: shown }],
  };
}

function outcome(pages: readonly Page[], count: number): number[] | string {
  const result = checkPages(pages, count);
  return result.ok ? result.value.map((page) => page.page_index) : result.error.reason;
}

describe('checkPages', () => {
  it('gives complete pages in order', () => {
    expect(outcome([pageOf(2), pageOf(3), pageOf(1)], 3)).toEqual([1, 2, 3]);
  });

  it.each([
    ['missing ones', [pageOf(1), pageOf(4)], '2 pages are there, 4 are needed; missing: 2, 3'],
    ['none', [], '0 pages are there, 4 are needed; missing: 1, 2, 3, 4'],
    ['a page twice', [1, 2, 3, 4, 3].map((n) => pageOf(n)), 'page 3 is there more than once'],
    [
      'a surplus',
      [1, 2, 3, 4, 5].map((n) => pageOf(n)),
      'page 5 is too many; 4 pages were planned',
    ],
    [
      'pages without text',
      [
        pageOf(1),
        pageOf(2, { type: 'image', src: 'https://a.sk/b.png', alt: '' }),
        pageOf(3),
        pageOf(4, { type: 'code', language: null, text: '---' }),
      ],
      'page 2 has no visible text; page 4 has no visible text',
    ],
    [
      'a page without sections',
      [pageOf(1), pageOf(2), pageOf(3), { ...pageOf(4), sections: [] }],
      'page 4 has no visible text',
    ],
    [
      'a page without a title',
      [pageOf(1), pageOf(2), pageOf(3), { ...pageOf(4), title: '' }],
      'page 4 does not fit the page format at title',
    ],
  ])('refuses %s', (_name, pages, reason) => {
    expect(outcome(pages, 4)).toBe(reason);
  });

  it.each<Block>([
    {
      type: 'list',
      ordered: false,
      items: [{ html: '', text: '', items: [{ html: 'x', text: 'x' }] }],
    },
    { type: 'table', header: [], rows: [['', 'x']] },
    { type: 'details', summary: '', blocks: [{ type: 'quote', html: 'x', text: 'x' }] },
    { type: 'definition', items: [{ term: 'x', html: '', text: '' }] },
    { type: 'callout', kind: 'tip', html: 'x', text: 'x' },
    { type: 'image', src: 'https://a.sk/b.png', alt: 'x' },
  ])('sees the text of $type', (block) => {
    expect(outcome([pageOf(1, block)], 1)).toEqual([1]);
  });
});

describe('the page format', () => {
  it('can be published as JSON Schema', () => {
    const schema = z.toJSONSchema(pageSchema);
    expect(Object.keys(schema.properties ?? {})).toEqual([
      'schema',
      'page_index',
      'title',
      'language',
      'sections',
    ]);
    expect(JSON.stringify(schema)).toContain('"definition"');
  });
});
