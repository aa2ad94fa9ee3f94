import { assert, dictionary, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findChainFault, jsonbText } from '../../../src/core/hash-chain.ts';
import { History } from '../../support/history.ts';

describe('jsonbText', () => {
  it('orders keys by length, then bytewise, and spaces as PostgreSQL does', () => {
    expect(jsonbText({ bb: 1, a: [true, null, { z: 'x', é: 2 }], ab: 'q"\n\u0001ž' })).toBe(
      '{"a": [true, null, {"z": "x", "é": 2}], "ab": "q\\"\\n\\u0001ž", "bb": 1}',
    );
  });

  it('refuses numbers that the two sides print differently', () => {
    expect(() => jsonbText({ ms: 0.5 })).toThrow(/safe integers/);
  });

  it('is JSON, and the same whatever the order of keys', () => {
    assert(
      property(dictionary(string({ unit: 'grapheme' }), integer()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(jsonbText(reversed)).toBe(jsonbText(value));
        expect(JSON.parse(jsonbText(value))).toEqual({ ...value });
      }),
    );
  });
});

describe('findChainFault', () => {
  const { events } = new History().flagged().claimed().started().completed('input_transform');
  const changed = (index: number, change: object) =>
    events.map((event, at) => (at === index ? { ...event, ...change } : event));

  it('finds nothing in an untouched stream, whole or from its middle', () => {
    expect(findChainFault(events)).toBeNull();
    expect(findChainFault(events.slice(2), events[1])).toBeNull();
  });

  it('finds changed data', () => {
    expect(findChainFault(changed(1, { data: { daemon: 'other' } }))).toEqual({
      seq: 2,
      problem: 'its content does not fit its hash',
    });
  });

  it('finds a removed event', () => {
    expect(findChainFault(events.toSpliced(1, 1))?.problem).toBe(
      'seq 2 was expected here, found 3',
    );
  });

  it('finds a forged hash by the event that follows', () => {
    const forged = changed(1, { hash: 'f'.repeat(64) });
    expect(findChainFault(forged)?.seq).toBe(2);
  });

  it('finds a swapped order', () => {
    const [a, b, ...rest] = events;
    expect(findChainFault([b, a, ...rest].filter((event) => event !== undefined))).not.toBeNull();
  });
});
