import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src/core/page.ts';
import { htmlToPage } from '../../../src/steps/html-to-json.ts';
import { renderPage } from '../../../src/steps/render.ts';
import { blocksOf, link, pageOf, paragraph } from './support/pages.ts';

describe('title', () => {
  it.each([
    ['the title', '<title> Lekcia\n 1 </title><h1>Iné</h1>', 'Lekcia 1'],
    [
      'the h1 where the title says nothing',
      '<title>Document</title><h2>Skôr</h2><h1>Lekcia</h1>',
      'Lekcia',
    ],
    ['the first heading without an h1', '<p>x</p><h3>Prvý</h3><h2>Druhý</h2>', 'Prvý'],
    ['its beginning without any heading', '<p>Toto je lekcia.</p>', 'Toto je lekcia.'],
    ['a cut beginning', `<p>${'slovo '.repeat(40)}</p>`, `${'slovo '.repeat(13).trim()}…`],
    ['its number where there are no words', '<p>…</p>', '1'],
    [
      'the title of the page, not of a drawing',
      '<svg><title>Graf</title></svg><h1>Lekcia</h1>',
      'Lekcia',
    ],
    ['without signs of Markdown', '<title># Ako **na** `to`</title><p>x</p>', 'Ako na to'],
    [
      'with those of code, where it is a heading as well',
      '<title>Čo je **a**</title><h2>Čo je <code>**a**</code></h2>',
      'Čo je **a**',
    ],
    ['without signs of Markdown in a beginning', '<p>**Toto** je `lekcia`.</p>', 'Toto je lekcia.'],
    ['text, not markup', '<title>&lt;b&gt; &amp; C#</title><p>x</p>', '<b> & C#'],
  ])('is %s', (_name, html, title) => {
    expect(pageOf(html).title).toBe(title);
  });

  it('is never longer than 200 characters', () => {
    expect(Array.from(pageOf(`<title>${'😀a'.repeat(300)}</title><p>x</p>`).title)).toHaveLength(
      200,
    );
  });
});

describe('language', () => {
  it.each([
    ['Slovenčina', '<html lang="en"><p>x', 'sk'],
    [null, '<html lang="en-US"><p>x', 'en'],
    ['Klingon', '<html lang="cs"><p>x', 'cs'],
    [null, '<p>x', null],
    ['English (B2)', '<p>x', 'en'],
  ])('of profile %s and %s is %s', (language, html, code) => {
    expect(pageOf(html, language).language).toBe(code);
  });
});

describe('sections', () => {
  it('begin at every heading, wherever it stands, at its own level', () => {
    const html =
      '<p>pred</p><div><h1>A</h1><section><h4>B <code>c</code></h4><p>x</p></section></div><h2></h2><h2>D</h2>';
    expect(pageOf(html).sections).toEqual([
      { heading: null, level: null, blocks: [paragraph('pred')] },
      { heading: 'A', level: 1, blocks: [] },
      { heading: 'B c', level: 4, blocks: [paragraph('x')] },
      { heading: 'D', level: 2, blocks: [] },
    ]);
  });
});

describe('plain text', () => {
  it.each([
    ['**a**', 'a'],
    ['## a *b* ##', 'a b'],
    ['*a<br>b*', 'a b'],
    ['***a***', 'a'],
    ['**a <em>b** c</em>', 'a b c'],
    ['`a` ~~b~~', 'a b'],
    ['C# a 2 * 3', 'C# a 2 * 3'],
    ['a <code>*b*</code>', 'a *b*'],
    ['<samp>*a*</samp> *b*', '*a* b'],
    ['<code>##</code> a', '## a'],
    ['# a <code>#</code>', 'a #'],
    ['[a](https://a.sk)', '[a](https://a.sk)'],
  ])('of a heading %s is %s, and is read as such again', (html, heading) => {
    const page = pageOf(`<h2>${html}</h2><p>x</p>`);
    expect(page.sections[0]?.heading).toBe(heading);
    expect(pageOf(renderPage(page))).toEqual(page);
  });

  it('of terms and summaries has no marker', () => {
    const html = '<dl><dt># *a*</dt><dd>b</dd></dl><details><summary># *c*</summary>d</details>';
    const page = pageOf(html);
    expect(page.sections[0]?.blocks).toMatchObject([
      { items: [{ term: '# a' }] },
      { summary: '# c' },
    ]);
    expect(pageOf(renderPage(page))).toEqual(page);
  });
});

