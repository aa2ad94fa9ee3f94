import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src/core/page.ts';
import { renderPage } from '../../../src/steps/render.ts';
import { blocksOf, link, pageOf, paragraph } from './support/pages.ts';

describe('code', () => {
  it.each<[string, string, Block]>([
    [
      'with its language',
      '<pre><code class="hljs language-TypeScript">a &lt; b\n\n  <span>c</span>\n</code></pre>',
      { type: 'code', language: 'typescript', text: 'a < b\n\n  c' },
    ],
    [
      'with a first empty line',
      '<pre>\n\n  a\tb  \n</pre>',
      { type: 'code', language: null, text: '  a\tb' },
    ],
    [
      'with breaks',
      '<pre class="lang-sh">a<br>b</pre>',
      { type: 'code', language: 'sh', text: 'a\nb' },
    ],
    [
      'with carriage returns',
      '<pre>a\r\nb&#13;c</pre>',
      { type: 'code', language: null, text: 'a\nb\nc' },
    ],
    [
      'that is HTML',
      '<pre>&lt;script&gt;alert(1)&lt;/script&gt;</pre>',
      { type: 'code', language: null, text: '<script>alert(1)</script>' },
    ],
    [
      'in an old element',
      '<xmp><b>a</b></xmp>',
      { type: 'code', language: null, text: '<b>a</b>' },
    ],
  ])('%s is kept to the space', (_name, html, block) => {
    expect(blocksOf(html)).toEqual([block]);
    const [again] = pageOf(renderPage(pageOf(html))).sections[0]?.blocks ?? [];
    expect(again).toEqual(block);
  });
});

describe('tables', () => {
  it('have a header, and columns that stay below each other under spans', () => {
    const html =
      '<table><caption>Plán</caption><thead><tr><th>A</th><th colspan="2">B</th></tr></thead>' +
      '<tbody><tr><th rowspan="2">1</th><td>2</td><td>3</td></tr><tr><td>4</td><td>5</td></tr></tbody>' +
      '<tfoot><tr><td colspan="3">spolu</td></tr></tfoot></table>';
    expect(blocksOf(html)).toEqual([
      paragraph('Plán'),
      {
        type: 'table',
        header: ['A', 'B', ''],
        rows: [
          ['1', '2', '3'],
          ['', '4', '5'],
          ['spolu', '', ''],
        ],
      },
    ]);
  });

  it('keep links and lines of cells', () => {
    const html = '<table><tr><td>a<p>b</p></td><td><a href="https://a.sk">c</a></td></tr></table>';
    expect(blocksOf(html)).toEqual([
      {
        type: 'table',
        header: [],
        rows: [['a\n\nb', 'c']],
        html: { header: [], rows: [['a<br><br>b', link('https://a.sk/', 'c')]] },
      },
    ]);
  });

  it('of a hostile width stay small', () => {
    const row = '<tr><td colspan="99999999" rowspan="99999999">a</td></tr>';
    const [block] = blocksOf(`<table>${row.repeat(50)}</table>`);
    expect(
      block?.type === 'table' && Math.max(...block.rows.map((cells) => cells.length)),
    ).toBeLessThan(5_000);
  });

  it('without text are no blocks', () => {
    expect(blocksOf('<table><tr><td></td></tr></table><p>a</p>')).toEqual([paragraph('a')]);
  });
});

describe('quotes and callouts', () => {
  it.each<[string, Block]>([
    [
      '<blockquote><p>a</p><footer>b</footer></blockquote>',
      { type: 'quote', html: 'a<br><br>b', text: 'a\n\nb' },
    ],
    [
      '<aside class="tip"><h3>Tip</h3><p>a</p></aside>',
      { type: 'callout', kind: 'tip', html: '<strong>Tip</strong><br><br>a', text: 'Tip\n\na' },
    ],
    ['<aside>a</aside>', { type: 'callout', kind: 'note', html: 'a', text: 'a' }],
    [
      '<div class="alert alert-warning">a</div>',
      { type: 'callout', kind: 'warning', html: 'a', text: 'a' },
    ],
    ['<div role="note">a</div>', { type: 'callout', kind: 'note', html: 'a', text: 'a' }],
    [
      '<aside class="note">a<ol><li>b</li><li>c</li></ol></aside>',
      {
        type: 'callout',
        kind: 'note',
        html: 'a<br><br>1.\u2002b<br>2.\u2002c',
        text: 'a\n\n1.\u2002b\n2.\u2002c',
      },
    ],
  ])('%s', (html, block) => {
    expect(blocksOf(html)).toEqual([block]);
  });

  it('that hold more than text give their blocks', () => {
    expect(blocksOf('<aside class="tip"><p>a</p><pre>b</pre></aside>')).toEqual([
      paragraph('a'),
      { type: 'code', language: null, text: 'b' },
    ]);
    expect(pageOf('<section class="note"><h2>A</h2><p>b</p></section>').sections).toEqual([
      { heading: 'A', level: 2, blocks: [paragraph('b')] },
    ]);
  });
});

