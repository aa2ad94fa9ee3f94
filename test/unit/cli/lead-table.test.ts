import { describe, expect, it } from 'vitest';
import { changeLines } from '../../../src/cli/leads/change-lines.ts';
import { byUrgency, type LeadStatus } from '../../../src/cli/leads/lead-status.ts';
import { leadTable } from '../../../src/cli/leads/lead-table.ts';

const WIDE = Number.MAX_SAFE_INTEGER;
const ID = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

function lead(change: Partial<LeadStatus> = {}): LeadStatus {
  return {
    id: ID,
    status: 'processing',
    step: 'stage2',
    prompts_done: 4,
    prompts_total: 32,
    run_id: '20261123_100000',
    last_error: null,
    retry_count: 0,
    updated_at: '2026-11-23T10:00:00.000Z',
    ...change,
  };
}

function table(leads: readonly LeadStatus[], width = WIDE): string[] {
  return leadTable(leads, width, (_, text) => text).split('\n');
}

describe('the table of leads', () => {
  it('has columns as wide as their longest cell, and no spaces at the end of a line', () => {
    const leads = [
      lead(),
      lead({
        id: '42',
        status: 'blocked',
        step: 'html_to_json',
        retry_count: 4,
        last_error: 'no plan',
      }),
      lead({ id: '43', status: null, step: null, prompts_done: 0, prompts_total: 0 }),
    ];
    expect(table(leads)).toEqual([
      'LEAD                                  STATUS      STEP          PROMPTS  NOTE',
      `${ID}  processing  stage2        4/32`,
      '42                                    blocked     html_to_json  4/32     4 retries: no plan',
      '43',
    ]);
  });

  it('puts what is wrong below its lead where the terminal is narrow', () => {
    const error = 'the plan has 14 blocks, 15 are needed; block 7 is missing';
    expect(table([lead({ status: 'blocked', last_error: error }), lead({ id: '42' })], 80)).toEqual(
      [
        'LEAD                                  STATUS      STEP    PROMPTS',
        `${ID}  blocked     stage2  4/32`,
        `    ${error}`,
        '42                                    processing  stage2  4/32',
      ],
    );
  });

  it.each([20, 40, 80, 100, 120])('is never wider than %i columns', (width) => {
    const leads = [
      lead({ last_error: 'the plan has 14 blocks, 15 are needed: '.repeat(20), retry_count: 1 }),
      lead({ id: 'x'.repeat(200), last_error: 'y'.repeat(300) }),
    ];
    const lines = table(leads, width);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines.length).toBeLessThanOrEqual(9);
    expect(lines.join('\n')).toContain('…');
  });

  it('keeps one line a lead, whatever the error looks like', () => {
    const lines = table([lead({ last_error: 'first\n  second\r\nthird\tfourth \u001b[2J' })]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('first second third fourth [2J');
  });

  it('says how urgent each line is to whoever colours it', () => {
    const leads = [
      lead({ status: 'blocked', last_error: 'no' }),
      lead(),
      lead({ status: 'archived' }),
    ];
    const told = leadTable(leads, 80, (what, text) => `${what}|${text}`).split('\n');
    expect(told.map((line) => line.split('|')[0])).toEqual([
      'head',
      'blocked',
      'note',
      'under_way',
      'at_rest',
    ]);
  });
});

describe('the order of leads', () => {
  it('is what needs a person, what is under way by its start, what waits, the rest; else the latest change first', () => {
    const at = (id: string, status: string | null, minute: number) =>
      lead({ id, status, updated_at: `2026-11-23T10:0${minute}:00.000Z` });
    const leads = [
      at('rest', 'archived', 9),
      at('own', 'new', 8),
      at('waits', 'flagged', 7),
      at('runs', 'plan_ready', 5),
      at('runs too', 'processing', 6),
      { ...at('runs longest', 'processing', 3), run_id: '20261123_095959' },
      at('stuck before', 'blocked', 1),
      at('stuck', 'blocked', 2),
    ];
    expect(byUrgency(leads).map(({ id }) => id)).toEqual([
      'stuck',
      'stuck before',
      'runs longest',
      'runs',
      'runs too',
      'waits',
      'rest',
      'own',
    ]);
  });
});

describe('what changed', () => {
  it('is a line for each lead that is new, changed or at rest', () => {
    const before = [lead({ id: '1' }), lead({ id: '2' }), lead({ id: '3' })];
    const now = [
      lead({ id: '1' }),
      lead({ id: '2', prompts_done: 5 }),
      lead({ id: '4', status: 'blocked', last_error: 'no\u001b[2J\nplan' }),
    ];
    expect(changeLines(before, now)).toEqual([
      '2  processing  stage2  5/32',
      '4  blocked  stage2  4/32  no [2J plan',
      '3  at rest',
    ]);
    expect(changeLines(now, now)).toEqual([]);
  });
});
