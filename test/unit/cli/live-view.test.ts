import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  announcement,
  lineOf,
  remainingMs,
  shortId,
  spell,
  viewAfter,
  type LeadView,
  type View,
} from '../../../src/cli/live/view.ts';
import { isChatStep, STEPS, type ChatStep, type Step } from '../../../src/core/lifecycle.ts';
import type { ChatPhase, Progress } from '../../../src/ports.ts';

const ID = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const RUN = '20261123_100000';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const claimed = (leadId = ID): Progress => ({ kind: 'claimed', leadId });
const entered = (step: Step, blockCount = 15): Progress => ({
  kind: 'step',
  leadId: ID,
  runId: RUN,
  step,
  blockCount,
});
const prompts = (step: ChatStep, done: number, total: number): Progress => ({
  kind: 'prompts',
  leadId: ID,
  step,
  done,
  total,
});

const inPhase = (name: ChatPhase): Progress => ({ kind: 'phase', leadId: ID, phase: name });
const PHASES: readonly ChatPhase[] = [
  'opening',
  'writing',
  'sending',
  'answering',
  'copying',
  'looking',
];

/** The view after facts, each with the time of its coming. */
function viewOf(...facts: readonly (readonly [event: Progress, atMs: number])[]): View {
  let view: View = new Map();
  for (const [event, atMs] of facts) view = viewAfter(view, event, atMs);
  return view;
}

function leadOf(view: View): LeadView {
  const lead = view.get(ID);
  if (lead === undefined) throw new Error('the lead is not in view');
  return lead;
}

describe('viewAfter', () => {
  it('follows a run through its prompts', () => {
    const view = viewOf(
      [claimed(), 0],
      [entered('input_transform'), 0],
      [prompts('input_transform', 0, 1), 0],
      [prompts('input_transform', 1, 1), 10],
      [entered('plan'), 10],
      [prompts('plan', 0, 1), 10],
      [prompts('plan', 1, 1), 20],
      [entered('blocks'), 20],
      [entered('stage2'), 20],
      [prompts('stage2', 4, 15), 30],
    );
    expect(leadOf(view)).toEqual({
      leadId: ID,
      startedMs: 0,
      step: 'stage2',
      blockCount: 15,
      done: 6,
      doneBefore: 0,
      inStep: { done: 4, total: 15 },
      phase: null,
    });
    const pages = viewAfter(view, entered('stage3'), 40);
    expect(leadOf(pages).inStep).toBeNull();
    expect(leadOf(viewAfter(pages, prompts('stage3', 2, 15), 50)).done).toBe(19);
  });

  it('tells what was there from what this process saw answered', () => {
    const view = viewOf([claimed(), 0], [entered('stage2'), 0], [prompts('stage2', 9, 15), 0]);
    expect(leadOf(view)).toMatchObject({ done: 11, doneBefore: 11 });
    const later = viewAfter(view, prompts('stage2', 10, 15), MINUTE);
    expect(leadOf(later)).toMatchObject({ done: 12, doneBefore: 11 });
  });

  it.each([
    { kind: 'parked', leadId: ID, reason: 'stopping' },
    { kind: 'left', leadId: ID, reason: 'it was taken out of the pipeline' },
    { kind: 'blocked', leadId: ID, reason: 'no plan' },
    { kind: 'archived', leadId: ID, runId: RUN, pages: 15, directory: '/runs' },
  ] as const)('forgets a lead that is $kind, and no other', (event) => {
    const view = viewOf([claimed(), 0], [claimed('other'), 5], [event, 10]);
    expect([...view.keys()]).toEqual(['other']);
  });

  it('keeps a lead that tries again, and begins anew with one that is taken again', () => {
    const view = viewOf(
      [claimed(), 0],
      [entered('stage2'), 0],
      [prompts('stage2', 9, 15), 0],
      [{ kind: 'retry', leadId: ID, reason: 'cut off', atMs: 50 }, 10],
    );
    expect(leadOf(view).inStep).toEqual({ done: 9, total: 15 });
    expect(leadOf(viewAfter(view, claimed(), 100))).toMatchObject({
      startedMs: 100,
      step: null,
      done: 0,
      doneBefore: null,
    });
  });

  it('changes nothing for a lead that it never saw claimed, and never its own past', () => {
    const before = viewOf([claimed('other'), 0]);
    const after = viewAfter(viewAfter(before, entered('plan'), 1), prompts('plan', 1, 1), 2);
    expect([...after.keys()]).toEqual(['other']);
    viewAfter(before, { kind: 'parked', leadId: 'other', reason: 'x' }, 3);
    expect([...before.keys()]).toEqual(['other']);
  });
});

