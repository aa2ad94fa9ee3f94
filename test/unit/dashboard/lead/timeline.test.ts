import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../../src/core/hash-chain.ts';
import { replay } from '../../../../src/dashboard/lead/replay.ts';
import { breaksOf, timeScale } from '../../../../src/dashboard/lead/timeline-scale.ts';
import { timelineSvg, timelineTable } from '../../../../src/dashboard/lead/timeline-svg.ts';
import {
  momentsOfRun,
  timelineOf,
  type SpanKind,
  type Timeline,
} from '../../../../src/dashboard/lead/timeline.ts';
import { timesIn } from '../../../../src/core/times.ts';
import { History } from '../../../support/history.ts';
import { readHistory } from '../../../support/histories.ts';

const START_MS = Date.UTC(2026, 10, 23, 10, 0, 0);
const times = timesIn('Europe/Bratislava');

function timelineOfHistory(name: string, run = 0): Timeline {
  const { moments, state } = replay(readHistory(name), null);
  const timeline = timelineOf(momentsOfRun(moments, state.runIds[run] ?? ''), START_MS);
  if (timeline === null) throw new Error('the run has no timeline');
  return timeline;
}

function spans(timeline: Timeline, step: string, n: number | null) {
  const row = timeline.rows.find((one) => one.step === step && one.n === n);
  return (row?.spans ?? []).map(({ kind, end }) => `${kind} ${end}`);
}

function kinds({ rows }: Timeline): Set<SpanKind> {
  return new Set(rows.flatMap((row) => row.spans.map(({ kind }) => kind)));
}

describe('the timeline of a run', () => {
  it('has a row for each step and prompt, in the order of the steps', () => {
    const { rows } = timelineOfHistory('v1/finished.jsonl');
    expect(rows.slice(0, 5).map(({ step, n }) => `${step ?? 'lead'} ${n ?? ''}`)).toEqual([
      'lead ',
      'input_transform ',
      'input_transform 1',
      'plan ',
      'plan 1',
    ]);
    expect(rows.filter(({ n }) => n !== null)).toHaveLength(6);
  });

  it('shows an answer that was refused, and its repair', () => {
    const timeline = timelineOfHistory('v1/refused-then-mended.jsonl');
    expect(spans(timeline, 'stage3', 1)).toEqual(['asking refused', 'repairing done']);
    expect(spans(timeline, 'stage3', 2)).toEqual(['asking done']);
  });

  it('shows failed attempts, the wait for the next, the block and the way back', () => {
    const timeline = timelineOfHistory('v1/blocked-then-resumed.jsonl');
    expect(spans(timeline, 'input_transform', 1)).toEqual([
      'asking failed',
      'retry_wait done',
      'asking failed',
      'asking done',
    ]);
    expect(kinds(timeline)).toContain('blocked');
    expect(spans(timeline, 'input_transform', null)).toEqual(['step interrupted', 'step done']);
  });

  it('keeps the runs of a lead apart', () => {
    const name = 'v1/new-run-after-changed-description.jsonl';
    const [first, second] = [timelineOfHistory(name, 0), timelineOfHistory(name, 1)];
    expect(first.toMs).toBeLessThanOrEqual(second.fromMs);
    expect(second.rows.at(-1)?.step).toBe('notify');
  });

  it('tells that nobody worked on a lead that was given back, and is asked for again', () => {
    const history = new History().flagged().claimed().started();
    history.add('prompt.send_intended', {
      step: 'input_transform',
      n: 1,
      request_id: 'r',
      prompt_sha256: sha256Hex('p'),
      driver: 'rehearsal',
    });
    history.claimed(2);
    const { moments } = replay(history.events, null);
    const timeline = timelineOf(momentsOfRun(moments, '20261123_100000'), START_MS + 60_000);
    expect(timeline === null ? [] : spans(timeline, 'input_transform', 1)).toEqual([
      'resting interrupted',
      'asking open',
    ]);
    expect(timeline?.toMs).toBe(START_MS + 60_000);
  });
});

describe('the time scale', () => {
  const HOUR_MS = 3_600_000;
  const timeline: Timeline = {
    fromMs: 0,
    toMs: 10 * HOUR_MS + 20_000,
    instantsMs: [0, 10_000, 10 * HOUR_MS + 10_000, 10 * HOUR_MS + 20_000],
    rows: [],
  };

  it('leaves out a night in which nothing happened', () => {
    expect(breaksOf(timeline)).toEqual([{ fromMs: 10_000, toMs: 10 * HOUR_MS + 10_000 }]);
    const { x } = timeScale(timeline, 800);
    expect(x(0)).toBe(0);
    expect(x(timeline.toMs)).toBe(800);
    expect(x(10_000)).toBeGreaterThan(350);
    expect(x(10 * HOUR_MS + 10_000) - x(10_000)).toBeLessThan(40);
  });

  it('leaves out nothing while a prompt is with the model', () => {
    const [fromMs, toMs] = [10_000, 10 * HOUR_MS + 10_000];
    const span = { kind: 'asking', fromMs, toMs, end: 'done', reason: null } as const;
    const asked = { ...timeline, rows: [{ step: 'plan', n: 1, spans: [span] } as const] };
    expect(breaksOf(asked)).toEqual([]);
  });

  it('goes on to the right, and has its ticks outside what is left out', () => {
    const { x, ticksMs, breaks } = timeScale(timeline, 800);
    const xs = Array.from({ length: 50 }, (_, index) => x((timeline.toMs * index) / 49));
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(ticksMs.length).toBeGreaterThan(2);
    for (const gap of breaks) {
      expect(ticksMs.filter((ms) => ms > gap.fromMs && ms < gap.toMs)).toEqual([]);
    }
  });
});

describe('the timeline as text', () => {
  it('names each span and writes reasons without letting them act', async () => {
    const reason = '<script>alert(1)</script>';
    const timeline: Timeline = {
      fromMs: START_MS,
      toMs: START_MS + 2_000,
      instantsMs: [START_MS],
      rows: [
        {
          step: 'plan',
          n: 1,
          spans: [
            { kind: 'asking', fromMs: START_MS, toMs: START_MS + 2_000, end: 'failed', reason },
          ],
        },
      ],
    };
    const [svg, table] = [
      String(await timelineSvg(timeline, times)),
      String(await timelineTable(timeline, times)),
    ];
    for (const text of [svg, table]) {
      expect(text).toContain('&lt;script&gt;');
      expect(text).not.toContain('<script>');
    }
    expect(table).toContain('2.0 s');
    expect(svg).toContain('2026-11-23 11:00:00 CET, 2.0 s');
    expect(table).toMatch(/From \(Europe\/Bratislava\)[^]+<td>2026-11-23 11:00:00<\/td>/);
  });
});
