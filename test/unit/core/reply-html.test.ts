import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractHtml } from '../../../src/core/reply/extract-html.ts';
import { WRAPPINGS } from './reply-wrappings.ts';

const PAGE = `<!DOCTYPE html>
<html lang="sk">
<head><meta charset="utf-8"><title>Lekcia 1</title></head>
<body><main>
<h1>Lekcia 1: Prvý krok</h1>
<p>Text &amp; ďalší text, 5 &lt; 6.</p>
<pre><code class="language-js">const a = \`x\`;
if (a) { run(); }
</code></pre>
<ul><li>jeden</li><li>dva</li></ul>
</main></body>
</html>`;

const FRAGMENT = '<h1>Lekcia</h1>\n<p>Jeden odsek.</p>\n<ul>\n<li>bod</li>\n</ul>';
const INCOMPLETE = 'the HTML page is incomplete: </html> is missing, the reply was cut off';

function outcome(reply: string): string {
  const result = extractHtml(reply);
  return result.ok ? result.value : `refused: ${result.error.reason}`;
}

describe('extractHtml', () => {
  it.each(Object.entries(WRAPPINGS))('reads a page with %s', (_name, wrap) => {
    expect(outcome(wrap(PAGE))).toBe(PAGE);
  });

  it.each(
    Object.entries(WRAPPINGS).filter(([name]) => !/unclosed|never closed|last line/.test(name)),
  )('reads a fragment with %s', (_name, wrap) => {
    expect(outcome(wrap(FRAGMENT))).toBe(FRAGMENT);
  });

  it.each([
    ['no doctype', PAGE.replace('<!DOCTYPE html>\n', '')],
    ['no html tag but an end', PAGE.replace('<html lang="sk">\n', '')],
    ['a comment before the html tag', PAGE.replace('<html', '<!-- page -->\n<html')],
    ['</html> in a comment', PAGE.replace('<ul>', '<!-- </html> --><ul>')],
    ['a document in a script', PAGE.replace('</head>', '<script>"<html></html>"</script></head>')],
    [
      'a page shown as unescaped code',
      PAGE.replace('</ul>', '</ul><pre><!doctype html><html><p>x</p></html></pre>'),
    ],
    ['upper case', PAGE.replace('</html>', '</HTML>').replace('<html', '<HTML')],
    ['a space in the end tag', PAGE.replace('</html>', '</html\n>')],
  ])('copes with %s', (_name, page) => {
    expect(outcome(`Sure!\n${page}\nBye`)).toBe(page);
  });

  it('takes no time for many comments between doctype and page', () => {
    const comments = '<!-- a -->'.repeat(2_000);
    const page = PAGE.replace('<html', `${comments}\n<html`);
    expect(outcome(page)).toBe(page);
    // A test whose pattern looks at every way to part the comments would never come to its end.
    expect(outcome(PAGE.replace('<html', `${comments}x <html`))).toContain('<main>');
  });

  it('reads a quoted page amid much that is not quoted', () => {
    const remarks = Array.from({ length: 8 }, (_, n) => `Remark ${n}.`).join('\n');
    for (const page of [PAGE, FRAGMENT]) {
      const quoted = page.split('\n').map((line) => `> ${line}`);
      expect(outcome(`${remarks}\n\n${quoted.join('\n')}\n\n${remarks}`)).toBe(page);
    }
  });

  it('takes the complete page of two, and the fuller one of two complete ones', () => {
    const cut = PAGE.slice(0, PAGE.indexOf('<ul>') + 12);
    const longer = PAGE.replace('dva', 'dva a niečo navyše');
    expect(outcome(`${cut}\n\nSorry, it was cut. Here is the whole:\n\n${PAGE}`)).toBe(PAGE);
    expect(outcome(`${PAGE}\n\nOr:\n\`\`\`html\n${cut}`)).toBe(PAGE);
    expect(outcome(`${longer}\n\nOr shorter:\n\n${PAGE}`)).toBe(longer);
  });

  it('keeps what follows an end of the page that the page itself names', () => {
    for (const end of ['</html>', '</body></html>', '</main>\n</body>\n</html>']) {
      const page = PAGE.replace('<pre>', `${end}<p>Čo nasleduje.</p><pre>`);
      expect(outcome(`${page}\nPage ends with </html>.`)).toBe(page);
    }
    expect(outcome(`${PAGE}\nIt ends in \`</body></html>\`.`)).toBe(PAGE);
    expect(outcome(`${PAGE}\nFrom <!doctype html> to </html>.`)).toBe(PAGE);
  });

  describe('of a page in several fences', () => {
    const fenced = (html: string, tag = 'html'): string => `\`\`\`${tag}\n${html}\n\`\`\``;
    const linesOf = (from: number, to?: number): string =>
      PAGE.split('\n').slice(from, to).join('\n');
    const [one, two, three] = [linesOf(0, 5), linesOf(5, 9), linesOf(9)];

    it.each([
      ['two', `**Časť 1:**\n\n${fenced(one)}\n\n**Časť 2:**\n\n${fenced(`${two}\n${three}`)}`],
      ['three', `${fenced(one)}\nČasť 2:\n${fenced(two)}\nČasť 3:\n${fenced(three)}\nHotovo.`],
      ['no tag and nothing between', `${fenced(one, '')}\n\n${fenced(`${two}\n${three}`, '')}`],
      ['the last not closed', `${fenced(one)}\nČasť 2:\n\`\`\`html\n${two}\n${three}`],
    ])('puts it together: %s', (_name, reply) => {
      expect(outcome(reply)).toBe(PAGE);
    });

    it('takes the one that was begun anew', () => {
      expect(outcome(`${fenced(one)}\nZnova:\n${fenced(PAGE)}`)).toBe(PAGE);
    });

    it.each([
      ['in code', '<pre>\n```\nnpm install\n```\n</pre>'],
      ['in code, with a tag', '<pre>\n```\na\n```html\nb\n```\nc\n```\n</pre>'],
      ['without code', '<p>Spusti:</p>\n```\nnpm install\n```\n<p>a čakaj.</p>'],
      ['of a part', '<p>Jeden.</p>\n```\n<p>Dva.</p>\n```html\n<p>Tri.</p>'],
    ])('takes none out of a page that has fences %s', (_name, html) => {
      const page = PAGE.replace('<ul>', `${html}\n<ul>`);
      expect(outcome(fenced(page))).toBe(page);
    });
  });

  it('does not take a code sample for the page when the page itself is cut', () => {
    const cut = PAGE.replace('</html>', '')
      .replace('</body>', '')
      .replace(
        '<ul>',
        '<pre><code><!doctype html><html><body><p>ukážka</p></body></html></code></pre><ul>',
      );
    expect(outcome(cut)).toBe(`refused: ${INCOMPLETE}`);
  });

  it('refuses every cut of a page', () => {
    for (let length = '<!DOCTYPE html>'.length; length < PAGE.length; length += 1) {
      expect(outcome(PAGE.slice(0, length)), `cut after ${length}`).toBe(`refused: ${INCOMPLETE}`);
    }
  });

  it.each([
    ['nothing', '\n\u00A0', 'the reply is empty; an HTML page was asked for'],
    [
      'prose',
      'Prepáčte, toto nemôžem urobiť. Skúste to inak: 3 < 5 & 7 > 6.',
      'the reply is text without an HTML page; one complete page was asked for, from <!doctype html> to </html>',
    ],
    [
      'prose that names tags',
      'Use <h1> for the title and <p> for text.\n\nA table would need </table>.',
      'the reply is text without an HTML page; one complete page was asked for, from <!doctype html> to </html>',
    ],
    [
      'Markdown',
      '# Lekcia\n\n- bod **jeden**\n\n```js\nx < y\n```\n',
      'the reply is text without an HTML page; one complete page was asked for, from <!doctype html> to </html>',
    ],
    [
      'an unclosed fragment',
      '<main>\n<h1>A</h1>\n<p>b</p>\n<ul><li>c</li>',
      'the HTML is incomplete: <ul> is never closed; the reply was cut off',
    ],
    [
      'a fragment cut in a tag',
      `${FRAGMENT}\n<p class="x`,
      'the HTML is incomplete; the reply was cut off',
    ],
    [
      'a fragment in an unclosed fence',
      `\`\`\`html\n${FRAGMENT}\n<p>a`,
      'the HTML is incomplete; the reply was cut off',
    ],
  ])('refuses %s', (_name, reply, reason) => {
    expect(outcome(reply)).toBe(`refused: ${reason}`);
  });

  it('refuses a text that only shows a page', () => {
    const text = 'Toto je lekcia o HTML a nie stránka. '.repeat(30);
    const refused = `refused: the reply is text without an HTML page; one complete page was asked for, from <!doctype html> to </html>`;
    expect(outcome(`# Lekcia\n\n${text}\n\n\`\`\`html\n${PAGE}\n\`\`\`\n\n${text}`)).toBe(refused);
    expect(outcome(`# Lekcia\n\n${text}\n\n\`\`\`html\n${FRAGMENT}\n\`\`\`\n\n${text}`)).toBe(
      refused,
    );
    const details = '<details><summary>Odpoveď</summary>\n\nÁno.\n</details>';
    expect(outcome(`${details}\n\n## A\n\nx\n\n## B\n\n${details}`)).toBe(refused);
  });

  it('is quick on what no model would write', () => {
    for (const token of [
      '<!--',
      '<script>',
      '<html ',
      '<!doctype ',
      '<pre>',
      '</html>',
      '&lt;',
      '```\n',
      '<html>',
      '\uE200',
      '【',
    ]) {
      expect(extractHtml(token.repeat(20_000)).ok).toBe(false);
    }
  });

  it('does not overflow on JSON that nests without end', () => {
    expect(extractHtml(`${'['.repeat(50_000)}"<p>"${']'.repeat(50_000)}`).ok).toBe(false);
    expect(extractHtml(`${'{"a":'.repeat(50_000)}"<p>"${'}'.repeat(50_000)}`).ok).toBe(false);
  });

  it('finds no crash in any text, and gives nothing that was not there', () => {
    const tokens = fc.constantFrom(
      '<html>',
      '</html>',
      '<!doctype html>',
      '<!--',
      '-->',
      '<p>',
      '</p>',
      '<div>',
      '</div>',
      '<script>',
      '</script>',
      '```html\n',
      '```\n',
      'text ',
      '<',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 40 }), (parts) => {
        const reply = parts.join('');
        const result = extractHtml(reply);
        // Lines between the fences of one page are taken out.
        const wasThere = (line: string): boolean => reply.includes(line);
        expect(
          result.ok ? result.value.split('\n').every(wasThere) : result.error.reason !== '',
        ).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
