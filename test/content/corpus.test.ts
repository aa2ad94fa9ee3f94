/** HTML that people wrote, from packages that ship documents: every promise of the content path holds. */
import { describe, expect, it } from 'vitest';
import { htmlToPage } from '../../src/steps/html-to-json.ts';
import { wordsOfHtml } from '../unit/steps/support/visible.ts';
import { CORPUS, documentsOf } from './support/corpus.ts';
import { sampled } from '../support/extent.ts';
import { faultsOfSource } from './support/page-invariants.ts';

describe.each(CORPUS)('$package/$folder: $what', (part) => {
  const documents = documentsOf(part);

  it('has documents with many words', () => {
    const words = sampled(documents, 10).reduce(
      (sum, { html }) => sum + wordsOfHtml(html).length,
      0,
    );
    expect(documents.length).toBeGreaterThan(30);
    expect(words).toBeGreaterThan(100);
  });

  it(
    'keeps every visible word in order, acts in nothing, comes to rest',
    { timeout: 1_800_000 },
    () => {
      const faults = sampled(documents, 10).flatMap(({ name, html }) =>
        faultsOfSource(html).map((fault) => `${name}: ${fault}`),
      );
      expect(faults).toEqual([]);
    },
  );
});

describe('the oracle', () => {
  const [first] = documentsOf(CORPUS[1]);
  const html = first?.html ?? '';

  it('sees a single word that is gone', () => {
    const word = wordsOfHtml(html).find((one) => /^\p{L}{6,}$/u.test(one)) ?? '';
    expect(word).not.toBe('');
    expect(wordsOfHtml(html.replace(new RegExp(word, 'g'), ''))).not.toEqual(wordsOfHtml(html));
  });

  it('is not the code under test: what that cannot read, it can', () => {
    const deep = `${'<div>'.repeat(600)}slovo`;
    expect(htmlToPage(deep, { pageIndex: 1, language: null }).ok).toBe(false);
    expect(wordsOfHtml(deep)).toEqual(['slovo']);
  });
});
