import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/core/page.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import { extent } from '../../support/extent.ts';
import { pageOf } from './support/pages.ts';
import { findDangers } from './support/safety.ts';
import { wordsOfPage } from './support/visible.ts';

const RUNS = extent(200, 4_000);

const SIGNS = [
  '*',
  '**',
  '***',
  '_',
  '__',
  '~~',
  '`',
  '``',
  '#',
  '## ',
  '- ',
  '> ',
  '| ',
  '|---|',
  '[ ] ',
  '\\',
  '---',
  '<br>```<br>',
  '(',
  ')',
  '[',
  ']',
  '!',
];
const WORDS = [
  'slovo',
  'ďalšie',
  'C#',
  'a_b',
  'x',
  '👩‍💻',
  'שלום',
  ':',
  '.',
  ' ',
  ' ',
  '<br>',
  '<br>',
  '\n',
  '&lt;b&gt;',
];
const TAGS = ['b', 'em', 'code', 'a href="https://a.sk"', 'span'];

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...SIGNS) },
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...TAGS),
        fc.array(fc.constantFrom(...SIGNS, ...WORDS), { maxLength: 4 }),
      )
      .map(([tag, inner]) => `<${tag}>${inner.join('')}</${tag.split(' ')[0] ?? ''}>`),
  },
);
const line = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
const holder = fc.constantFrom(
  'p',
  'p',
  'p',
  'li',
  'h2',
  'td',
  'blockquote',
  'aside',
  'summary',
  'dd',
);
const OPEN: Readonly<Record<string, [string, string]>> = {
  li: ['<ul><li>', '</li></ul>'],
  td: ['<table><tr><td>', '</td></tr></table>'],
  summary: ['<details><summary>', '</summary>x</details>'],
  dd: ['<dl><dt>t</dt><dd>', '</dd></dl>'],
};

/** Paragraphs and other holders full of signs that could be Markdown, with a plain edge all around. */
const signs = fc
  .array(
    fc.tuple(holder, line).map(([tag, text]) => {
      const [open, close] = OPEN[tag] ?? [`<${tag}>`, `</${tag}>`];
      return `${open}${text}${close}`;
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => pageOf(`<p>začiatok</p>${parts.join('')}<p>koniec</p>`));

/** Letters and digits are what cleaning may never touch; signs are what it is for. */
function letters(words: readonly string[]): string {
  return (words.join('').match(/[\p{L}\p{N}\p{M}\p{Extended_Pictographic}]/gu) ?? []).join('');
}

describe('for any text full of signs', () => {
  it('keeps every letter, in order, in text and HTML alike', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(signs, (page) => {
        const { page: cleaned } = cleanPage(page);
        expect(letters(wordsOfPage(cleaned, 'text'))).toBe(letters(wordsOfPage(page, 'text')));
        expect(wordsOfPage(cleaned, 'html')).toEqual(wordsOfPage(cleaned, 'text'));
        expect(findDangers(cleaned)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('comes to rest, and reports a change exactly when there was one', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(signs, (page) => {
        const { page: cleaned, changes } = cleanPage(page);
        expect(cleanPage(cleaned)).toEqual({ page: cleaned, changes: [] });
        expect(changes.length > 0).toBe(JSON.stringify(cleaned) !== JSON.stringify(page));
        expect(changes.every((change) => change.before !== change.after)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

const cell = fc
  .array(
    fc.constantFrom(
      'slovo',
      'ďalšie',
      ' ',
      'a &amp; b',
      '**tučné**',
      '<b>silné</b>',
      '<a href="https://a.sk/">odkaz</a>',
      '<a href="https://b.sk/"><em>iný</em> odkaz</a>',
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((pieces) => `x${pieces.join('')}`);

/** A paragraph whose lines are a table of Markdown, with links in any of its cells. */
const tables = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.boolean())
  .chain(([columns, hasEdges]) => {
    const drawn = (cells: readonly string[]): string =>
      hasEdges ? `| ${cells.join(' | ')} |` : cells.join(' | ');
    const row = fc.array(cell, { minLength: columns, maxLength: columns }).map(drawn);
    const separator = drawn(Array.from({ length: columns }, () => '---'));
    return fc
      .tuple(row, fc.array(row, { minLength: 1, maxLength: 3 }))
      .map(([head, rows]) => pageOf(`<p>${[head, separator, ...rows].join('<br>')}</p>`));
  });

/** Every link with what it is on, in order. */
function linksOf(page: Page): string[] {
  const html = page.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => {
      if (block.type === 'paragraph') return [block.html];
      return block.type === 'table' && block.html !== undefined
        ? [block.html.header, ...block.html.rows].flat()
        : [];
    }),
  );
  return html.join(' ').match(/<a .*?<\/a>/g) ?? [];
}

describe('for any table of Markdown', () => {
  it('keeps every word and every link of its cells', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(tables, (page) => {
        const { page: cleaned } = cleanPage(page);
        const types = cleaned.sections.flatMap(({ blocks }) => blocks.map(({ type }) => type));
        expect(types).toEqual(['table']);
        expect(linksOf(cleaned)).toEqual(linksOf(page));
        expect(letters(wordsOfPage(cleaned, 'text'))).toBe(letters(wordsOfPage(page, 'text')));
        expect(wordsOfPage(cleaned, 'html')).toEqual(wordsOfPage(cleaned, 'text'));
        expect(cleanPage(cleaned)).toEqual({ page: cleaned, changes: [] });
      }),
      { numRuns: RUNS },
    );
  });
});
