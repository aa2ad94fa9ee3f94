import { describe, expect, it } from 'vitest';
import { outlookOf } from '../../../src/cli/leads/outlook.ts';

const RUN = '20261123_100000';
const DONE = '2026-11-23T11:00:00.000Z';
const at = (step: 'stage2' | null) => ({
  run_id: RUN,
  step,
  prompts_done: 4,
  prompts_total: 32,
});

describe('what flagging leads to', () => {
  it.each([
    ['archived', 'archived'],
    ['a status of the user', 'new'],
    ['no status at all', null],
  ])('is a new run when the last one has finished, under %s', (_, status) => {
    const lead = { status, pipeline_progress: at(null), processing_completed_at: DONE };
    expect(outlookOf(lead)).toBe('flagged: a new run begins');
  });

  it.each(['blocked', 'new', null])('is the same run where it stopped, under %s', (status) => {
    const lead = { status, pipeline_progress: at('stage2'), processing_completed_at: null };
    expect(outlookOf(lead)).toBe(
      `flagged: run ${RUN} goes on at stage2, or a new one begins if its description was changed`,
    );
  });

  it('is the first run where there was none, whatever a table has in a column of its own', () => {
    for (const processing_completed_at of [null, DONE]) {
      const lead = { status: 'new', pipeline_progress: null, processing_completed_at };
      expect(outlookOf(lead)).toBe('flagged: its first run begins');
    }
  });

  it('is nothing new for one that is flagged', () => {
    const lead = { status: 'flagged', pipeline_progress: at(null), processing_completed_at: DONE };
    expect(outlookOf(lead)).toBe('was flagged already; it waits for its turn');
  });
});
