import { describe, expect, it } from 'vitest';
import { actionsFor, meantFrom } from '../../../src/dashboard/leads/actions.ts';
import { elapsedMs, remainingMs, remainingText } from '../../../src/dashboard/leads/times.ts';
import { hrefOf, PAGE_SIZE, pageOf, queryOf, viewOf } from '../../../src/dashboard/leads/view.ts';

const rowsOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    cursor: { key: '2026-11-24T10:00:00+00:00', id: String(from + i) },
  }));

const idsOf = (rows: readonly { readonly cursor: { readonly id: string } }[]): string[] =>
  rows.map(({ cursor }) => cursor.id);

const viewAt = (href: string | null) =>
  viewOf(new URL(href ?? '/', 'http://x.invalid').searchParams);

describe('the address of the list', () => {
  it('says all that the list shows, and comes back as it was', () => {
    for (const href of [
      '/leads',
      '/leads?q=Nov%C3%A1k+%26+%25&status=plan_ready&sort=started-asc',
      '/leads?status=',
      '/leads?sort=changed-asc&after=2026-11-24T10%3A00%3A00%2B00%3A00%7Eab%7Ec',
      '/leads?before=-infinity%7E7',
    ]) {
      expect(hrefOf(viewAt(href))).toBe(href);
    }
  });

  it('takes what it does not know for what it is by default', () => {
    const view = viewAt('/leads?sort=nonsense&after=&before=~&page=7');
    expect(hrefOf(view)).toBe('/leads');
    expect(queryOf(view)).toMatchObject({ sort: 'changed', isDescending: true, after: null });
  });

  it('leads forward and back over the same rows', () => {
    const first = pageOf(viewAt('/leads'), rowsOf(0, PAGE_SIZE + 1));
    expect(first.previous).toBeNull();
    const second = viewAt(first.next);
    expect(queryOf(second)).toMatchObject({ isDescending: true, after: { id: '49' } });
    const middle = pageOf(second, rowsOf(50, PAGE_SIZE + 1));
    expect(idsOf(middle.rows).at(-1)).toBe('99');
    const back = viewAt(middle.previous);
    // Read the other way round, from the first row of the page that is left.
    expect(queryOf(back)).toMatchObject({ isDescending: false, after: { id: '50' } });
    const again = pageOf(back, rowsOf(0, 50).toReversed());
    expect(idsOf(again.rows)).toEqual(idsOf(first.rows));
    expect(again).toMatchObject({ previous: null, next: first.next });
  });

  it('leads nowhere from the last page', () => {
    expect(pageOf(viewAt('/leads?after=a~1'), rowsOf(0, 3)).next).toBeNull();
    expect(pageOf(viewAt('/leads'), [])).toEqual({ rows: [], previous: null, next: null });
  });
});

const START = '2026-11-24T10:00:00.000Z';
const NOW_MS = Date.parse('2026-11-24T10:10:00.000Z');
const running = {
  status: 'processing',
  startedAt: START,
  completedAt: null,
  changedAt: '2026-11-24T10:04:00.000Z',
  claimedBy: 'd1',
  progress: { run_id: 'r', step: 'stage2', prompts_done: 8, prompts_total: 32 },
} as const;

describe('the times of a lead', () => {
  it('go on while it is worked on, and stand where it rests', () => {
    expect(elapsedMs(running, NOW_MS)).toBe(600_000);
    expect(elapsedMs({ ...running, status: 'blocked' }, NOW_MS)).toBe(240_000);
    const completedAt = '2026-11-24T10:05:00.000Z';
    expect(elapsedMs({ ...running, status: 'archived', completedAt }, NOW_MS)).toBe(300_000);
    expect(elapsedMs({ ...running, startedAt: null }, NOW_MS)).toBeNull();
    expect(elapsedMs(running, Date.parse(START) - 5_000)).toBe(0);
  });

  it('are foretold by the pace so far, where that tells anything', () => {
    expect(remainingMs(running, NOW_MS)).toBe(1_800_000);
    expect(remainingMs({ ...running, claimedBy: null }, NOW_MS)).toBeNull();
    expect(remainingMs({ ...running, status: 'blocked' }, NOW_MS)).toBeNull();
    const atFirst = { ...running.progress, prompts_done: 0 };
    expect(remainingMs({ ...running, progress: atFirst }, NOW_MS)).toBeNull();
    // It lay blocked for days.
    expect(remainingMs(running, NOW_MS + 7 * 24 * 3_600_000)).toBeNull();
  });
});

it.each([
  [0, 'less than a minute left'],
  [59_999, 'less than a minute left'],
  [60_000, 'about 1 min left'],
  [149_000, 'about 2 min left'],
  [3_599_000, 'about 1 h left'],
])('%d ms that are left are said as "%s"', (ms, text) => {
  expect(remainingText(ms)).toBe(text);
});

describe('what may be done to a lead', () => {
  it('depends on its status', () => {
    expect(actionsFor('blocked')[0]).toBe('unblock');
    expect(actionsFor('html_ready')).toEqual(['withdraw', 'forget']);
    expect(actionsFor('archived')).toEqual(['flag', 'forget']);
    expect(actionsFor(null)).toEqual(['flag', 'forget']);
    expect(actionsFor('erased')).toEqual(['forget']);
  });

  it('is meant for what was seen; a run that only went on is still meant', () => {
    expect(meantFrom('flag', 'archived')).toEqual(['archived']);
    expect(meantFrom('withdraw', 'blocked')).toEqual(['blocked']);
    expect(meantFrom('withdraw', 'processing')).toContain('uploaded');
    expect(meantFrom('withdraw', 'processing')).not.toContain('archived');
  });
});
