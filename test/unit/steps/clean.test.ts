import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src/core/page.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import { clean } from './support/cleaning.ts';
import { pageOf, paragraph } from './support/pages.ts';

/** The HTML of the one paragraph that is left. */
function inline(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const { blocks } = clean(`<h1>Lekcia</h1><p>Na úvod.</p><p>${escaped}</p><p>Na záver.</p>`);
  const block = blocks[1];
  return block?.type === 'paragraph' ? block.html : JSON.stringify(block);
}

describe('what is certainly Markdown becomes structure', () => {
  it.each([
    ['**tučné**', '<strong>tučné</strong>'],
    ['a **dva slová** b', 'a <strong>dva slová</strong> b'],
    ['**Pozor:** text', '<strong>Pozor:</strong> text'],
    ['(**a**), „**b**“', '(<strong>a</strong>), „<strong>b</strong>“'],
    ['*kurzíva*', '<em>kurzíva</em>'],
    ['***oboje***', '<strong><em>oboje</em></strong>'],
    ['**a *b* c**', '<strong>a <em>b</em> c</strong>'],
    ['*a **b** c*', '<em>a <strong>b</strong> c</em>'],
    ['**Pozor:**text a **b**', '**Pozor:**text a <strong>b</strong>'],
    ['*args a *b*', '*args a <em>b</em>'],
    ['__dve slová__', '<strong>dve slová</strong>'],
    ['_dve slová_', '<em>dve slová</em>'],
    ['~~zle~~', '<s>zle</s>'],
    ['`npm install`', '<code>npm install</code>'],
    ['``a`b``', '<code>a`b</code>'],
    ['`a` a `b`', '<code>a</code> a <code>b</code>'],
    ['`<p>`', '<code>&lt;p&gt;</code>'],
    ['**`x`**', '<strong><code>x</code></strong>'],
    ['[odkaz](https://a.sk/b_c)', '<a href="https://a.sk/b_c" rel="noopener noreferrer">odkaz</a>'],
    ['[o](https://a.sk "Titulok")', '<a href="https://a.sk/" rel="noopener noreferrer">o</a>'],
    [
      '[wiki](https://a.sk/X_(y))',
      '<a href="https://a.sk/X_(y)" rel="noopener noreferrer">wiki</a>',
    ],
    [
      '[**b**](https://a.sk)',
      '<a href="https://a.sk/" rel="noopener noreferrer"><strong>b</strong></a>',
    ],
    [
      '**[o](https://a.sk)**',
      '<strong><a href="https://a.sk/" rel="noopener noreferrer">o</a></strong>',
    ],
    [
      '![Graf](https://a.sk/b.png)',
      '<a href="https://a.sk/b.png" rel="noopener noreferrer">Graf</a>',
    ],
    ['[pošta](mailto:a@b.sk)', '<a href="mailto:a@b.sk" rel="noopener noreferrer">pošta</a>'],
  ])('%s', (text, html) => {
    expect(inline(text)).toBe(html);
  });

  it('also across elements and in every kind of text', () => {
    const html =
      '<h2>## **Nadpis** `x`</h2><p>**a <code>b</code> c**</p><ul><li>**d**<ul><li>`e`</li></ul></li></ul>' +
      '<table><tr><th>**f**</th></tr><tr><td>g</td></tr></table><blockquote>*h*</blockquote>' +
      '<aside class="tip">**i**</aside><details><summary>**j**</summary><p>**k**</p></details>' +
      '<dl><dt>**l**</dt><dd>`m`</dd></dl>';
    const { sections } = clean(html);
    expect(sections).toEqual([
      {
        heading: 'Nadpis x',
        level: 2,
        blocks: [
          paragraph('<strong>a <code>b</code> c</strong>', 'a b c'),
          {
            type: 'list',
            ordered: false,
            items: [
              {
                html: '<strong>d</strong>',
                text: 'd',
                items: [{ html: '<code>e</code>', text: 'e' }],
              },
            ],
          },
          {
            type: 'table',
            header: ['f'],
            rows: [['g']],
            html: { header: ['<strong>f</strong>'], rows: [['g']] },
          },
          { type: 'quote', html: '<em>h</em>', text: 'h' },
          { type: 'callout', kind: 'tip', html: '<strong>i</strong>', text: 'i' },
          { type: 'details', summary: 'j', blocks: [paragraph('<strong>k</strong>', 'k')] },
          { type: 'definition', items: [{ term: 'l', html: '<code>m</code>', text: 'm' }] },
        ],
      },
    ]);
  });
});

