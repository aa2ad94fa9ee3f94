import { describe, expect, it } from 'vitest';
import type { Block, ListItem } from '../../../src/core/page.ts';
import { linksOfHtml, lostLinks } from '../../../src/steps/quality/lost-links.ts';
import { renderPage } from '../../../src/steps/render.ts';
import { blocksOf, link, pageOf, paragraph } from './support/pages.ts';
import { wordsOfPage } from './support/visible.ts';

const item = (text: string, items?: ListItem[]): ListItem => ({
  html: text,
  text,
  ...(items === undefined ? {} : { items }),
});
const list = (items: ListItem[]): Block => ({ type: 'list', ordered: false, items });
const numbered = (items: ListItem[], start?: number): Block => ({
  type: 'list',
  ordered: true,
  ...(start === undefined ? {} : { start }),
  items,
});
const code = (text: string, language: string | null = null): Block => ({
  type: 'code',
  language,
  text,
});
const details = (summary: string, ...texts: string[]): Block => ({
  type: 'details',
  summary,
  blocks: texts.map((text) => paragraph(text)),
});
const GRAPH = '<img src="https://a.sk/b.png" alt="Graf">';
const graph: Block = { type: 'image', src: 'https://a.sk/b.png', alt: 'Graf' };

describe('lists', () => {
  it('nest to any depth, in any way of writing', () => {
    const html =
      '<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li><ol><li>d</li></ol><li><p>e</p></li></ul>';
    expect(blocksOf(html)).toEqual([
      {
        type: 'list',
        ordered: false,
        items: [
          {
            html: 'a',
            text: 'a',
            ordered: true,
            items: [
              { html: 'b', text: 'b', items: [{ html: 'c', text: 'c' }] },
              { html: 'd', text: 'd' },
            ],
          },
          { html: 'e', text: 'e' },
        ],
      },
    ]);
  });

  it('keep paragraphs of an item as lines', () => {
    expect(blocksOf('<ul><li><p>a</p><p>b</p><h3>c</h3></li><li></li></ul>')).toEqual([
      list([{ html: 'a<br><br>b<br><br><strong>c</strong>', text: 'a\n\nb\n\nc' }]),
    ]);
  });

  it('keep the state of task boxes', () => {
    expect(
      blocksOf(
        '<ul><li><input type=checkbox disabled> a</li><li><label><input type=checkbox checked>b</label></li></ul>',
      ),
    ).toEqual([
      {
        type: 'list',
        ordered: false,
        items: [
          { html: '☐ a', text: '☐ a' },
          { html: '☑ b', text: '☑ b' },
        ],
      },
    ]);
  });
});

