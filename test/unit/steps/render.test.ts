import { createHash } from 'node:crypto';
import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/core/page.ts';
import { htmlToPage } from '../../../src/steps/html-to-json.ts';
import { renderPage } from '../../../src/steps/render.ts';

const SOURCE = `<!doctype html><html lang="sk"><head><title>Lekcia 1</title></head><body><main>
<h1>Lekcia 1</h1><p>Text <strong>tučný</strong> a <a href="https://a.sk/b">odkaz</a>.<br>Riadok.</p>
<ol start="2"><li>a<ul><li>b</li></ul></li></ol>
<pre><code class="language-js">if (a &lt; b) {\n  run();\n}</code></pre>
<table><thead><tr><th>A</th></tr></thead><tbody><tr><td><code>1</code></td></tr></tbody></table>
<blockquote>Citát</blockquote><aside class="warning">Pozor</aside>
<details><summary>Odpoveď</summary><p>Áno</p></details>
<dl><dt>Pojem</dt><dd>Význam</dd></dl>
<figure><img src="https://a.sk/b.png" alt="Graf &quot;1&quot;"></figure>
<h2>Ďalej</h2><p>שלום</p></main></body></html>`;

function pageOf(html: string, language: string | null = 'sk'): Page {
  const result = htmlToPage(html, { pageIndex: 1, language });
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

describe('renderPage', () => {
  const rendered = renderPage(pageOf(SOURCE));
  const $ = load(rendered);

  it('is a complete document in the language of the page', () => {
    expect(rendered).toMatch(/^<!doctype html>\n<html lang="sk">/);
    expect(rendered.endsWith('</html>\n')).toBe(true);
    expect($('title').text()).toBe('Lekcia 1');
    expect($('main h1').toArray()).toHaveLength(1);
    expect($('meta[name=viewport]').toArray()).toHaveLength(1);
  });

  it('is parsed to the page that it was made from', () => {
    expect(pageOf(rendered)).toEqual(pageOf(SOURCE));
  });

  it('keeps a picture without words whose address asks for a size', () => {
    const page = pageOf('<h1>A</h1><img src="https://a.sk/b?s=140" alt="" width="20"><p>Text</p>');
    expect(page.sections.flatMap(({ blocks }) => blocks)).toContainEqual({
      type: 'image',
      src: 'https://a.sk/b?s=140',
      alt: '',
    });
    expect(pageOf(renderPage(page))).toEqual(page);
  });

  it('allows its own style and nothing else to act', () => {
    const hash = createHash('sha256').update($('style').text()).digest('base64');
    const policy = $('meta[http-equiv="Content-Security-Policy"]').attr('content');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src https:; base-uri 'none'; form-action 'none'`,
    );
    expect($('script, link, iframe, form, [style]').toArray()).toEqual([]);
    expect(rendered.indexOf('Content-Security-Policy')).toBeLessThan(rendered.indexOf('<style>'));
  });

  it('is accessible: headers have a scope, what scrolls can be reached, text finds its direction', () => {
    expect($('th').attr('scope')).toBe('col');
    expect($('pre').attr('tabindex')).toBe('0');
    expect($('img').attr('alt')).toBe('Graf "1"');
    expect(
      $('p')
        .toArray()
        .every((element) => $(element).attr('dir') === 'auto'),
    ).toBe(true);
    expect($('a').attr('rel')).toBe('noopener noreferrer');
  });

  it('has a look for light, dark and paper', () => {
    expect($('style').text()).toContain('prefers-color-scheme: dark');
    expect($('style').text()).toContain('@media print');
  });

  it('shows the title of a page that has no first-level heading, and reads it as a title again', () => {
    const page = pageOf('<title>Lekcia 2</title><h2>A</h2><p>b</p>');
    const html = renderPage(page);
    expect(load(html)('h1').text()).toBe('Lekcia 2');
    expect(pageOf(html)).toEqual(page);
  });

  it('never takes a heading of the source for that title unless it says the same', () => {
    const page = pageOf('<title>Lekcia 3</title><h1 class="page-title">Iné slová</h1><p>b</p>');
    expect(page.sections[0]?.heading).toBe('Iné slová');
  });

  it('runs from right to left where the language does', () => {
    expect(renderPage(pageOf('<p>שלום</p>', 'Hebrew'))).toContain('<html lang="he" dir="rtl">');
    expect(renderPage(pageOf('<p>x</p>', null))).toContain('<html>');
  });

  it('leads to the pages beside it by their titles, on screen only', () => {
    const html = renderPage(pageOf('<p>x</p>'), {
      contents: 'index.html',
      previous: { href: 'page1.html', title: 'Prvá <1>' },
      next: null,
    });
    const links = load(html)('nav.around a').toArray();
    expect(links.map((link) => load(html)(link).text())).toEqual(['← Prvá <1>', '☰']);
    expect(html).toContain('<a href="page1.html" dir="auto">← Prvá &lt;1&gt;</a>');
    expect(load(html)('style').text()).toMatch(/@media print[\s\S]*\.around \{ display: none; \}/);
  });

  it('goes on with the numbers of a list after what stands between its items', () => {
    const html = renderPage(
      pageOf('<ol><li>a<details><summary>b</summary>c</details></li><li>d</li><li>e</li></ol>'),
    );
    const lists = load(html)('main ol').toArray();
    expect(lists.map((list) => load(html)(list).attr('start'))).toEqual([undefined, '2']);
    expect(load(html)('ol + details + ol > li').text()).toBe('de');
  });

  it('draws the box of an item instead of its bullet', () => {
    const html = renderPage(
      pageOf('<ul><li><input type="checkbox" checked> a</li><li>b</li></ul>'),
    );
    expect(load(html)('li.box').text()).toBe('☑ a');
    expect(load(html)('li:not(.box)').text()).toBe('b');
  });
});
