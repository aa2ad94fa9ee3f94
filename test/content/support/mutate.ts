/** Arbitraries that break whole documents: cut, doubled, spliced, with foreign tokens in between. */
import * as fc from 'fast-check';

interface Edit {
  /** In [0, 1): where in the text. */
  readonly at: number;
  readonly length: number;
  readonly insert: string;
}

/** What models, browsers and clipboards put where nobody expects it. */
const TOKENS = [
  '<',
  '>',
  '</',
  '&',
  '&lt;',
  '&amp;',
  '&nbsp;',
  '"',
  "'",
  '“',
  '`',
  '```',
  '```html\n',
  '~~~\n',
  '\n\n',
  '\r\n',
  '\u00A0',
  '\u200B',
  '\uFEFF',
  '\uD83D',
  '\0',
  '\uE200cite\uE202turn0search1\uE201',
  '【12†source】',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '<!--',
  '-->',
  '<blok-1>',
  '</blok-1>',
  '<blok-2>',
  '</blok-3>',
  '<!doctype html>',
  '<html>',
  '</html>',
  '<body>',
  '<p>',
  '</p>',
  '<pre>',
  '</pre>',
  '<code>',
  '<ul><li>',
  '</ul>',
  '<ol start=7>',
  '<table><tr><td>',
  '</table>',
  '<td colspan=9 rowspan=9>',
  '<details><summary>',
  '</details>',
  '<dl><dt>',
  '<dd>',
  '</dl>',
  '<svg><title>',
  '</svg>',
  '<math><mi>',
  '</math>',
  '<script>',
  '</script>',
  '<style>',
  '<textarea>',
  '<select><option>',
  '<template>',
  '<img src=x onerror=alert(1) alt=y>',
  '<img src="https://example.com/a.png" alt="b">',
  '<a href="javascript:alert(1)">',
  '<a href="https://example.com">',
  '</a>',
  '<div hidden>',
  '<p style="display:none">',
  '<aside class="tip">',
  '<h1 class="page-title">',
  '<br><br>',
  '**',
  '# ',
  '- ',
  '1. ',
  '| a | b |\n|---|---|\n',
  'Sure! Here is the page:',
  'Let me know if you would like changes.',
] as const;

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
    { weight: 1, arbitrary: fc.integer({ min: 13, max: 4000 }) },
  ),
  insert: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('', ...TOKENS) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
  ),
});

function apply(text: string, { at, length, insert }: Edit): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + insert + text.slice(start + length);
}

/** One of the texts, or two of them spliced, with a few edits. */
export function mutated(seeds: readonly string[]): fc.Arbitrary<string> {
  const seed = fc.constantFrom(...seeds);
  const spliced = fc
    .tuple(seed, seed, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(
      ([a, b, at]) => a.slice(0, Math.floor(at * a.length)) + b.slice(Math.floor(at * b.length)),
    );
  return fc
    .tuple(
      fc.oneof({ weight: 3, arbitrary: seed }, { weight: 1, arbitrary: spliced }),
      fc.array(edit, { maxLength: 8 }),
    )
    .map(([text, edits]) => edits.reduce(apply, text));
}

/** What no model would write: a token some thousand times, and what closes it as often. */
export const repeated: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom<readonly [string, string]>(
      ['[', ']'],
      ['{"a":', '1}'],
      ['<div>', '</div>'],
      ['<b>', '</b>'],
      ['<ul><li>', '</ul>'],
      ['<blockquote>', ''],
      ['<details>', ''],
      ['<svg>', '</svg>'],
      ['<blok-1>', '</blok-1>'],
      ['<!--', '-->'],
      ['```\n', '```\n'],
      ['> ', ''],
      ['**', ''],
      ['&amp;', 'lt;'],
      ['"', '"'],
      ['| a ', '|\n'],
      ['- ', '\n'],
      ['\uE200', '\uE201'],
    ),
    fc.integer({ min: 1, max: 3_000 }),
    fc.constantFrom('', 'x', ' text ', '"'),
  )
  .map(([[open, close], times, inner]) => open.repeat(times) + inner + close.repeat(times));
