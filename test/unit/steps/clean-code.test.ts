import { describe, expect, it } from 'vitest';
import { cleanPage } from '../../../src/steps/clean.ts';
import { clean } from './support/cleaning.ts';
import { pageOf, paragraph } from './support/pages.ts';

describe('code in what has no place for marks', () => {
  it('keeps its signs, in headings, terms and summaries', () => {
    const html =
      '<h3><code>#</code> – nadpis</h3><p>x</p><h3><code>**tučné**</code></h3>' +
      '<dl><dt><code>**a**</code></dt><dd>b</dd><dt><code>[c](https://a.sk)</code></dt><dd>d</dd>' +
      '<dt><code>`e`</code></dt><dd>f</dd><dt><kbd>_g h_</kbd> **i**</dt><dd>j</dd></dl>' +
      '<details><summary>Čo znamená <code>*text*</code>?</summary><h4><code># K</code></h4><p>l</p></details>';
    const { sections, changes } = clean(html);
    expect(sections).toEqual([
      { heading: '# – nadpis', level: 3, blocks: [paragraph('x')] },
      {
        heading: '**tučné**',
        level: 3,
        blocks: [
          {
            type: 'definition',
            items: [
              { term: '**a**', html: 'b', text: 'b' },
              { term: '[c](https://a.sk)', html: 'd', text: 'd' },
              { term: '`e`', html: 'f', text: 'f' },
              { term: '_g h_ i', html: 'j', text: 'j' },
            ],
          },
          {
            type: 'details',
            summary: 'Čo znamená *text*?',
            blocks: [paragraph('<strong><code># K</code></strong>', '# K'), paragraph('l')],
          },
        ],
      },
    ]);
    expect(changes).toEqual([]);
  });

  it('keeps its signs in a paragraph that is a heading', () => {
    const { sections } = clean('<p>x</p><p>## ***a*** <code>*b*</code></p><p><code># C</code></p>');
    expect(sections).toEqual([
      { heading: null, level: null, blocks: [paragraph('x')] },
      { heading: 'a *b*', level: 2, blocks: [paragraph('<code># C</code>', '# C')] },
    ]);
  });

  it('is left to whoever made a page, as it cannot be told there', () => {
    const made = pageOf('<title>T</title><h2>A</h2><dl><dt>b</dt><dd>c</dd></dl>');
    const sections = made.sections.map((section) => ({ ...section, heading: '*A*' }));
    const page = { ...made, title: '**T**', sections };
    expect(cleanPage(page)).toEqual({ page, changes: [] });
  });

  it('is told from a heading of Markdown inside details', () => {
    const { blocks, changes } = clean(
      '<p>x</p><details><summary>s</summary><h3>## A <b>b</b></h3></details><p>y</p>',
    );
    expect(blocks[1]).toMatchObject({ blocks: [paragraph('<strong>A b</strong>', 'A b')] });
    expect(changes).toHaveLength(1);
  });
});
