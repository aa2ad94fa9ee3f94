import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiskStore } from '../../../src/adapters/disk/disk-store.ts';
import { sha256Hex } from '../../../src/core/hash-chain.ts';
import { STEPS } from '../../../src/core/lifecycle.ts';
import { writeRunSummary } from '../../../src/shell/run-summary.ts';
import { History } from '../../support/history.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const OTHER = 'I want to learn something else';

/** What run_summary.json says of a stream. */
async function summaryOf(history: History, finishedAt: string | null = null): Promise<unknown> {
  const runsDir = await tempFolder();
  const clock = manualClock('2026-11-23T10:00:00.000Z');
  const artifacts = createDiskStore({ runsDir, coldStorageDir: null, clock, log: recordingLog() });
  const files = artifacts.lead(history.leadId);
  await files.appendEvents(history.events);
  await writeRunSummary({ files }, finishedAt);
  const text = await readFile(join(files.directory, 'run_summary.json'), 'utf8');
  return JSON.parse(text) as unknown;
}

const begun = (): History => new History().flagged().claimed().started();

function failed(history: History, attempt: number): History {
  return history.add('attempt.failed', {
    step: 'plan',
    n: 1,
    attempt,
    code: 'retryable',
    reason: 'the plan has 14 blocks',
    retry_at: null,
    keeps_request: false,
  });
}

function blocked(history: History): History {
  return history.add(
    'lead.blocked',
    { step: 'plan', n: 1, code: 'retryable', reason: 'the plan has 14 blocks' },
    { statusTo: 'blocked' },
  );
}

describe('run_summary.json', () => {
  it('says where a run under way stands', async () => {
    const history = begun().answered('input_transform', 1).completed('input_transform');
    expect(await summaryOf(history)).toEqual([
      {
        run_id: '20261123_100000',
        status: 'running',
        driver: 'rehearsal',
        started_at: history.events[2]?.occurred_at,
        finished_at: null,
        duration_ms: null,
        block_count: 2,
        prompts_done: 1,
        prompts_total: 6,
        retries: 0,
        failed_attempts: [],
        repairs: [],
        warnings: [],
        steps: [
          {
            step: 'input_transform',
            completed_at: history.events.at(-1)?.occurred_at,
            duration_ms: 5,
          },
        ],
        blocked: null,
      },
    ]);
  });

  it('says at which step a run is blocked and after how many attempts', async () => {
    const history = begun().completed('input_transform');
    const summary = await summaryOf(blocked(failed(failed(history, 1), 2)));
    expect(summary).toMatchObject([
      {
        status: 'blocked',
        retries: 2,
        finished_at: null,
        blocked: { step: 'plan', code: 'retryable', reason: 'the plan has 14 blocks' },
      },
    ]);
  });

  it('counts failed attempts over a resumption, which is no block any more', async () => {
    const history = blocked(failed(begun().completed('input_transform'), 1))
      .flagged()
      .claimed(2)
      .add('run.resumed', { step: 'plan', artifacts: [] }, { statusTo: 'processing' });
    const summary = await summaryOf(failed(history, 1));
    expect(summary).toMatchObject([{ status: 'running', retries: 2, blocked: null }]);
  });

  it('tells every failed attempt with its reason, and what the pages were warned of, the worst first', async () => {
    const history = failed(begun().completed('input_transform'), 1);
    for (const step of STEPS.slice(1, STEPS.indexOf('upload'))) history.completed(step);
    const warnings = [
      { code: 'heading_order', page: 1, count: 1 },
      { code: 'of_a_later_version', page: 2, count: 3 },
      { code: 'placeholder', page: 2, count: 2 },
      { code: 'few_words', page: 1, count: 80 },
      { code: 'placeholder', page: 1, count: 1 },
    ];
    history.add(
      'step.completed',
      { step: 'upload', outputs: [], duration_ms: 5, warnings },
      { statusTo: 'uploaded' },
    );
    const attempt = history.events.find((event) => event.type === 'attempt.failed');
    expect(await summaryOf(history)).toMatchObject([
      {
        failed_attempts: [
          { step: 'plan', n: 1, code: attempt?.data['code'], reason: attempt?.data['reason'] },
        ],
        warnings: [
          { severity: 'high', code: 'placeholder', page: 1, count: 1 },
          { severity: 'high', code: 'placeholder', page: 2, count: 2 },
          { severity: 'medium', code: 'few_words', page: 1, count: 80 },
          { severity: 'medium', code: 'of_a_later_version', page: 2, count: 3 },
          { severity: 'low', code: 'heading_order', page: 1, count: 1 },
        ],
      },
    ]);
  });

  it('tells every answer that was sent back, though no attempt was spent', async () => {
    const file = { path: 'rejected/plan_1_1.txt', sha256: sha256Hex('r'), bytes: 1 };
    const history = begun()
      .completed('input_transform')
      .add('prompt.refused', {
        step: 'plan',
        n: 1,
        request_id: 'plan-1',
        repairs: 1,
        reason: 'the plan has 14 blocks',
        reply: file,
        repair: { ...file, path: 'rejected/plan_1_1.repair.txt' },
      });
    expect(await summaryOf(history)).toMatchObject([
      { retries: 0, repairs: [{ step: 'plan', n: 1, reason: 'the plan has 14 blocks' }] },
    ]);
  });

  it('takes the end that is about to be recorded, for the present run only', async () => {
    const history = begun().through('archive').flagged(OTHER).claimed(2);
    history.started('20261124_080000', OTHER).through('archive');
    const startedAt = history.events.find((event) => event.run_id === '20261124_080000');
    const finishedAt = new Date(Date.parse(startedAt?.occurred_at ?? '') + 90_000).toISOString();
    expect(await summaryOf(history, finishedAt)).toMatchObject([
      { run_id: '20261123_100000', status: 'abandoned', finished_at: null },
      {
        run_id: '20261124_080000',
        status: 'archived',
        finished_at: finishedAt,
        duration_ms: 90_000,
      },
    ]);
  });

  it('keeps every run of a lead, oldest first', async () => {
    const history = begun().through('notify');
    blocked(history.flagged(OTHER).claimed(2).started('20261124_080000', OTHER));
    history.flagged('third').claimed(3).started('20261125_080000', 'third');
    history.completed('input_transform').flagged('fourth').claimed(4);
    history.started('20261126_080000', 'fourth').through('notify');
    history.add('notification.delivered', { notification_id: 'x', channel: 'slack' });

    expect(history.events.at(-1)?.status_from).toBe('archived');
    expect(await summaryOf(history)).toMatchObject([
      { run_id: '20261123_100000', status: 'archived', steps: { length: STEPS.length } },
      // Another description came before it could go on: blocked, and then left behind.
      { run_id: '20261124_080000', status: 'abandoned', blocked: { step: 'plan' } },
      { run_id: '20261125_080000', status: 'abandoned', steps: [{ step: 'input_transform' }] },
      { run_id: '20261126_080000', status: 'archived', blocked: null },
    ]);
  });

  it('is empty for a lead whose run never began', async () => {
    const history = new History().flagged('').claimed();
    blocked(history);
    expect(await summaryOf(history)).toEqual([]);
  });

  it('holds no description', async () => {
    const history = begun().through('notify');
    const text = JSON.stringify(await summaryOf(history));
    expect(text).not.toContain('I want to learn');
    expect(text).not.toContain(sha256Hex('I want to learn'));
  });
});
