import { expect, it } from 'vitest';
import { htmlToPage } from '../../../src/steps/html-to-json.ts';
import { signsRemoved } from '../../../src/steps/signs-removed.ts';

it('names each plain field that lost signs of Markdown, and no other', () => {
  const html =
    '<title>**Lekcia**</title><h1>**Lekcia**</h1><p>**text**</p><h2>Bez <code>**znakov**</code></h2>' +
    '<dl><dt>`kód`</dt><dd>a</dd></dl>' +
    '<details><summary>## Odpoveď *jedna*</summary><p>b</p><dl><dt>**c**</dt><dd>d</dd></dl></details>';
  const read = htmlToPage(html, { pageIndex: 1, language: 'sk' });
  if (!read.ok) throw new Error(read.error.reason);
  const kind = 'marker_removed';
  expect(signsRemoved(html, read.value)).toEqual([
    { path: 'title', kind, before: '**Lekcia**', after: 'Lekcia' },
    { path: 'sections[0].heading', kind, before: '**Lekcia**', after: 'Lekcia' },
    { path: 'sections[1].blocks[0].items[0].term', kind, before: '`kód`', after: 'kód' },
    {
      path: 'sections[1].blocks[1].summary',
      kind,
      before: '## Odpoveď *jedna*',
      after: '## Odpoveď jedna',
    },
    { path: 'sections[1].blocks[1].blocks[1].items[0].term', kind, before: '**c**', after: 'c' },
  ]);
  const plain = htmlToPage('<h1>a</h1><p>**b**</p>', { pageIndex: 1, language: 'sk' });
  expect(plain.ok && signsRemoved('<h1>a</h1><p>**b**</p>', plain.value)).toEqual([]);
});
