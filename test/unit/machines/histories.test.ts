/**
 * Histories as planline wrote them, from real runs with two blocks (scripts/record-history.ts). They
 * are never rewritten: what cannot replay them needs an upcaster in core/upcast.ts.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMachine, type AnyStateMachine } from 'xstate';
import { z } from 'zod';
import { foldEvent, NEW_LEAD } from '../../../machines/fold.ts';
import { leadMachine } from '../../../machines/lead.ts';
import { SCENARIOS } from '../../../scripts/history-scenarios.ts';
import { EVENT_DATA, EVENT_VERSION } from '../../../src/core/events.ts';
import { findChainFault } from '../../../src/core/hash-chain.ts';
import { upcast } from '../../../src/core/upcast.ts';
import { readHistory, replay, storedHistories, type Machine } from '../../support/histories.ts';

const TODAY: Machine = { NEW_LEAD, foldEvent, upcast };

interface Expected {
  readonly runs: number;
  readonly passes: readonly string[];
  /** Where the chart ends; the last run is finished in any case. */
  readonly ends: 'archived' | 'idle';
}

const once = (...passes: readonly string[]): Expected => ({ runs: 1, passes, ends: 'archived' });

/** What each must go through, so that a history that was cut short cannot pass. */
const HISTORIES: Readonly<Record<string, Expected>> = {
  'v1/finished.jsonl': once('flagged', 'archived'),
  'v1/blocked-then-resumed.jsonl': once('blocked', 'flagged', 'archived'),
  'v1/refused-then-mended.jsonl': once('flagged', 'archived'),
  'v1/refused-until-blocked.jsonl': once('blocked', 'flagged', 'archived'),
  'v1/withdrawn-and-flagged-again.jsonl': once('flagged', 'new', 'archived'),
  'v1/new-run-after-changed-description.jsonl': {
    ...once('archived', 'flagged', 'archived'),
    runs: 2,
  },
  'v1/told-then-deleted.jsonl': { ...once('flagged', 'archived'), ends: 'idle' },
  'v1/pruned-then-forgotten.jsonl': {
    ...once('archived', 'flagged', 'archived', 'erased', 'flagged', 'archived'),
    runs: 3,
  },
  'v1/not-to-be-told.jsonl': once('flagged', 'archived'),
};

function isInOrder(wanted: readonly string[], statuses: readonly string[]): boolean {
  let from = 0;
  return wanted.every((status) => {
    const at = statuses.indexOf(status, from);
    from = at + 1;
    return at !== -1;
  });
}

describe('a stored history', () => {
  it('is expected here, each of them', () => {
    expect(storedHistories()).toEqual(Object.keys(HISTORIES).toSorted());
  });

  it('was recorded of everything that can happen to a lead', () => {
    const today = `v${EVENT_VERSION}/`;
    const stored = storedHistories().filter((name) => name.startsWith(today));
    const recorded = Object.keys(SCENARIOS).map((name) => `${today}${name}.jsonl`);
    expect(stored, 'node scripts/record-history.ts all').toEqual(recorded.toSorted());
    const types = new Set(stored.flatMap(readHistory).map(({ type }) => type));
    expect([...types].toSorted()).toEqual(Object.keys(EVENT_DATA).toSorted());
  });

  it.each(Object.entries(HISTORIES))('%s replays on today’s machine', (name, expected) => {
    const events = readHistory(name);
    expect(findChainFault(events)).toBeNull();
    const state = replay(name, events, TODAY);
    expect(state).toMatchObject({ at: expected.ends, status: 'archived', seq: events.length });
    expect(state.hash).toBe(events.at(-1)?.hash);
    expect(state.run?.completed).toHaveLength(11);
    const statuses = events.flatMap(({ status_to: status }) => (status === null ? [] : [status]));
    expect(isInOrder(expected.passes, statuses)).toBe(true);
    const started = events.filter(({ type }) => type === 'run.started');
    expect(new Set(started.map(({ run_id: id }) => id)).size).toBe(expected.runs);
  });

  it('that was cut in the middle is named with the event that does not fit', () => {
    const events = readHistory('v1/finished.jsonl');
    const late = events.findIndex(({ type }) => type === 'run.started');
    expect(() => replay('v1/finished.jsonl', events.toSpliced(late, 1), TODAY)).toThrow(
      /^v1\/finished\.jsonl, event 4 \(prompt\.staged v1\) does not replay: /,
    );
  });
});

