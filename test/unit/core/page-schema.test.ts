import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { page as pageSchema } from '../../../src/core/page.ts';
import { pageJsonSchema } from '../../../src/core/page-schema.ts';
import { htmlToPage } from '../../../src/steps/html-to-json.ts';
import { htmlTree } from '../steps/support/html-arbitrary.ts';
import { pageOf } from '../steps/support/pages.ts';

const published: unknown = JSON.parse(
  readFileSync(new URL('../../../docs/page.schema.json', import.meta.url), 'utf8'),
);
/** What a program in another language would make of the published file. */
const fromFile = z.fromJSONSchema(published as Parameters<typeof z.fromJSONSchema>[0]);

describe('docs/page.schema.json', () => {
  it('is what scripts/page-schema.ts makes of the zod source', () => {
    expect(published).toEqual(pageJsonSchema());
  });

  it('accepts every page', () => {
    fc.assert(
      fc.property(htmlTree, (html) => {
        const page = htmlToPage(html, { pageIndex: 1, language: 'sk' });
        fc.pre(page.ok);
        expect(fromFile.safeParse(page.ok && page.value).error).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['another schema', { schema: 2 }],
    ['no index', { page_index: undefined }],
    ['an index from zero', { page_index: 0 }],
    ['an empty title', { title: '' }],
    ['a section without blocks', { sections: [{ heading: 'x', level: 1 }] }],
    ['a level of 7', { sections: [{ heading: 'x', level: 7, blocks: [] }] }],
    ['a block of no kind', { sections: [{ heading: null, level: null, blocks: [{ type: 'x' }] }] }],
    [
      'an item without text, deep down',
      {
        sections: [
          {
            heading: null,
            level: null,
            blocks: [
              {
                type: 'details',
                summary: 's',
                blocks: [
                  { type: 'list', ordered: false, items: [{ html: 'x', text: 'x', items: [{}] }] },
                ],
              },
            ],
          },
        ],
      },
    ],
  ])('refuses, as the zod source does, a page with %s', (_name, change) => {
    const page = { ...pageOf('<h1>A</h1><p>b</p>'), ...change };
    expect(pageSchema.safeParse(page).success).toBe(false);
    expect(fromFile.safeParse(page).success).toBe(false);
  });
});
