import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/core/page.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import { htmlToPage } from '../../../src/steps/html-to-json.ts';
import { renderPage } from '../../../src/steps/render.ts';
import { findDangers } from './support/safety.ts';
import { PLACES, VECTORS } from './support/xss-vectors.ts';

function dangersOf(html: string): string[] {
  const result = htmlToPage(html, { pageIndex: 1, language: null });
  if (!result.ok) return [];
  const { page } = cleanPage(result.value);
  return [...findDangers(result.value), ...findDangers(page)];
}

describe('vectors', () => {
  it('are some hundreds', () => {
    expect(VECTORS.length).toBeGreaterThan(300);
  });

  it.each(Object.entries(PLACES))('%s leave nothing that acts', (_name, place) => {
    const dangerous = VECTORS.map((vector) => ({ vector, dangers: dangersOf(place(vector)) }));
    expect(dangerous.filter(({ dangers }) => dangers.length > 0)).toEqual([]);
  });

  it('leave pages that are parsed to the same again, so that nothing mutates', () => {
    for (const vector of VECTORS) {
      for (const place of Object.values(PLACES)) {
        const first = htmlToPage(place(vector), { pageIndex: 1, language: null });
        if (!first.ok) continue;
        const again = htmlToPage(renderPage(first.value), { pageIndex: 1, language: null });
        expect(again).toEqual(first);
      }
    }
  });
});

describe('the oracle', () => {
  const hostile = (html: string): Page => ({
    schema: 1,
    page_index: 1,
    title: 't',
    language: null,
    sections: [{ heading: null, level: null, blocks: [{ type: 'paragraph', html, text: 'x' }] }],
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src="https://example.com/x.png">',
    '<a href="javascript:alert(1)" rel="noopener noreferrer">x</a>',
    '<a href="https://example.com">x</a>',
    '<b onclick="x()">x</b>',
    '<strong style="color:red">x</strong>',
  ])('sees %s', (html) => {
    expect(findDangers(hostile(html))).not.toEqual([]);
  });
});

describe('a page that somebody else wrote into the database', () => {
  it('is rendered safely all the same', () => {
    const bad =
      '<img src=x onerror=alert(1)><a href="javascript:alert(1)" onclick="x()">x</a><script>alert(1)</script>';
    const page: Page = {
      schema: 1,
      page_index: 1,
      title: '</title><script>alert(1)</script>',
      language: '"><script>',
      sections: [
        {
          heading: bad,
          level: 2,
          blocks: [
            { type: 'paragraph', html: bad, text: bad },
            {
              type: 'list',
              ordered: true,
              items: [{ html: bad, text: bad, items: [{ html: bad, text: bad }] }],
            },
            { type: 'code', language: '"><script>alert(1)</script>', text: bad },
            { type: 'table', header: [bad], rows: [[bad]], html: { header: [bad], rows: [[bad]] } },
            { type: 'quote', html: bad, text: bad },
            { type: 'callout', kind: '"><script>alert(1)</script>', html: bad, text: bad },
            {
              type: 'details',
              summary: bad,
              blocks: [{ type: 'paragraph', html: bad, text: bad }],
            },
            { type: 'image', src: 'javascript:alert(1)', alt: bad },
            { type: 'image', src: 'https://example.com/"onerror="alert(1)', alt: '"onerror="x' },
            { type: 'definition', items: [{ term: bad, html: bad, text: bad }] },
          ],
        },
      ],
    };
    const rendered = renderPage(page);
    const parsed = htmlToPage(rendered, { pageIndex: 1, language: null });
    expect(parsed.ok && findDangers(parsed.value)).toEqual([]);
    const $ = load(rendered);
    expect($('script, [href], [onclick], [onerror]').toArray()).toEqual([]);
    expect(rendered.match(/<img[^>]*>/g)).toEqual([
      '<img src="https://example.com/%22onerror=%22alert(1)" alt="&quot;onerror=&quot;x" loading="lazy" referrerpolicy="no-referrer">',
    ]);
  });
});