const chartNode = z.looseObject({
  on: z.record(z.string(), z.unknown()).optional(),
  get states() {
    return z.record(z.string(), chartNode).optional();
  },
});
type ChartNode = z.infer<typeof chartNode>;

/** The chart without an arrow, wherever it is drawn. */
function withoutArrow(node: ChartNode, event: string): ChartNode {
  const { on = {}, states = {} } = node;
  return {
    ...node,
    on: Object.fromEntries(Object.entries(on).filter(([name]) => name !== event)),
    states: Object.fromEntries(
      Object.entries(states).map(([name, inner]) => [name, withoutArrow(inner, event)]),
    ),
  };
}

function machineOf(chart: ChartNode): AnyStateMachine {
  // The chart was one before an arrow was taken out of it.
  return createMachine(chart as Parameters<typeof createMachine>[0]);
}

const LEAD_MACHINE = '../../../machines/lead.ts';
const EVENTS = '../../../src/core/events.ts';

describe('a change of the machine that breaks a history', () => {
  afterEach(() => {
    vi.doUnmock(LEAD_MACHINE);
    vi.doUnmock(EVENTS);
    vi.resetModules();
  });

  /** Fold and upcasters as they would be with other modules beneath them. */
  async function changed(module: string, change: object): Promise<Machine> {
    vi.resetModules();
    vi.doMock(module, async (original) => Object.assign({}, await original(), change));
    const fold = await import('../../../machines/fold.ts');
    return { ...fold, ...(await import('../../../src/core/upcast.ts')) };
  }

  /** The first history that does not replay, as CI would tell it. */
  function complaints(machine: Machine): string[] {
    return storedHistories().flatMap((name) => {
      try {
        replay(name, readHistory(name), machine);
        return [];
      } catch (error) {
        return [error instanceof Error ? error.message : String(error)];
      }
    });
  }

  it.each([
    ['prompt.refused', 'v1/refused-then-mended.jsonl', 'prompt.refused'],
    ['lead.withdrawn', 'v1/withdrawn-and-flagged-again.jsonl', 'lead.withdrawn'],
    ['attempt.failed', 'v1/blocked-then-resumed.jsonl', 'attempt.failed'],
    ['run.resumed:plan', 'v1/withdrawn-and-flagged-again.jsonl', 'run.resumed'],
    ['notification.abandoned', 'v1/not-to-be-told.jsonl', 'notification.abandoned'],
    ['lead.deleted', 'v1/told-then-deleted.jsonl', 'lead.deleted'],
    ['step.completed:clean', 'v1/finished.jsonl', 'step.completed'],
  ])('by %s is told with %s and the event', async (arrow, history, type) => {
    const machine = machineOf(withoutArrow(chartNode.parse(leadMachine.config), arrow));
    const told = complaints(await changed(LEAD_MACHINE, { leadMachine: machine }));
    expect(told).toContainEqual(
      expect.stringMatching(
        new RegExp(`^${history}, event \\d+ \\(${type} v1\\) does not replay: .+ cannot follow in`),
      ),
    );
  });

  it('by a field that old events do not have is told with history, event and field', async () => {
    const shape = EVENT_DATA['step.completed'].extend({ machine: z.string() });
    const machine = await changed(EVENTS, {
      EVENT_DATA: { ...EVENT_DATA, 'step.completed': shape },
    });
    const told = complaints(machine);
    expect(told).toHaveLength(storedHistories().length);
    expect(told).toContainEqual(
      expect.stringMatching(
        /^v1\/finished\.jsonl, event \d+ \(step\.completed v1\) does not replay: .+→ at machine$/s,
      ),
    );
  });

  it('is what makes the difference: the machine as it is takes them all', async () => {
    const machine = machineOf(chartNode.parse(leadMachine.config));
    expect(complaints(await changed(LEAD_MACHINE, { leadMachine: machine }))).toEqual([]);
  });
});
