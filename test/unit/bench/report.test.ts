import { describe, expect, it } from 'vitest';
import { figure, goalIsMet, ratioTo } from '../../../bench/report/figures.ts';
import { resultsMarkdown } from '../../../bench/report/markdown.ts';
import type { Measured, Plot, Row, Section } from '../../../bench/report/section.ts';
import { median, quantile } from '../../../bench/report/statistics.ts';
import { storedSection, type StoredSection } from '../../../bench/report/stored.ts';
import { plotSvg } from '../../../bench/report/svg.ts';

function measured(name: string, rounds: readonly number[]): Measured {
  return { subject: { name, version: '1.2.3' }, unit: 'ms', rounds };
}

function row(change: Partial<Row> = {}): Row {
  return {
    question: 'p50',
    ours: measured('planline', [30, 10, 20]),
    others: [measured('rival', [5, 10, 15])],
    better: 'lower',
    goal: { against: 'rival', ratio: 3 },
    note: null,
    ...change,
  };
}

function stored(section: Partial<Section>): StoredSection {
  return {
    section: { title: 'Speed', method: [], rows: [row()], plots: [], appendix: [], ...section },
    measured_at: '2026-11-25T10:00:00.000Z',
    seconds: 61,
    rounds: 3,
    machine: 'a machine',
    versions: 'Node.js v24',
    load_average: { before: 0.1, after: 1.2 },
  };
}

describe('statistics', () => {
  it('takes the middle, and the mean of two middles', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('takes a quantile that is one of the figures', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(hundred, 0.5)).toBe(50);
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile(hundred, 1)).toBe(100);
    expect(quantile([5], 0.01)).toBe(5);
  });
});

describe('figures', () => {
  it.each([
    [0.012345, '0.0123'],
    [4.5678, '4.57'],
    [999.6, '1,000'],
    [1_234_567, '1,230,000'],
    [0, '0'],
    [Number.NaN, '–'],
  ])('writes %d as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  it('holds a goal against the subject that it names, in the right direction', () => {
    const [rival] = row().others;
    if (rival === undefined) throw new Error('there is one');
    expect(ratioTo(row(), rival)).toBe(2);
    expect(goalIsMet(row(), rival)).toBe(true);
    expect(goalIsMet(row({ goal: { against: 'rival', ratio: 1 } }), rival)).toBe(false);
    expect(goalIsMet(row({ better: 'higher' }), rival)).toBe(false);
    expect(goalIsMet(row({ goal: { against: 'another', ratio: 1 } }), rival)).toBeNull();
    expect(goalIsMet(row({ goal: null }), rival)).toBeNull();
  });
});

describe('resultsMarkdown', () => {
  it('tells goals first, ratios before absolute figures, and each figure once', () => {
    const rows = [row(), row({ goal: { against: 'rival', ratio: 1 } })];
    const text = resultsMarkdown([stored({ rows })]);
    expect(text).toContain('1 of 2 goals are met.');
    expect(text).toContain('- Speed, p50: 2× rival, goal at most 1×');
    expect(text).toContain('| p50 | planline | rival | 2× | lower | at most 3× | met |');
    expect(text).toContain('| p50 | planline | rival | 2× | lower | at most 1× | **not met** |');
    expect(text.indexOf('ours ÷ theirs')).toBeLessThan(text.indexOf('range of rounds'));
    expect(text.match(/\| p50 \| planline 1\.2\.3 \| 20 ms \| 10 to 30 \| 3 \|/g)).toHaveLength(1);
  });

  it('tells a note once for all the questions that it is about', () => {
    const rows = [row({ note: 'Why.' }), row({ question: 'p95', note: 'Why.' })];
    const text = resultsMarkdown([stored({ rows })]);
    expect(text).toContain('- **p50; p95**: Why.');
  });

  it('keeps pipes and line breaks from breaking a table, and backticks from ending a block', () => {
    const section = {
      rows: [row({ question: 'a | b\nc' })],
      appendix: [{ heading: 'Plan', text: '```\nSeq Scan\n```' }],
    };
    const text = resultsMarkdown([stored(section)]);
    expect(text).toContain('| a \\| b c | planline |');
    expect(text).toContain('### Speed: Plan\n\n````\n```\nSeq Scan\n```\n````');
  });

  it('is a report without any suite as well', () => {
    expect(resultsMarkdown([])).toMatch(/^# planline beside/);
  });
});

describe('a stored section', () => {
  it('comes back from JSON as it was', () => {
    const section = stored({ plots: [{ name: 'a-b', title: 'T', unit: 'ms', series: [] }] });
    expect(storedSection.parse(JSON.parse(JSON.stringify(section)))).toEqual(section);
  });

  it('is refused without a round, and with a plot whose name is a path', () => {
    expect(() =>
      storedSection.parse(stored({ rows: [row({ ours: measured('planline', []) })] })),
    ).toThrow(/rounds/);
    const plots = [{ name: '../x', title: 'T', unit: 'ms', series: [] }];
    expect(() => storedSection.parse(stored({ plots }))).toThrow(/name/);
  });
});

describe('plotSvg', () => {
  const plot = (points: readonly (readonly [string, number])[], name = 'planline'): Plot => ({
    name: 'speed',
    title: 'Speed <of> all',
    unit: 'ms',
    series: [{ name, points: points.map(([label, value]) => ({ label, value })) }],
  });

  it('draws bars for names, with their figures, and escapes what it is given', () => {
    const svg = plotSvg(plot([['p50', 12.345]], 'A & B'));
    expect(svg).toContain('Speed &lt;of&gt; all');
    expect(svg).toContain('A &amp; B');
    expect(svg).toContain('>12.3</text>');
    expect(svg).not.toContain('polyline');
  });

  it('draws lines for sizes', () => {
    const svg = plotSvg(
      plot([
        ['10³', 1],
        ['10⁴', 2],
        ['1,000,000', 3],
      ]),
    );
    expect(svg.match(/<polyline/g)).toHaveLength(1);
    expect(svg.match(/<circle/g)).toHaveLength(3);
  });

  it('says when its scale is logarithmic', () => {
    const near = plotSvg(
      plot([
        ['p50', 1],
        ['p95', 20],
      ]),
    );
    const far = plotSvg(
      plot([
        ['p50', 1],
        ['p95', 2_000],
      ]),
    );
    expect(near).not.toContain('logarithmic');
    expect(far).toContain('ms, logarithmic');
  });

  it('holds no figure that SVG cannot read, whatever it is given', () => {
    for (const values of [[], [0], [0, 0], [0, 5], [1e-9, 1e9]]) {
      const svg = plotSvg(plot(values.map((value, index) => [`p${index}`, value] as const)));
      expect(svg).not.toMatch(/NaN|Infinity|="-/);
    }
  });
});