describe('what may be text stays text', () => {
  it.each([
    'C# a F#, #1 a #hashtag',
    '2 * 3 * 4 = 24',
    '2*3*4 a 2**3**4',
    'a*b*c',
    'snake_case a other_snake_case',
    '__init__ a __name__',
    '_privátne_ a _id_',
    'súbory *.ts a *.js',
    'f(*args, **kwargs) a g(**opts)',
    'cena* je 5 €, *s DPH',
    '* jedna hviezdička',
    '** nič **',
    '________',
    'https://a.sk/*b*/c_d_e_f a www.a.sk/_x y_',
    'anna_nova@a_b.sk a eva_nova@a_b.sk',
    'l`heure a l`autre',
    '`nezavretý',
    '[x](#kotva) a [y](/cesta)',
    '[x](javascript:alert(1))',
    '[x] (https://a.sk)',
    'pole[0](1) a [1]',
    '[ ] nie v zozname',
    '5 > 3 a 3 < 5',
    '- jeden riadok s pomlčkou',
    '1. januára 2024',
    '# 1 v rebríčku',
    '# of items: 5.',
    '#bezmedzery',
    '> 5 rokov praxe',
    '~/.bashrc a ~~nič',
    'a | b',
    '\\*nie\\*',
    '-- a --- v texte',
    'Tu je zoznam toho, čo budete potrebovať:',
  ])('%s', (text) => {
    expect(inline(text)).toBe(
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    );
  });

  it('in code, whatever it looks like', () => {
    const html =
      '<h1>A</h1><p>x</p><pre># **a**\n- b\n- c\n```</pre><p><code>**a** `b` [c](https://a.sk)</code> <kbd>*d*</kbd></p><p>y</p>';
    const page = pageOf(html);
    expect(cleanPage(page)).toEqual({ page, changes: [] });
  });

  it('across the border of an element', () => {
    const page = pageOf('<h1>A</h1><p>x</p><p>**a <em>b** c</em></p><p>y</p>');
    expect(cleanPage(page)).toEqual({ page, changes: [] });
  });
});

describe('lines of Markdown become blocks', () => {
  it.each<[string, string, Block[]]>([
    [
      'a list after its introduction',
      '<p>Kroky:<br>- <b>a</b><br>- c<br>Potom.</p>',
      [
        paragraph('Kroky:'),
        {
          type: 'list',
          ordered: false,
          items: [
            { html: '<strong>a</strong>', text: 'a' },
            { html: 'c', text: 'c' },
          ],
        },
        paragraph('Potom.'),
      ],
    ],
    [
      'a list in the source lines',
      '<p>\n* a\n* c\n</p>',
      [
        {
          type: 'list',
          ordered: false,
          items: [
            { html: 'a', text: 'a' },
            { html: 'c', text: 'c' },
          ],
        },
      ],
    ],
    [
      'a numbered list that goes on',
      '<p>3. a<br>4. b</p>',
      [
        {
          type: 'list',
          ordered: true,
          start: 3,
          items: [
            { html: 'a', text: 'a' },
            { html: 'b', text: 'b' },
          ],
        },
      ],
    ],
    [
      'paragraphs that are items',
      '<p>- a</p><p>- b</p><p>c</p>',
      [
        {
          type: 'list',
          ordered: false,
          items: [
            { html: 'a', text: 'a' },
            { html: 'b', text: 'b' },
          ],
        },
        paragraph('c'),
      ],
    ],
    [
      'tasks',
      '<ul><li>[ ] a</li><li>[x] b</li></ul>',
      [
        {
          type: 'list',
          ordered: false,
          items: [
            { html: '☐ a', text: '☐ a' },
            { html: '☑ b', text: '☑ b' },
          ],
        },
      ],
    ],
    [
      'items with a second bullet',
      '<ul><li>- a</li><li>• b</li></ul>',
      [
        {
          type: 'list',
          ordered: false,
          items: [
            { html: 'a', text: 'a' },
            { html: 'b', text: 'b' },
          ],
        },
      ],
    ],
    [
      'code',
      '<p>Spustite:<br>```JS<br>a **b**;<br><br>c<br>```<br>Hotovo.</p>',
      [
        paragraph('Spustite:<br>```JS<br>a <strong>b</strong>;', 'Spustite:\n```JS\na b;'),
        paragraph('c<br>```<br>Hotovo.', 'c\n```\nHotovo.'),
      ],
    ],
    [
      'code in one paragraph',
      '<p>Spustite:<br>```JS<br>a **b**;<br>c<br>```<br>Hotovo.</p>',
      [
        paragraph('Spustite:'),
        { type: 'code', language: 'js', text: 'a **b**;\nc' },
        paragraph('Hotovo.'),
      ],
    ],
    [
      'a table',
      '<p>| A | B |<br>|:---|---:|<br>| 1 | **2** |</p>',
      [
        {
          type: 'table',
          header: ['A', 'B'],
          rows: [['1', '2']],
          html: { header: ['A', 'B'], rows: [['1', '<strong>2</strong>']] },
        },
      ],
    ],
    [
      'a table with links and marks in its cells',
      '<p>| <strong>A</strong> | B |<br>|---|---|<br>| <a href="https://a.sk">1</a> 2 | x |</p>',
      [
        {
          type: 'table',
          header: ['A', 'B'],
          rows: [['1 2', 'x']],
          html: {
            header: ['<strong>A</strong>', 'B'],
            rows: [['<a href="https://a.sk/" rel="noopener noreferrer">1</a> 2', 'x']],
          },
        },
      ],
    ],
    [
      'a table whose rows lie inside one mark, without pipes at the edge',
      '<p><em>A | B</em><br>---|---<br>1 | <a href="mailto:a@b.sk">a &amp; b</a></p>',
      [
        {
          type: 'table',
          header: ['A', 'B'],
          rows: [['1', 'a & b']],
          html: {
            header: ['<em>A</em>', '<em>B</em>'],
            rows: [['1', '<a href="mailto:a@b.sk" rel="noopener noreferrer">a &amp; b</a>']],
          },
        },
      ],
    ],
    [
      'a table with empty cells beside a link',
      '<p>|A|B|<br>|--|--|<br>||<a href="https://a.sk">1</a>|</p>',
      [
        {
          type: 'table',
          header: ['A', 'B'],
          rows: [['', '1']],
          html: {
            header: ['A', 'B'],
            rows: [['', '<a href="https://a.sk/" rel="noopener noreferrer">1</a>']],
          },
        },
      ],
    ],
    ['a quotation', '<p>&gt; a<br>&gt; b</p>', [{ type: 'quote', html: 'a<br>b', text: 'a\nb' }]],
    ['a rule', '<p>a</p><p>---</p><p>* * *</p><p>b</p>', [paragraph('a'), paragraph('b')]],
  ])('%s', (_name, html, blocks) => {
    expect(clean(html).blocks).toEqual(blocks);
  });

  it('headings begin sections', () => {
    const { sections } = clean('<h1>A</h1><p>x</p><p>## B **c**</p><p>y</p><p># Ďalší</p><p>z</p>');
    expect(sections).toEqual([
      { heading: 'A', level: 1, blocks: [paragraph('x')] },
      { heading: 'B c', level: 2, blocks: [paragraph('y')] },
      { heading: 'Ďalší', level: 1, blocks: [paragraph('z')] },
    ]);
  });

  it('headings inside details are strong lines', () => {
    expect(
      clean('<p>x</p><details><summary>s</summary><p>### B</p><p>y</p></details><p>z</p>')
        .blocks[1],
    ).toEqual({
      type: 'details',
      summary: 's',
      blocks: [paragraph('<strong>B</strong>', 'B'), paragraph('y')],
    });
  });
});

