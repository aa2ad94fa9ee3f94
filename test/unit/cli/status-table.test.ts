import { describe, expect, it } from 'vitest';
import { table } from '../../../src/cli/status.ts';

type LeadStatus = Parameters<typeof table>[0][number];

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

describe('the status table', () => {
  it('has a column as wide as its longest cell, and no spaces at the end of a line', () => {
    const text = table(
      [
        lead(),
        lead({
          id: '42',
          status: 'blocked',
          step: 'html_to_json',
          retry_count: 4,
          last_error: 'no plan',
        }),
        lead({ id: '43', status: null, step: null, prompts_done: 0, prompts_total: 0 }),
      ],
      WIDE,
    );
    expect(text.split('\n')).toEqual([
      'LEAD                                  STATUS      STEP          PROMPTS  RETRIES  LAST ERROR',
      `${ID}  processing  stage2        4/32`,
      '42                                    blocked     html_to_json  4/32     4        no plan',
      '43',
    ]);
  });

  it('cuts a line at the edge of the terminal and says so', () => {
    const leads = [lead({ last_error: 'the plan has 14 blocks, 15 are needed: '.repeat(9) })];
    for (const width of [40, 80, 120]) {
      const [head = '', line = ''] = table(leads, width).split('\n');
      expect(line).toHaveLength(width);
      expect(line.endsWith('…')).toBe(true);
      expect(line.startsWith(ID)).toBe(true);
      expect(head.length).toBeLessThanOrEqual(width);
    }
  });

  it('keeps one line a lead, whatever the error looks like', () => {
    const text = table(
      [lead({ last_error: 'first line\n  second\r\nthird\tfourth' }), lead({ id: '42' })],
      WIDE,
    );
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain('first line second third fourth');
    // Nothing in an error may steer the terminal.
    expect(table([lead({ last_error: 'a \u001b[2Jb' })], WIDE)).not.toContain('\u001b');
  });

  it('is its head alone without leads', () => {
    expect(table([], WIDE)).toBe('LEAD  STATUS  STEP  PROMPTS  RETRIES  LAST ERROR');
  });
});