describe('details', () => {
  it('hold blocks, with headings as strong lines, and may nest', () => {
    const html =
      '<details><summary>Odpoveď <b>1</b></summary>a<h3>B</h3><ul><li>c</li></ul><details><p>d</p></details></details>';
    expect(blocksOf(html)).toEqual([
      {
        type: 'details',
        summary: 'Odpoveď 1',
        blocks: [
          paragraph('a'),
          paragraph('<strong>B</strong>', 'B'),
          { type: 'list', ordered: false, items: [{ html: 'c', text: 'c' }] },
          { type: 'details', summary: '', blocks: [paragraph('d')] },
        ],
      },
    ]);
  });
});

describe('definitions', () => {
  it('pair terms with what follows, in order', () => {
    const html =
      '<dl><dt>A</dt><dt>B</dt><dd>b1</dd><dd>b2</dd><div><dt>C</dt><dd><p>c</p></dd></div><dt>D</dt>x</dl>';
    expect(blocksOf(html)).toEqual([
      {
        type: 'definition',
        items: [
          { term: 'A', html: '', text: '' },
          { term: 'B', html: 'b1', text: 'b1' },
          { term: '', html: 'b2', text: 'b2' },
          { term: 'C', html: 'c', text: 'c' },
          { term: 'D', html: 'x', text: 'x' },
        ],
      },
    ]);
  });
});

describe('images', () => {
  it.each<[string, string, Block[]]>([
    [
      'over https stay, with their caption',
      '<figure><img src="https://a.sk/b.png" alt="Graf" onerror="x()"><figcaption>Popis</figcaption></figure>',
      [{ type: 'image', src: 'https://a.sk/b.png', alt: 'Graf' }, paragraph('Popis')],
    ],
    [
      'part the text around them',
      '<p>a <em>b <img src="https://a.sk/b.png"> c</em></p>',
      [
        paragraph('a <em>b</em>', 'a b'),
        { type: 'image', src: 'https://a.sk/b.png', alt: '' },
        paragraph('<em>c</em>', 'c'),
      ],
    ],
    [
      'over http become links',
      '<img src="http://a.sk/b.png" alt="Graf"><img src="http://a.sk/c.png">',
      [
        paragraph(
          `${link('http://a.sk/b.png', 'Graf')} ${link('http://a.sk/c.png', 'http://a.sk/c.png')}`.replace(
            'Graf</a> ',
            'Graf </a>',
          ),
          'Graf http://a.sk/c.png',
        ),
      ],
    ],
    [
      'from anywhere else leave their words',
      '<img src="data:image/png;base64,AA" alt="Graf"><img src="b.png" alt="Mapa"><img src="javascript:x()">',
      [paragraph('Graf Mapa')],
    ],
    [
      'too small or too faint to be seen are gone',
      '<p>a<img src="https://t.sk/p.gif" width="1" height="1"><img src="https://t.sk/q.gif" style="border: 0; width: 1px">' +
        '<img src="https://t.sk/r.gif" style="max-height:0"><img src="https://t.sk/s.gif" style="opacity: 0.0">' +
        '<img src="https://t.sk/t.gif" hidden><img src="https://t.sk/u.gif" style="visibility:hidden"></p>',
      [paragraph('a')],
    ],
    [
      'without words, but with something to report, are links that load nothing',
      '<p>a</p><img src="https://t.sk/open?uid=12"><p>b</p><img src="https://t.sk/track.gif">',
      [
        paragraph('a'),
        paragraph(
          link('https://t.sk/open?uid=12', 'https://t.sk/open?uid=12'),
          'https://t.sk/open?uid=12',
        ),
        paragraph('b'),
        paragraph(
          link('https://t.sk/track.gif', 'https://t.sk/track.gif'),
          'https://t.sk/track.gif',
        ),
      ],
    ],
    [
      'of a stated size, or with words, are shown, whatever their address',
      '<img src="https://a.sk/b.png?w=800" width="800"><img src="https://a.sk/c.png?w=800" alt="Graf">',
      [
        { type: 'image', src: 'https://a.sk/b.png?w=800', alt: '' },
        { type: 'image', src: 'https://a.sk/c.png?w=800', alt: 'Graf' },
      ],
    ],
    [
      'in a list item become links',
      '<ul><li>a <img src="https://a.sk/b.png" alt="Graf"></li></ul>',
      [
        {
          type: 'list',
          ordered: false,
          items: [{ html: `a ${link('https://a.sk/b.png', 'Graf')}`, text: 'a Graf' }],
        },
      ],
    ],
  ])('%s', (_name, html, blocks) => {
    expect(blocksOf(html)).toEqual(blocks);
  });
});

