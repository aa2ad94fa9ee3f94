import { describe, expect, it } from 'vitest';
import { DESCRIPTIONS, rehearsalReplies } from '../../content/support/seeds.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import { linksOfHtml, linksOfPage, lostLinks } from '../../../src/steps/quality/lost-links.ts';
import { pageOf } from './support/pages.ts';

/** Of a document around it. */
function lostOf(html: string): number {
  const document = `<h1>Title</h1><p>Some words.</p>${html}`;
  return lostLinks(linksOfHtml(document), pageOf(document, 'en'))[0]?.count ?? 0;
}

describe('a link of the HTML', () => {
  it.each([
    ['a heading', '<h2>See <a href="https://planline.org/a">the docs</a></h2><p>x</p>', 1],
    ['a term', '<dl><dt><a href="https://planline.org/a">term</a></dt><dd>words</dd></dl>', 1],
    [
      'a summary',
      '<details><summary><a href="https://planline.org/a">more</a></summary><p>x</p></details>',
      1,
    ],
    ['code', '<pre>see <a href="https://planline.org/a">this</a></pre>', 1],
    [
      'several headings, the same one twice',
      '<h2><a href="https://planline.org/a">a</a> <a href="https://planline.org/b">b</a></h2><p>x</p><h2><a href="https://planline.org/a">a</a></h2><p>x</p>',
      2,
    ],
    ['a paragraph', '<p><a href="https://planline.org/a">a</a></p>', 0],
    ['an item', '<ul><li><a href="mailto:me@planline.org">a</a></li></ul>', 0],
    ['a cell', '<table><tr><th>h<tr><td><a href="https://planline.org/a">a</a></table>', 0],
    [
      'a heading, and told below it',
      '<h2><a href="https://planline.org/a">a</a></h2><p><a href="HTTPS://planline.org/a">a</a></p>',
      0,
    ],
    ['a heading that leads nowhere safe', '<h2><a href="javascript:a()">a</a></h2><p>x</p>', 0],
    ['what is hidden', '<p hidden><a href="https://planline.org/a">a</a></p>', 0],
    ['nothing to be seen', '<p>x<a href="https://planline.org/a"> </a></p>', 0],
  ])('in %s is missed as it should be: %#', (_where, html, count) => {
    expect(lostOf(html)).toBe(count);
  });
});

describe('a link of a page that is cleaned', () => {
  const cleanedOf = (html: string) => {
    const dirty = pageOf(`<h1>Title</h1>${html}`, 'en', 3);
    return lostLinks(linksOfPage(dirty), cleanPage(dirty).page);
  };

  it('is told of when Markdown makes a heading or code of it', () => {
    const heading = '<p>## Read <a href="https://planline.org/a">this</a></p><p>Words</p>';
    const fence = '<p>```<br>x <a href="https://planline.org/b">y</a><br>```</p>';
    expect(cleanedOf(heading + fence)).toEqual([{ code: 'link_lost', page: 3, count: 2 }]);
  });

  it('is kept by all else', () => {
    const item = '<p>- **one** <a href="https://planline.org/a">a</a></p><p>- two</p>';
    const table = '<p>| h | i |<br>|---|---|<br>| <a href="https://planline.org/b">b</a> | c |</p>';
    expect(cleanedOf(item + table)).toEqual([]);
  });
});

it('nothing is lost of what the rehearsal writes', () => {
  const lost = Object.entries(DESCRIPTIONS).flatMap(([language, text]) =>
    rehearsalReplies(language, text).pages.flatMap((html) => {
      const dirty = pageOf(html, language);
      const { page } = cleanPage(dirty);
      return lostLinks(linksOfHtml(html), dirty).concat(lostLinks(linksOfPage(dirty), page));
    }),
  );
  expect(lost).toEqual([]);
});
