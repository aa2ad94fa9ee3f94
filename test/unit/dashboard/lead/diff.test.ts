import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../../src/dashboard/lead/compare-runs.ts';
import { diffTable } from '../../../../src/dashboard/lead/diff-page.ts';
import { diffTexts, type DiffRow, type TextDiff } from '../../../../src/dashboard/lead/diff.ts';

/** The rows of one side as text, without what is left out. */
function side({ rows }: TextDiff, kind: 'removed' | 'added'): string[] {
  return rows.flatMap((row: DiffRow) => {
    if (row.kind === 'same') return [row.text];
    return row.kind === kind ? [row.parts.map(({ text }) => text).join('')] : [];
  });
}

describe('two texts', () => {
  it('differ by lines, and by words within a line', () => {
    const diff = diffTexts('one\nthe quick fox\nthree\n', 'one\nthe slow fox\nthree\n');
    expect(diff).toMatchObject({ added: 1, removed: 1 });
    const removed = diff.rows.find(({ kind }) => kind === 'removed');
    expect(removed).toMatchObject({
      left: 2,
      parts: [
        { text: 'the ', isChanged: false },
        { text: 'quick', isChanged: true },
        { text: ' fox', isChanged: false },
      ],
    });
  });

  it('leave out long stretches that both have, and number the lines behind them rightly', () => {
    const same = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const diff = diffTexts(['a', ...same].join('\n'), ['b', ...same].join('\n'));
    expect(diff.rows.at(-1)).toEqual({ kind: 'gap', lines: 37 });
    expect(diff.rows.filter(({ kind }) => kind === 'same')).toHaveLength(3);
  });

  it('give both texts back', () => {
    const line = fc.constantFrom('alpha', 'beta', 'alpha beta', 'gamma delta', '');
    const text = fc.array(line, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const diff = diffTexts(`${left.join('\n')}\n`, `${right.join('\n')}\n`);
        fc.pre(!diff.rows.some(({ kind }) => kind === 'gap'));
        expect(side(diff, 'removed')).toEqual(left);
        expect(side(diff, 'added')).toEqual(right);
      }),
    );
  });

  it('are told apart without colour, and cannot act', async () => {
    const table = String(
      await diffTable(diffTexts('<b>old</b> text here', '<i>new</i> text here'), 'a.txt'),
    );
    expect(table).toMatch(/aria-label="removed"\s*>\s*−/);
    expect(table).toMatch(/aria-label="added"\s*>\s*\+/);
    expect(table).not.toMatch(/<b>|<i>/);
  });
});

describe('two runs', () => {
  const ref = (path: string, digit: string) => ({ path, sha256: digit.repeat(64), bytes: 1 });
  const run = (runId: string, ...refs: readonly ReturnType<typeof ref>[]) => ({
    runId,
    newest: new Map(refs.map((one) => [one.path, one])),
    versions: refs,
  });

  it('are compared file by file', () => {
    const left = run('a', ref('same', '1'), ref('changed', '1'), ref('gone', '1'));
    const right = run('b', ref('same', '1'), ref('changed', '2'), ref('new', '1'));
    const files = compareRuns(left, right).map(({ path, comparison }) => [path, comparison]);
    expect(files).toEqual([
      ['same', 'same'],
      ['changed', 'changed'],
      ['gone', 'only_left'],
      ['new', 'only_right'],
    ]);
  });

  it('are not told apart by the times of their replies', () => {
    const [left, right] = [run('a', ref('x.meta.json', '1')), run('b', ref('x.meta.json', '2'))];
    expect(compareRuns(left, right)).toEqual([]);
  });
});