describe('text', () => {
  it.each<[string, string, Block[]]>([
    [
      'outside of any block',
      'a <b>b</b><p>c</p> d',
      [paragraph('a <strong>b</strong>', 'a b'), paragraph('c'), paragraph('d')],
    ],
    [
      'with runs of breaks',
      '<p>a<br>b<br><br>c<br> <br>\n<br>d<br></p>',
      [paragraph('a<br>b', 'a\nb'), paragraph('c'), paragraph('d')],
    ],
    [
      'in marks around blocks',
      '<strong>a<p>b</p></strong>',
      [paragraph('<strong>a</strong>', 'a'), paragraph('<strong>b</strong>', 'b')],
    ],
    ['in marks across a break', '<p><em>a<br>b</em></p>', [paragraph('<em>a<br>b</em>', 'a\nb')]],
    [
      'with old elements',
      '<p><b>a</b> <i>b</i> <tt>c</tt> <strike>d</strike> <font color="red">e</font> <center>f</center></p>',
      [
        paragraph('<strong>a</strong> <em>b</em> <code>c</code> <s>d</s> e', 'a b c d e'),
        paragraph('f'),
      ],
    ],
    [
      'with entities',
      '<p>5 &lt; 6 &amp;&amp; 7 &gt; 6 &copy; &nbsp;x</p>',
      [paragraph('5 &lt; 6 &amp;&amp; 7 &gt; 6 © \u00A0x', '5 < 6 && 7 > 6 © \u00A0x')],
    ],
    ['with emoji and joiners', '<p>👩‍💻 🇸🇰 e\u0301</p>', [paragraph('👩‍💻 🇸🇰 e\u0301')]],
    [
      'from right to left',
      '<p dir="rtl">שלום <bdo dir="rtl">abc</bdo> مرحبا</p>',
      [paragraph('שלום <bdo dir="rtl">abc</bdo> مرحبا', 'שלום abc مرحبا')],
    ],
    [
      'with ruby',
      '<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>',
      [paragraph('<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>', '漢(かん)')],
    ],
    [
      'with abbreviations',
      '<abbr title="Hyper &quot;Text&quot;" onclick="x()">HTML</abbr>',
      [paragraph('<abbr title="Hyper &quot;Text&quot;">HTML</abbr>', 'HTML')],
    ],
    ['without controls', '<p>a&#1;b\u0085c</p>', [paragraph('a b c')]],
    [
      'in custom elements and forms',
      '<x-a>a</x-a><form><label>b <input value="c"></label><button>d</button></form>',
      [paragraph('a'), paragraph('b c d')],
    ],
    ['in noscript', '<noscript><p>a</p></noscript>', [paragraph('a')]],
    [
      'of media that cannot play',
      '<video src="x"><p>Prepis: a</p></video>',
      [paragraph('Prepis: a')],
    ],
    [
      'with checkboxes',
      '<p><input type="checkbox" checked>a <input type="radio"> b</p>',
      [paragraph('☑ a ☐ b')],
    ],
    [
      'in a text area',
      '<textarea>a\n  b</textarea>',
      [{ type: 'code', language: null, text: 'a\n  b' }],
    ],
    [
      'of empty paragraphs is nothing',
      '<p>&nbsp;</p><p> <br> </p><p>\u200B</p><p>a</p>',
      [paragraph('a')],
    ],
  ])('%s is kept', (_name, html, blocks) => {
    expect(blocksOf(html)).toEqual(blocks);
  });

  it('that is hidden is dropped', () => {
    const hidden =
      '<!-- no --><script>no</script><style>no</style><template>no</template><p hidden>no</p>' +
      '<p style="color:red; DISPLAY : none">no</p><p style="visibility:hidden">no</p><dialog>no</dialog>' +
      '<datalist><option>no</option></datalist><iframe>no</iframe><input type="hidden" value="no">';
    expect(blocksOf(`${hidden}<p>yes<span hidden="">no</span></p>`)).toEqual([paragraph('yes')]);
  });
});