describe('what an item has no place for follows it, and the list goes on', () => {
  it.each<[string, string, Block[]]>([
    [
      'answers, which stay hidden',
      '<ol><li><p>Čo je CV?</p><details><summary>Odpoveď</summary><p>Životopis.</p></details></li>' +
        '<li>Kto?<details><summary>Odpoveď</summary><p>Ja.</p></details></li><li>Koniec</li></ol>',
      [
        numbered([item('Čo je CV?')]),
        details('Odpoveď', 'Životopis.'),
        numbered([item('Kto?')], 2),
        details('Odpoveď', 'Ja.'),
        numbered([item('Koniec')], 3),
      ],
    ],
    [
      'answers of an item of an item',
      '<ol><li>A</li><li>B<ul><li>c</li><li>d<details><summary>S</summary><p>e</p></details></li></ul></li><li>F</li></ol>',
      [
        numbered([item('A'), item('B')]),
        list([item('c'), item('d')]),
        details('S', 'e'),
        numbered([item('F')], 3),
      ],
    ],
    [
      'answers between items',
      '<ol><li>a</li><details><summary>s</summary><p>t</p></details><li>b</li></ol>',
      [numbered([item('a')]), details('s', 't'), numbered([item('b')], 2)],
    ],
    [
      'code, to the space',
      '<ul><li>Kód:<pre><code class="language-python">if x:\n    y()</code></pre></li><li>b</li></ul>',
      [list([item('Kód:')]), code('if x:\n    y()', 'python'), list([item('b')])],
    ],
    [
      'code of an item without words, which keeps its number',
      '<ol start="3"><li>a</li><li>b</li><li><pre>x</pre></li><li>c</li></ol>',
      [numbered([item('a'), item('b')], 3), code('x'), numbered([item('c')], 6)],
    ],
    [
      'a table, and the text after it',
      '<ol><li>Porovnaj:<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>a <b>b</b></li></ol>',
      [
        numbered([item('Porovnaj:')]),
        { type: 'table', header: ['A', 'B'], rows: [['1', '2']] },
        paragraph('a <strong>b</strong>', 'a b'),
      ],
    ],
    [
      'text after a nested list',
      '<ol start="3"><li><p>Úloha</p><ol><li>Otvor.</li><li>Napíš.</li></ol><p>Výsledok</p>' +
        '<div class="tip">Tip</div></li><li>a</li></ol>',
      [
        numbered([{ ...item('Úloha', [item('Otvor.'), item('Napíš.')]), ordered: true }], 3),
        paragraph('Výsledok'),
        { type: 'callout', kind: 'tip', html: 'Tip', text: 'Tip' },
        numbered([item('a')], 4),
      ],
    ],
    [
      'blocks deep in other elements, with the marks around them',
      '<ul><li><div>a<section><b>b<pre>c</pre>d</b></section>e</div>f<h3>G</h3></li><li>h</li></ul>',
      [
        list([{ html: 'a<br><br><strong>b</strong>', text: 'a\n\nb' }]),
        code('c'),
        paragraph('<strong>d</strong>', 'd'),
        paragraph('e'),
        paragraph('f'),
        paragraph('<strong>G</strong>', 'G'),
        list([item('h')]),
      ],
    ],
    [
      'a picture that is no part of a line',
      `<ul><li>a<p>${GRAPH}</p></li><li>b<figure>${GRAPH}<figcaption>c</figcaption></figure></li></ul>`,
      [list([item('a')]), graph, list([item('b')]), graph, paragraph('c')],
    ],
  ])('%s', (_name, html, blocks) => {
    const page = pageOf(html);
    expect(page.sections).toEqual([{ heading: null, level: null, blocks }]);
    expect(pageOf(renderPage(page))).toEqual(page);
  });

  it.each<[string, string, Block]>([
    [
      'text after a list that is nested deeper',
      '<ul><li>a<ol><li>b<ul><li>c</li></ul>d</li></ol></li></ul>',
      list([{ ...item('a', [item('b', [item('c'), item('d')])]), ordered: true }]),
    ],
    [
      'nothing to be seen',
      '<ol><li>a<pre> </pre><details></details><table></table></li><li>b<ul><li>c</li></ul> <p hidden>d</p></li></ol>',
      numbered([item('a'), item('b', [item('c')])]),
    ],
    [
      'a picture that leads somewhere',
      `<ul><li>a<p><a href="https://a.sk/">${GRAPH}</a></p></li></ul>`,
      list([{ html: `a<br><br>${link('https://a.sk/', 'Graf')}`, text: 'a\n\nGraf' }]),
    ],
    [
      'a picture before the words of an item',
      `<ol><li><figure>${GRAPH}</figure>a</li></ol>`,
      numbered([{ html: `${link('https://a.sk/b.png', 'Graf')}<br><br>a`, text: 'Graf\n\na' }]),
    ],
  ])('but %s stays within the list', (_name, html, block) => {
    expect(blocksOf(html)).toEqual([block]);
  });

  it('from the number that an item gives itself', () => {
    const html = '<ol><li value="1">a</li><li value="5">b</li><li>c</li><li value="x">d</li></ol>';
    expect(blocksOf(html)).toEqual([
      numbered([item('a')]),
      numbered([item('b'), item('c'), item('d')], 5),
    ]);
  });

  it('as far as numbers are read', () => {
    expect(blocksOf('<ol start="999999"><li>a<pre>b</pre></li><li>c</li></ol>')).toEqual([
      numbered([item('a')], 999_999),
      code('b'),
      numbered([item('c')]),
    ]);
  });

  it('without a word or a link lost', () => {
    const html =
      '<h1>T</h1><ol><li>a <a href="https://a.sk/">b</a><pre>c</pre><p><a href="https://b.sk/">d</a></p></li></ol>';
    const page = pageOf(html);
    expect(lostLinks(linksOfHtml(html), page)).toEqual([]);
    expect(wordsOfPage(page, 'html')).toEqual(['T', 'a', 'b', 'c', 'd']);
  });
});
