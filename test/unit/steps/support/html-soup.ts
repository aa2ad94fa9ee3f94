/** A soup of tokens for property tests. */
import * as fc from 'fast-check';

const TAGS =
  'p div ul li ol table tr td th caption b a i h1 h3 pre code dl dt dd details summary blockquote aside svg math ' +
  'mtext mi msup foreignObject desc select option form button body html head frameset nobr ruby rt template ' +
  'dialog figure thead tbody';
const TOKENS = TAGS.split(' ').flatMap((tag) => [`<${tag}>`, `</${tag}>`]);
const ODD = [
  '<title>',
  '</title>',
  '<script>',
  '</script>',
  '<style>',
  '</style>',
  '<textarea>',
  '</textarea>',
  '<noscript>',
  '</noscript>',
  '<plaintext>',
  '<xmp>',
  '</xmp>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<!doctype html>',
  '<img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">',
  '<svg onload=alert(1)>',
  '<p style="display:none">',
  '<td colspan=99999 rowspan=99999>',
  '<',
  '>',
  '"',
  '&lt;script&gt;',
  '&#0;',
  '&#xD800;',
  '&#x1F600;',
  '\uD800',
  '\0',
  '\r\n',
  '\f',
  'text ',
  'ďalší',
];

/** Anything that a broken reply could hold. */
export const htmlSoup: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...TOKENS, ...ODD) },
      { weight: 1, arbitrary: fc.string({ maxLength: 8, unit: 'binary' }) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