describe('remainingMs', () => {
  const lead: LeadView = {
    leadId: ID,
    startedMs: 0,
    step: 'stage2',
    blockCount: 15,
    done: 12,
    doneBefore: 8,
    inStep: null,
    phase: null,
  };

  it('goes by the prompts that this process saw answered', () => {
    // Four prompts in two minutes, twenty of thirty-two are left.
    expect(remainingMs(lead, 2 * MINUTE)).toBe(10 * MINUTE);
  });

  it('says nothing before the first answer', () => {
    expect(remainingMs({ ...lead, doneBefore: 12 }, MINUTE)).toBeNull();
    expect(remainingMs({ ...lead, done: 0, doneBefore: null }, MINUTE)).toBeNull();
  });

  it('is nothing when all are answered', () => {
    expect(remainingMs({ ...lead, done: 32 }, MINUTE)).toBe(0);
  });
});

describe('lineOf', () => {
  /** Prompts answered while a step of 15 blocks is under way: at its beginning and at its end. */
  const ANSWERED: Readonly<Record<Step, readonly [min: number, max: number]>> = {
    input_transform: [0, 1],
    plan: [1, 2],
    blocks: [2, 2],
    stage2: [2, 17],
    prepare_html: [17, 17],
    stage3: [17, 32],
    html_to_json: [32, 32],
    clean: [32, 32],
    upload: [32, 32],
    archive: [32, 32],
    notify: [32, 32],
  };

  /** A lead in a step, with as much to say as there can be. */
  function leadIn(
    step: Step,
    done: number,
    seen: number,
    phase: LeadView['phase'] = null,
  ): LeadView {
    const inStep = step === 'stage2' || step === 'stage3' ? { done: 9, total: 15 } : null;
    return {
      leadId: ID,
      startedMs: 0,
      step,
      blockCount: 15,
      done,
      doneBefore: done - seen,
      inStep,
      phase,
    };
  }

  it('says step, prompt n of m, elapsed and remaining', () => {
    const view = viewOf(
      [claimed(), 0],
      [entered('stage2'), 0],
      [prompts('stage2', 0, 15), 0],
      [prompts('stage2', 6, 15), 3 * MINUTE],
    );
    expect(lineOf(leadOf(view), 3 * MINUTE)).toBe(
      '6f9619ff… ██░░░░░░ 8/32 writing lessons 7/15 · 3 min, ~12 min left',
    );
  });

  it('says where within the prompt it is, and since when', () => {
    const view = viewOf(
      [claimed(), 0],
      [entered('stage2'), 0],
      [prompts('stage2', 0, 15), 0],
      [prompts('stage2', 6, 15), 3 * MINUTE],
      [inPhase('writing'), 3 * MINUTE],
      [inPhase('answering'), 3 * MINUTE + 2 * SECOND],
      [inPhase('answering'), 4 * MINUTE],
    );
    expect(lineOf(leadOf(view), 4 * MINUTE + 7 * SECOND)).toBe(
      '6f9619ff… ██░░░░░░ 8/32 writing lessons 7/15, waits 1:05 · ~16 min left',
    );
    const next = viewAfter(view, prompts('stage2', 7, 15), 5 * MINUTE);
    expect(leadOf(next).phase).toBeNull();
  });

  it('counts the prompts of a step only where there are several', () => {
    const one = viewOf([claimed(), 0], [entered('plan'), 0], [prompts('plan', 0, 1), 0]);
    expect(lineOf(leadOf(one), 5 * SECOND)).toBe('6f9619ff… ░░░░░░░░ 1/32 planning · 5 s');
    const all = viewOf([claimed(), 0], [entered('stage3'), 0], [prompts('stage3', 15, 15), 0]);
    expect(lineOf(leadOf(all), 0)).toContain('writing pages 15/15 ·');
  });

  it('says that a lead is taken up before its first step', () => {
    expect(lineOf(leadOf(viewOf([claimed(), 0])), MINUTE)).toBe('6f9619ff…  taking it up');
  });

  it.each(STEPS)('fits on 80 columns with a uuid in step %s', (step) => {
    const [min, max] = ANSWERED[step];
    const times = fc.integer({ min: 0, max: 99 * HOUR });
    const seens = fc.integer({ min: 0, max: 32 });
    const phases = fc.constantFrom(null, ...PHASES);
    fc.assert(
      fc.property(times, fc.integer({ min, max }), seens, phases, (elapsedMs, done, seen, name) => {
        // A prompt is given up long before a phase of it takes a hundred minutes.
        const sinceMs = Math.max(0, elapsedMs - 99 * MINUTE);
        const phase = name === null || !isChatStep(step) ? null : { name, sinceMs };
        const lead = leadIn(step, done, Math.min(seen, done), phase);
        fc.pre((remainingMs(lead, elapsedMs) ?? 0) < 100 * HOUR);
        const line = lineOf(lead, elapsedMs);
        expect(line.length).toBeLessThanOrEqual(80);
        expect(line).not.toMatch(/NaN|undefined|Infinity|-\d/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('fits with two digits everywhere', () => {
    const line = lineOf(leadIn('stage2', 16, 16), 12 * HOUR + 34 * MINUTE + 29 * SECOND);
    expect(line).toBe(
      '6f9619ff… ████░░░░ 16/32 writing lessons 10/15 · 12 h 34 min, ~12 h 34 min left',
    );
    expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('announcement', () => {
  const lead = leadOf(viewOf([claimed(), 0], [entered('notify'), 0]));
  const say = (event: Progress, nowMs = 0, of: LeadView | undefined = lead) =>
    announcement(event, of, nowMs);

  it('is silent about what the live line shows, and about a stop', () => {
    expect(say(claimed())).toBeNull();
    expect(say(entered('plan'))).toBeNull();
    expect(say(prompts('plan', 0, 1))).toBeNull();
    expect(say({ kind: 'parked', leadId: ID, reason: 'stopping' })).toBeNull();
  });

  it('says how a run ended, and where its files are', () => {
    const event: Progress = {
      kind: 'archived',
      leadId: ID,
      runId: RUN,
      pages: 15,
      directory: '/srv/runs/x',
    };
    const took = 3 * MINUTE + 20 * SECOND;
    expect(say(event, took)).toBe(
      '6f9619ff…  archived: 15 pages in 3 min 20 s\n          /srv/runs/x',
    );
    expect(announcement(event, undefined, took)).toBe(
      '6f9619ff…  archived: 15 pages\n          /srv/runs/x',
    );
  });

  it('says why a run is blocked, and the whole id in what to do', () => {
    expect(say({ kind: 'blocked', leadId: ID, reason: 'stage2, block 7: empty' })).toBe(
      `6f9619ff…  blocked: stage2, block 7: empty\n          Mend it, then: planline flag ${ID}`,
    );
  });

  it('says what is waited for', () => {
    expect(say({ kind: 'retry', leadId: ID, reason: 'cut off', atMs: 95 * SECOND }, 0)).toBe(
      '6f9619ff…  trying again in 1 min 35 s: cut off',
    );
    expect(say({ kind: 'parked', leadId: ID, reason: 'the chat account rests' })).toBe(
      '6f9619ff…  waits: the chat account rests',
    );
    expect(say({ kind: 'left', leadId: ID, reason: 'another daemon took it over' })).toBe(
      '6f9619ff…  left: another daemon took it over',
    );
  });
});

describe('spell', () => {
  it.each([
    [-5, '0 s'],
    [0, '0 s'],
    [45_400, '45 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [59 * MINUTE + 59 * SECOND, '59 min 59 s'],
    [HOUR, '1 h 0 min'],
    [HOUR + 5 * MINUTE + 59 * SECOND, '1 h 5 min'],
  ])('%i ms: %s', (ms, text) => {
    expect(spell(ms)).toBe(text);
  });
});

describe('shortId', () => {
  it('leaves numbers whole, and cuts uuids to eight characters', () => {
    expect(shortId('42')).toBe('42');
    expect(shortId('123456789012')).toBe('123456789012');
    expect(shortId(ID)).toBe('6f9619ff…');
  });
});
