import { describe, expect, it } from 'vitest';
import { findSwallowed } from '../../../src/steps/quality/swallowed.ts';
import { checkHtmlReply, checkPageReply, readPageReply } from '../../../src/steps/stage3.ts';

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

it('is no fault of a page that has all of its lesson, nor of one that was accepted before', () => {
  const words =
    'Otvor dokument, napíš doň každú prácu, ktorú si robil, a pri každej uveď, čo si sa naučil, kto ti ' +
    'pomohol a čo by si nabudúce urobil inak, aby si o tom vedel hovoriť aj na pohovore.';
  const page = pageWith(`<p>${words}</p><table><tr><td><select><option>Áno</td></tr></table>`);
  const lesson = `# Lekcia\n\nPrvý odsek.\n\n${words}\n\nÁno\n\n## Ďalej\n\nDruhý odsek.`;
  expect(findSwallowed(page)).not.toBeNull();
  expect(checkPageReply(page, { lesson, language: 'sk' }).ok).toBe(true);
  expect(checkPageReply(page, { lesson: null, language: 'sk' }).ok).toBe(false);
  expect(readPageReply(page, { pageIndex: 1, language: 'sk' }).ok).toBe(true);
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
    const page = pageWith(part.repeat(20_000));
    expect(() => findSwallowed(part.repeat(20_000))).not.toThrow();
    expect(() => readPageReply(page, { pageIndex: 1, language: 'sk' })).not.toThrow();
    expect(() => checkPageReply(page, { lesson: null, language: 'sk' })).not.toThrow();
  },
);
