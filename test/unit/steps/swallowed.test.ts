import { describe, expect, it } from 'vitest';
import { findSwallowed } from '../../../src/steps/quality/swallowed.ts';
import { checkHtmlReply } from '../../../src/steps/stage3.ts';

function pageWith(html: string, head = '<title>Lekcia</title>'): string {
  return (
    `<!doctype html><html lang="sk"><head>${head}</head><body><main><h1>Lekcia</h1><p>Prvý odsek.</p>` +
    `${html}<h2>Ďalej</h2><p>Druhý odsek.</p></main></body></html>`
  );
}

function reasonOf(reply: string): string | null {
  const read = checkHtmlReply(reply);
  return read.ok ? null : read.error.reason;
}

const meant = (tag: string, escaped: string): string =>
  `a ${tag} in the text is never closed; write ${escaped} where it is meant as text`;

describe('a page whose rest is swallowed', () => {
  it.each([
    'title',
    'style',
    'script',
    'textarea',
    'iframe',
    'noembed',
    'noframes',
    'xmp',
    'plaintext',
    'template',
    'dialog',
    'datalist',
    'select',
  ])('by <%s> in a sentence is refused', (tag) => {
    expect(reasonOf(pageWith(`<p>Do <${tag}> daj názov.</p>`))).toBe(
      meant(`<${tag}>`, `&lt;${tag}&gt;`),
    );
  });

  it.each([
    ['a comment that nothing ends', '<p>Komentár <!-- sa píše takto.</p>'],
    ['a comment that the next one ends', '<p>Komentár <!-- sa píše takto.</p><!-- koniec -->'],
  ])('by %s is refused', (_name, html) => {
    expect(reasonOf(pageWith(html))).toBe(meant('<!--', '&lt;!--'));
  });

  it.each([
    ['the title of a drawing', '<p>Do <title> daj.</p><svg><title>a</title></svg>', 'title'],
    ['its end in a later sentence', '<p>Do <style> píš.</p><p>Koniec </style></p>', 'style'],
  ])('up to %s is refused', (_name, html, tag) => {
    expect(reasonOf(pageWith(html))).toBe(meant(`<${tag}>`, `&lt;${tag}&gt;`));
  });

  it('by its own title is refused', () => {
    expect(reasonOf(pageWith('', '<title>Lekcia'))).toBe(meant('<title>', '&lt;title&gt;'));
  });
});

describe('a page is whole', () => {
  it.each([
    ['tags as text', '<p>Do <code>&lt;title&gt;</code> daj názov, &lt;!-- komentár.</p>'],
    ['styles and scripts', '<style>p { color: red }</style><script>a = "</p>"</script>'],
    ['comments', '<!-- <p>a</p> --><!--> <!-- a -->'],
    ['comments of old browsers', '<!--[if !IE]><!--><p>a</p><!--<![endif]-->'],
    ['a drawing', '<svg><title>a</svg>'],
    ['what is closed', '<template><p>a</p></template><dialog>a</dialog><iframe src="a"></iframe>'],
    ['an open dialog', '<dialog open><p>a</p>'],
    ['fields', '<select><option>a<option>b</select><textarea><p>a</p></textarea>'],
  ])('with %s', (_name, html) => {
    expect(reasonOf(pageWith(html))).toBeNull();
  });

  it('with an end tag in its title', () => {
    expect(reasonOf(pageWith('', '<title>Koniec </p> v HTML</title>'))).toBeNull();
  });
});

it.each(['<title>', '<template>', '<!--', '<!-- a -->', '</title>', '<select>'])(
  'takes no time for many %s',
  (part) => {
    expect(() => findSwallowed(part.repeat(20_000))).not.toThrow();
  },
);
