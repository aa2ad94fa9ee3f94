import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import type { Block, Page } from '../../../src/core/page.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import { isSanitary, sanitaryPage } from '../../../src/steps/html/sanitize.ts';
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

describe('the second gate', () => {
  it.each([
    'a &amp; b &lt;x&gt; "q" \'s\' 😀\u00A0x<br><br>y',
    '<a href="https://a.sk/?a=1&amp;b=2#x" rel="noopener noreferrer"><strong>x</strong></a>',
    '<abbr title="a &quot;b&quot; &lt;c">x</abbr> <bdo dir="rtl">x</bdo> <ruby>a<rt>b</rt></ruby>',
  ])('leaves alone what the first one builds: %s', (html) => {
    expect(isSanitary(html)).toBe(true);
  });

  it.each([
    '<script>alert(1)</script>',
    '<b>x</b>',
    '<strong onclick="alert(1)">x</strong>',
    '<a href="javascript:alert(1)" rel="noopener noreferrer">x</a>',
    '<a href="//example.com" rel="noopener noreferrer">x</a>',
    '<a href="https://example.com" rel="opener">x</a>',
    '<a href="https://example.com" target="_blank">x</a>',
    '<bdo dir="x">x</bdo>',
    '<strong>x',
    '<img src="https://example.com/x.png">',
  ])('makes text of what should never have come so far: %s', (html) => {
    expect(isSanitary(html)).toBe(false);
    expect(sanitaryPage(pageWith(html))).toEqual(pageWith('x &lt; y<br>z'));
  });

  it('looks into every place of a page that holds HTML', () => {
    const bad = { html: '<img src=x onerror=alert(1)>', text: 'x' };
    const page = pageWith('x');
    const blocks: Block[] = [
      { type: 'list', ordered: false, items: [{ ...bad, items: [{ ...bad, items: [bad] }] }] },
      { type: 'quote', ...bad },
      { type: 'callout', kind: 'tip', ...bad },
      { type: 'definition', items: [{ term: 't', ...bad }] },
      {
        type: 'table',
        header: ['x'],
        rows: [['x']],
        html: { header: [bad.html], rows: [[bad.html]] },
      },
      { type: 'details', summary: 's', blocks: [{ type: 'paragraph', ...bad }] },
    ];
    const sanitary = sanitaryPage({ ...page, sections: [{ heading: null, level: null, blocks }] });
    expect(JSON.stringify(sanitary)).toBe(
      JSON.stringify({ ...page, sections: [{ heading: null, level: null, blocks }] }).replaceAll(
        bad.html,
        'x',
      ),
    );
  });
});

function pageWith(html: string): Page {
  const blocks: Block[] = [{ type: 'paragraph', html, text: 'x < y\nz' }];
  return {
    schema: 1,
    page_index: 1,
    title: 't',
    language: null,
    sections: [{ heading: null, level: null, blocks }],
  };
}

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
