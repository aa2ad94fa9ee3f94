import { describe, expect, it } from 'vitest';
import { leadMachine } from '../../../../machines/lead.ts';
import { layOut } from '../../../../src/dashboard/lead/chart-layout.ts';
import { boxOf, LEAD_CHART } from '../../../../src/dashboard/lead/chart-model.ts';
import { pathOf } from '../../../../src/dashboard/lead/chart-path.ts';
import { chartSvg } from '../../../../src/dashboard/lead/chart-svg.ts';
import { ofLastRun, replay } from '../../../../src/dashboard/lead/replay.ts';
import { STATUSES, STEPS } from '../../../../src/core/lifecycle.ts';
import { readHistory } from '../../../support/histories.ts';

const link = (seq: number): string => `?at=${seq}`;

async function drawn(name: string, until: number | null = null): Promise<string> {
  const { state, moments } = replay(readHistory(name), until);
  return String(await chartSvg(pathOf(state.at, ofLastRun(moments)), link));
}

/** Names of the states that stand so. */
function states(svg: string, standing: string): string[] {
  const pattern = new RegExp(`chart-state box ${standing} at-([a-z0-9_-]+)`, 'g');
  return [...svg.matchAll(pattern)].map(([, name = '']) => name);
}

describe('the chart, drawn from the machine', () => {
  it('has every state of the machine, steps and statuses alike', () => {
    const all = LEAD_CHART.boxes.flatMap(({ at, inside }) => [at, ...inside.map((one) => one.at)]);
    expect(LEAD_CHART.boxes.map(({ at }) => at)).toEqual(
      Object.keys(leadMachine.definition.states),
    );
    for (const status of STATUSES) expect(all).toContain(status);
    const steps = all.filter((at) => at.includes('.')).map((at) => at.split('.')[1]);
    expect(steps).toEqual([...STEPS]);
  });

  it('has an arrow for each move that the machine allows, and for nothing that it keeps', () => {
    const events = LEAD_CHART.arrows.flatMap((arrow) => arrow.events);
    expect(events).toContain('step.completed:plan');
    expect(events).toContain('lead.blocked');
    expect(events).not.toContain('lead.claimed');
    expect(LEAD_CHART.fromAnywhere.flatMap((arrow) => arrow.events)).toContain('lead.withdrawn');
  });

  it('places each state once, and none on another', () => {
    const { states: placed, width, height } = layOut(LEAD_CHART);
    expect(new Set(placed.map(({ at }) => at)).size).toBe(placed.length);
    for (const a of placed) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(width);
      expect(a.y + a.height).toBeLessThanOrEqual(height);
      for (const b of placed) {
        if (a === b || a.at === boxOf(b.at) || b.at === boxOf(a.at)) continue;
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart, `${a.at} and ${b.at}`).toBe(true);
      }
    }
  });

  it('draws an arrow along the whole main way', () => {
    const { arrows } = layOut(LEAD_CHART);
    const ends = arrows.flatMap((placed) => placed.arrows.map(({ to }) => to));
    for (const step of STEPS)
      expect(
        ends.some((at) => at.endsWith(`.${step}`)),
        step,
      ).toBe(true);
    expect(ends).toContain('archived');
    expect(ends).toContain('blocked');
  });
});

describe('the chart of a lead', () => {
  it('lights where it stands, and marks the way', async () => {
    const svg = await drawn('v1/finished.jsonl');
    expect(states(svg, 'now')).toEqual(['archived']);
    expect(states(svg, 'passed')).toContain('processing-plan');
    expect(states(svg, 'untouched')).toEqual(['idle', 'blocked', 'erased']);
    expect(svg).toContain('Statechart of the lead: now archived');
    expect(svg).toMatch(/The way so far: flagged → processing\.input_transform → .* → archived/);
  });

  it('shows an earlier moment as it was', async () => {
    const svg = await drawn('v1/finished.jsonl', 3);
    expect(states(svg, 'now')).toEqual(['processing-input_transform']);
    expect(states(svg, 'untouched')).toContain('processing-plan');
  });

  it('tells a lead that is blocked, and where it was resumed', async () => {
    const events = readHistory('v1/blocked-then-resumed.jsonl');
    const blocked = events.find(({ type }) => type === 'lead.blocked')?.seq ?? 0;
    expect(states(await drawn('v1/blocked-then-resumed.jsonl', blocked), 'now')).toEqual([
      'blocked',
    ]);
    expect(await drawn('v1/blocked-then-resumed.jsonl')).toContain('resumed 1 times');
  });

  it('shows the way of the last run only', () => {
    const { state, moments } = replay(
      readHistory('v1/new-run-after-changed-description.jsonl'),
      null,
    );
    const started = moments.findLast(({ event }) => event.type === 'run.started')?.event.seq ?? 0;
    const early = replay(readHistory('v1/new-run-after-changed-description.jsonl'), started);
    const path = pathOf(early.state.at, ofLastRun(early.moments));
    expect([...path.entered.keys()]).toEqual(['flagged', 'processing.input_transform']);
    expect(pathOf(state.at, ofLastRun(moments)).now).toBe('archived');
  });

  it('is shown as far as a damaged stream goes', () => {
    const events = readHistory('v1/finished.jsonl');
    const damaged = events.map((event) =>
      event.seq === 5 ? Object.assign({}, event, { type: 'prompt.unheard_of' }) : event,
    );
    const { state, fault } = replay(damaged, null);
    expect(state.seq).toBe(4);
    expect(fault).toMatch(/Event 5 of lead .* does not know/);
  });
});
