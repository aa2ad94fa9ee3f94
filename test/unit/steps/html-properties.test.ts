import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { page as pageSchema } from '../../../src/core/page.ts';
import type { Page } from '../../../src/core/page.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import { extent } from '../../support/extent.ts';
import { htmlToPage } from '../../../src/steps/html-to-json.ts';
import { plainOf } from '../../../src/steps/html/inline.ts';
import { renderPage } from '../../../src/steps/render.ts';
import { htmlTree } from './support/html-arbitrary.ts';
import { htmlSoup } from './support/html-soup.ts';
import { findDangers } from './support/safety.ts';
import { wordsOfHtml, wordsOfPage } from './support/visible.ts';

const RUNS = extent(150, 6_000);
const options = { numRuns: RUNS } as const;

function pageOf(html: string): Page | null {
  const result = htmlToPage(html, { pageIndex: 1, language: null });
  return result.ok ? result.value : null;
}

/** With every sign of Markdown that headings, terms and summaries have in the source. */
function wholePageOf(html: string): Page | null {
  const result = htmlToPage(html, { pageIndex: 1, language: null }, plainOf);
  return result.ok ? result.value : null;
}

function withoutSigns(words: readonly string[]): string {
  return words.join('').replace(/[*_~`#]+/g, '');
}

describe('for any well-nested HTML', () => {
  it('keeps every visible word in order, and no hidden one', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(htmlTree, (html) => {
        const words = wordsOfHtml(html);
        const [page, whole] = [pageOf(html), wholePageOf(html)];
        expect(whole === null ? [] : wordsOfPage(whole, 'text')).toEqual(words);
        expect(whole === null ? [] : wordsOfPage(whole, 'html')).toEqual(words);
        const found = page === null ? [] : wordsOfPage(page, 'html');
        expect(withoutSigns(found)).toBe(withoutSigns(words));
        expect(words.join(' ')).not.toContain('secret');
      }),
      options,
    );
  });
});

describe.each([
  ['well-nested HTML', htmlTree],
  ['a soup of tokens', htmlSoup],
])('for %s', (_name, html) => {
  it('gives a page that fits the schema and holds nothing that acts', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(html.map(pageOf), (page) => {
        fc.pre(page !== null);
        expect(pageSchema.parse(page)).toEqual(page);
        expect(JSON.stringify(page).isWellFormed()).toBe(true);
        expect(findDangers(page)).toEqual([]);
      }),
      options,
    );
  });

  it('parses what it rendered to the same page', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(html.map(pageOf), (page) => {
        fc.pre(page !== null);
        expect(pageOf(renderPage(page))).toEqual(page);
      }),
      options,
    );
  });

  it('cleans to a page that cleaning leaves alone', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(html.map(pageOf), (page) => {
        fc.pre(page !== null);
        const { page: cleaned } = cleanPage(page);
        expect(cleanPage(cleaned)).toEqual({ page: cleaned, changes: [] });
        expect(pageSchema.parse(cleaned)).toEqual(cleaned);
        expect(findDangers(cleaned)).toEqual([]);
      }),
      options,
    );
  });
});
