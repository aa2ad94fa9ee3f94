import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { timesIn } from '../../../../src/core/times.ts';
import type { QualityWarning } from '../../../../src/core/quality.ts';
import { linksOf } from '../../../../src/dashboard/lead/links.ts';
import { replay } from '../../../../src/dashboard/lead/replay.ts';
import { standing } from '../../../../src/dashboard/lead/standing.ts';
import { STEPS } from '../../../../src/core/lifecycle.ts';
import { History } from '../../../support/history.ts';

const NOW_MS = Date.UTC(2026, 10, 24);

/** Where a lead stands whose pages were warned of so. */
async function shown(warnings: readonly QualityWarning[]): Promise<ReturnType<typeof load>> {
  const history = new History().flagged().claimed().started();
  for (const step of STEPS.slice(0, STEPS.indexOf('upload'))) history.completed(step);
  history.add(
    'step.completed',
    { step: 'upload', outputs: [], duration_ms: 5, warnings: [...warnings] },
    { statusTo: 'uploaded' },
  );
  const page = standing(
    replay(history.events, null),
    NOW_MS,
    linksOf(history.leadId),
    timesIn('UTC'),
  );
  return load(String(await page));
}

describe("warnings on a lead's page", () => {
  it('are counted by severity and listed in words, the worst first', async () => {
    const $ = await shown([
      { code: 'heading_order', page: 1, count: 2 },
      { code: 'few_words', page: 1, count: 80 },
      { code: 'near_duplicate', page: 3, count: 1 },
      { code: 'other_language', page: 2, count: 40 },
    ]);
    expect($('.facts').text()).toContain('2 high, 1 medium, 1 low');
    const rows = $('#page-warnings tbody tr').toArray();
    expect(
      rows.map((row) =>
        $('td', row)
          .toArray()
          .map((cell) => $(cell).text()),
      ),
    ).toEqual([
      ['high', '2', '40 % in another language'],
      ['high', '3', 'nearly the same as page 1'],
      ['medium', '1', 'few words: 80'],
      ['low', '1', 'headings out of order: 2'],
    ]);
  });

  it('of a later version are shown as they are, and cannot act', async () => {
    const $ = await shown([{ code: '<img src=x>', page: 1, count: 3 }]);
    expect($('.facts').text()).toContain('1 medium');
    expect($('#page-warnings td').last().text()).toBe('<img src=x>: 3');
  });

  it('are not spoken of where there are none', async () => {
    const $ = await shown([]);
    expect($.root().text()).not.toContain('Warnings');
  });
});
