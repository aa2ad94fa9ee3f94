import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