describe('drawings and formulas', () => {
  it.each<[string, string, Block]>([
    [
      'a drawing gives its words',
      '<svg><title>Graf</title><desc>Rast</desc><g><text>2024</text><script>x()</script></g></svg>',
      paragraph('Graf Rast 2024'),
    ],
    [
      'a formula keeps its powers',
      '<math><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><msub><mi>a</mi><mn>1</mn></msub></mrow></math>',
      paragraph('x<sup>2</sup> + a<sub>1</sub>', 'x2 + a1'),
    ],
    [
      'a fraction has a slash',
      '<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>',
      paragraph('(a + b)/2'),
    ],
    ['a root is named', '<math><msqrt><mi>x</mi></msqrt></math>', paragraph('√(x)')],
    [
      'KaTeX is counted once',
      '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi></mrow>' +
        '<annotation encoding="application/x-tex">E=m</annotation></semantics></math></span>' +
        '<span class="katex-html" aria-hidden="true"><span>E</span><span>=</span><span>m</span></span></span>',
      paragraph('E = m'),
    ],
    [
      'MathJax is counted once',
      '<span class="MathJax"><nobr aria-hidden="true"><span class="math">E</span></nobr>' +
        '<span class="MJX_Assistive_MathML"><math><mi>E</mi></math></span></span>',
      paragraph('E'),
    ],
    [
      'an assistive formula is counted once',
      '<mjx-container><svg><text>E</text></svg><mjx-assistive-mml><math><mi>E</mi></math></mjx-assistive-mml></mjx-container>',
      paragraph('E'),
    ],
  ])('%s', (_name, html, block) => {
    expect(blocksOf(html)).toEqual([block]);
  });
});

describe('elements within others of another kind', () => {
  it.each([
    ['a block deep in preformatted text', '<pre>a<b><i><p>b</p></i></b>c</pre>', 'a\nb\nc'],
    ['blocks in preformatted text', '<pre><div>a</div><div>b</div>c</pre>', 'a\nb\nc'],
    [
      'a table in preformatted text',
      '<pre><table><tr><td>a</td><td>b</td></tr></table></pre>',
      'a\tb',
    ],
    ['lines that end in a break of their own', '<pre><div>a\n</div><div>b\n</div></pre>', 'a\nb'],
  ])('keep %s apart', (_name, html, text) => {
    expect(blocksOf(html)).toEqual([{ type: 'code', language: null, text }]);
  });

  it.each([
    [
      'HTML labels of a diagram',
      '<svg><g><text>x</text><foreignObject><div>a</div><div>b <b>c</b></div></foreignObject></g></svg>',
      ['x', 'a', 'b <strong>c</strong>'],
    ],
    ['HTML in a formula', '<math><mi><p>a</p><p>b</p></mi></math>', ['a', 'b']],
    ['a drawing in a formula', '<math><mi>a<svg><text>b</text></svg></mi></math>', ['a b']],
    [
      'words beside the parts of a power',
      '<math><msup>a<mi>x</mi><mn>2</mn></msup></math>',
      ['ax2'],
    ],
    [
      'parts that a fraction does not have',
      '<math><mfrac><mi>a</mi><mi>b</mi><mi>c</mi></mfrac></math>',
      ['abc'],
    ],
  ])('keep the words of %s', (_name, html, texts) => {
    expect(blocksOf(html).map((block) => 'html' in block && block.html)).toEqual(texts);
  });

  it('keep a table that stands in a list without an item, which has no number', () => {
    expect(
      blocksOf(
        '<ol><table><tr><td>a</td><td>b</td></tr></table><div>c<ul><li>d</li></ul></div></ol>',
      ),
    ).toEqual([
      { type: 'table', header: [], rows: [['a', 'b']] },
      {
        type: 'list',
        ordered: true,
        items: [{ html: 'c', text: 'c', items: [{ html: 'd', text: 'd' }] }],
      },
    ]);
  });

  it('keep annotations of one character apart from annotations of annotations', () => {
    expect(blocksOf('<p><ruby>字<rt>a<rt>b<rp>c</ruby> <rt><rt>!</rt></rt></p>')).toMatchObject([
      { html: '<ruby>字<rt>a</rt><rt>b</rt><rp>c</rp></ruby> <rt>!</rt>' },
    ]);
  });

  it('draw no bullet where an item has nothing to see, and the others at the text', () => {
    expect(
      blocksOf('<blockquote><ul><li><i hidden>x</i></li><li><p>a</p></li></ul></blockquote>'),
    ).toEqual([{ type: 'quote', html: '•\u2002a', text: '•\u2002a' }]);
  });
});
