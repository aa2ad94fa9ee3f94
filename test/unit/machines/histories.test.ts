/**
 * Histories as planline wrote them when version 1 of the events was new, from real runs with two
 * blocks. They are never rewritten: what cannot replay them needs an upcaster in core/upcast.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldEvent, NEW_LEAD, type LeadState } from '../../../machines/fold.ts';
import { messageOf } from '../../../src/core/errors.ts';
import { storedEnvelope, type StoredEnvelope } from '../../../src/core/events.ts';
import { findChainFault } from '../../../src/core/hash-chain.ts';
import { upcast } from '../../../src/core/upcast.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/histories');

interface Expected {
  readonly runs: number;
  readonly passes: readonly string[];
}

/** What each must go through, so that a history that was cut short cannot pass. */
const HISTORIES: Readonly<Record<string, Expected>> = {
  'v1/finished.jsonl': { runs: 1, passes: ['flagged', 'archived'] },
  'v1/blocked-then-resumed.jsonl': { runs: 1, passes: ['blocked', 'flagged', 'archived'] },
  'v1/withdrawn-and-flagged-again.jsonl': { runs: 1, passes: ['flagged', 'new', 'archived'] },
  'v1/new-run-after-changed-description.jsonl': {
    runs: 2,
    passes: ['archived', 'flagged', 'archived'],
  },
};

function readHistory(name: string): StoredEnvelope[] {
  const lines = readFileSync(join(FOLDER, name), 'utf8').trimEnd().split('\n');
  return lines.map((line) => storedEnvelope.parse(JSON.parse(line)));
}

/** Names history and event when today's machine does not take it. */
function replay(name: string, events: readonly StoredEnvelope[]): LeadState {
  return events.reduce((state, event) => {
    try {
      return foldEvent(state, upcast(event));
    } catch (error) {
      const what = `${name}, event ${event.seq} (${event.type} v${event.v})`;
      throw new Error(`${what} does not replay: ${messageOf(error)}`, { cause: error });
    }
  }, NEW_LEAD);
}

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
    const stored = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
    expect(stored.filter((name) => name.endsWith('.jsonl')).toSorted()).toEqual(
      Object.keys(HISTORIES).toSorted(),
    );
  });

  it.each(Object.entries(HISTORIES))('%s replays on today’s machine', (name, expected) => {
    const events = readHistory(name);
    expect(findChainFault(events)).toBeNull();
    const state = replay(name, events);
    expect(state).toMatchObject({ at: 'archived', status: 'archived', seq: events.length });
    expect(state.hash).toBe(events.at(-1)?.hash);
    expect(state.run?.completed).toHaveLength(11);
    const statuses = events.flatMap(({ status_to: status }) => (status === null ? [] : [status]));
    expect(isInOrder(expected.passes, statuses)).toBe(true);
    const started = events.filter(({ type }) => type === 'run.started');
    expect(new Set(started.map(({ run_id: id }) => id)).size).toBe(expected.runs);
  });

  it('that today’s machine does not take is named with its event', () => {
    const events = readHistory('v1/finished.jsonl');
    const late = events.findIndex(({ type }) => type === 'run.started');
    expect(() => replay('v1/finished.jsonl', events.toSpliced(late, 1))).toThrow(
      /^v1\/finished\.jsonl, event 4 \(prompt\.staged v1\) does not replay: /,
    );
  });
});