describe('a formula', () => {
  it('draws in line what has a name of HTML', () => {
    expect(blocksOf('<math>a<figure>b</figure></math>')).toEqual([paragraph('ab')]);
    expect(blocksOf('<math><td>a</td><td>b</td></math>')).toEqual([paragraph('ab')]);
  });
});

describe('links', () => {
  it.each([
    ['https://a.sk/b?c=1&amp;d=2', link('https://a.sk/b?c=1&amp;d=2', 'x')],
    ['HTTP://A.sk', link('http://a.sk/', 'x')],
    ['https://a.sk/b?utm_source=chatgpt.com', link('https://a.sk/b', 'x')],
    ['https://a.sk/?utm_source=chatgpt.com&b=1#c', link('https://a.sk/?b=1#c', 'x')],
    ['https://a.sk/?b=1&utm_source=openai', link('https://a.sk/?b=1', 'x')],
    ['https://a.sk/?utm_source=post', link('https://a.sk/?utm_source=post', 'x')],
    ['mailto:anna@a.sk', link('mailto:anna@a.sk', 'x')],
    ['https://a.sk/&quot;onmouseover=&quot;', link('https://a.sk/%22onmouseover=%22', 'x')],
    ['/relative', 'x'],
    ['#part', 'x'],
    ['//a.sk', 'x'],
    ['tel:123', 'x'],
    ['ftp://a.sk', 'x'],
    ['javascript:alert(1)', 'x'],
    [' \u0001java\tscript:alert(1)', 'x'],
    ['data:text/html,x', 'x'],
    ['vbscript:x', 'x'],
    ['blob:https://a.sk/1', 'x'],
    ['https://user:pass@a.sk', 'x'],
    ['mailto:', 'x'],
    ['https://', 'x'],
  ])('to %s become %s', (href, html) => {
    expect(blocksOf(`<p><a href="${href}" target="_blank" ping="/p">x</a></p>`)).toEqual([
      paragraph(html, 'x'),
    ]);
  });

  it('around blocks are kept in each of them', () => {
    expect(blocksOf('<a href="https://a.sk"><p>a</p><p>b</p></a>')).toEqual([
      paragraph(link('https://a.sk/', 'a'), 'a'),
      paragraph(link('https://a.sk/', 'b'), 'b'),
    ]);
  });
});

describe('lines of Markdown in the source', () => {
  it('keep their line ends, so that cleaning can read them', () => {
    expect(blocksOf('<p>Kroky:\n  - a\n  - <b>b</b>\n</p>')).toEqual([
      paragraph('Kroky:<br>- a<br>- <strong>b</strong>', 'Kroky:\n- a\n- b'),
    ]);
  });

  it('are not seen in wrapped prose', () => {
    expect(blocksOf('<p>Od roku\n1999 - teda\n- dlho</p>')).toEqual([
      paragraph('Od roku 1999 - teda - dlho'),
    ]);
  });
});

describe('what cannot be a page', () => {
  it.each([
    ['nothing', '', 'the HTML page has no visible text'],
    [
      'an empty page',
      '<!doctype html><html><head><title>x</title></head><body></body></html>',
      'the HTML page has no visible text',
    ],
    ['a page of scripts', '<script>alert(1)</script><p> </p>', 'the HTML page has no visible text'],
    [
      'a tower',
      '<div>'.repeat(2_000),
      'the HTML nests 2002 elements deep, at most 512 can be read',
    ],
  ])('%s is refused', (_name, html, reason) => {
    expect(htmlToPage(html, { pageIndex: 1, language: null })).toEqual({
      ok: false,
      error: { reason },
    });
  });

  it('is told from a tower that is high but can be read', () => {
    expect(blocksOf(`${'<div>'.repeat(500)}a`)).toEqual([paragraph('a')]);
  });
});