describe('the report', () => {
  it('names every change, what was there and what is there', () => {
    const { changes } = clean('<h1>A</h1><p>**b** `c`</p><p>- d</p><p>- e</p><p>---</p><p>f</p>');
    expect(changes).toEqual([
      { path: 'sections[0].blocks[1]', kind: 'list', before: '- d\n- e', after: 'd\ne' },
      { path: 'sections[0].blocks[0]', kind: 'code', before: '`c`', after: 'c' },
      { path: 'sections[0].blocks[0]', kind: 'emphasis', before: '**b**', after: 'b' },
      { path: 'sections[0].blocks[2]', kind: 'rule_removed', before: '---', after: '' },
    ]);
  });

  it('is empty for a clean page, which stays the same', () => {
    const page = pageOf('<title>T</title><h1>A</h1><p>b <em>c</em></p><ul><li>d</li></ul>');
    expect(cleanPage(page)).toEqual({ page, changes: [] });
  });
});

describe('the report of a rewritten paragraph', () => {
  it('tells what became of the lines around the new block as well', () => {
    const { changes } = clean('<p>x</p><p>Before:<br>- a<br>- b<br>After</p><p>y</p>');
    expect(changes).toMatchObject([
      { kind: 'list', before: 'Before:\n- a\n- b\nAfter', after: 'Before:\na\nb\nAfter' },
    ]);
  });
});

describe('signs that stand apart from what they mark', () => {
  it('make code of the paragraphs between two lines of a fence', () => {
    const { blocks, changes } = clean(
      '<p>a</p><p>```JS</p><p>x = **1**;<br>y</p><p>z</p><p>```</p><p>b</p>',
    );
    expect(blocks.slice(1, -1)).toEqual([
      { type: 'code', language: 'js', text: 'x = **1**;\ny\nz' },
    ]);
    expect(changes).toMatchObject([
      { kind: 'code_block', before: '```JS\nx = **1**;\ny\nz\n```', after: 'x = **1**;\ny\nz' },
    ]);
  });

  it.each([
    '<p>a</p><p>```</p><p>x</p><p>b</p>',
    '<p>a</p><p>```</p><ul><li>x</li></ul><p>```</p><p>b</p>',
    '<p>a</p><p>```</p><p>```</p><p>b</p>',
  ])('are left alone where it is not certain: %s', (html) => {
    expect(clean(html).changes).toEqual([]);
  });

  it('go from both ends of a heading, and stay where they are its text', () => {
    const { sections } = clean('<p>a</p><h2>## Nadpis ##</h2><p>b</p><h2>Čo je C #</h2><p>c</p>');
    expect(sections.map((section) => section.heading)).toEqual([null, 'Nadpis', 'Čo je C #']);
  });
});
