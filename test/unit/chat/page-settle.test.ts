import { describe, expect, it } from 'vitest';
import {
  type Observation,
  settle,
  type SettleRules,
  type Settling,
  silentMs,
  type Verdict,
  verdictOf,
} from '../../../src/adapters/chat/page/settle.ts';

const RULES: SettleRules = { stablePolls: 3, stableMs: 1_200, quietMs: 5_000 };

type Look = Partial<Omit<Observation, 'atMs'>>;

const WRITING: Look = { turnKey: 't1', text: 'Hello', stop: true };
const DONE: Look = { turnKey: 't1', text: 'Hello, world.', actionBar: true };

/** Looks, each with how many ms after the one before; returns the verdict after each. */
function verdicts(looks: readonly (readonly [afterMs: number, look: Look])[]): Verdict[] {
  let atMs = 1_000_000;
  let state: Settling | null = null;
  return looks.map(([afterMs, look]) => {
    atMs += afterMs;
    const seen = { atMs, turnKey: null, text: '', stop: false, thinking: null, actionBar: false };
    state = settle(state, { ...seen, ...look });
    return verdictOf(state, RULES);
  });
}

/** The same look every `everyMs`, for `forMs` in all. */
function held(look: Look, forMs: number, everyMs = 400): [number, Look][] {
  return Array.from({ length: Math.floor(forMs / everyMs) + 1 }, () => [everyMs, look]);
}

const lastVerdict = (looks: readonly (readonly [number, Look])[]): Verdict | undefined =>
  verdicts(looks).at(-1);

describe('an answer has ended', () => {
  it('when the bar stands under it and nothing changed for three looks and 1.2 s', () => {
    expect(verdicts([...held(WRITING, 800), ...held(DONE, 1_200)])).toEqual([
      'going',
      'going',
      'going',
      'going',
      'going',
      'going',
      'finished',
    ]);
  });

  it('not after 1.2 s in two looks only', () => {
    expect(
      lastVerdict([
        [0, DONE],
        [2_000, DONE],
      ]),
    ).toBe('going');
    expect(
      lastVerdict([
        [0, DONE],
        [2_000, DONE],
        [1, DONE],
      ]),
    ).toBe('finished');
  });

  it('not after many looks in less than 1.2 s', () => {
    expect(lastVerdict(held(DONE, 1_190, 10))).toBe('going');
  });

  it('without a bar only after five quiet seconds, and is marked', () => {
    const bare = { ...DONE, actionBar: false };
    expect(lastVerdict(held(bare, 4_800))).toBe('going');
    expect(lastVerdict(held(bare, 5_200))).toBe('finished_without_bar');
  });

  it('also when it is empty, if the page says that it is the end', () => {
    expect(lastVerdict(held({ turnKey: 't1', actionBar: true }, 1_600))).toBe('finished');
  });
});

describe('an answer goes on', () => {
  it.each<[string, Look]>([
    ['while the stop control is shown, bar or not', { ...DONE, stop: true }],
    ['while it thinks', { ...DONE, thinking: 'Thinking' }],
    ['while there is no turn', { actionBar: true, text: 'of another turn' }],
    ['while it has not begun', { turnKey: 't1' }],
  ])('%s', (_name, look) => {
    expect(lastVerdict(held(look, 600_000, 5_000))).toBe('going');
  });

  it('after a preamble that a shorter answer replaces', () => {
    const preamble = { turnKey: 't1', text: 'Let me look at that for you.' };
    const looks = verdicts([
      ...held({ ...preamble, stop: true }, 20_000),
      ...held({ ...preamble, actionBar: true }, 800),
      ...held({ turnKey: 't1', text: 'Yes.', stop: true }, 800),
      ...held({ turnKey: 't1', text: 'Yes.', actionBar: true }, 800),
    ]);
    expect(new Set(looks)).toEqual(new Set(['going']));
  });

  it('when the bar only flashed by', () => {
    const flashing = Array.from({ length: 20 }, (_, i): [number, Look] => [
      400,
      { turnKey: 't1', text: 'Hello', actionBar: i % 3 === 0 },
    ]);
    expect(new Set(verdicts(flashing))).toEqual(new Set(['going']));
  });

  it('when the text grows while a bar is shown', () => {
    const growing = Array.from({ length: 20 }, (_, i): [number, Look] => [
      400,
      { ...DONE, text: 'x'.repeat(i) },
    ]);
    expect(new Set(verdicts(growing))).toEqual(new Set(['going']));
  });

  it('through a pause of a minute with the stop control', () => {
    expect(lastVerdict([...held(WRITING, 60_000), ...held(DONE, 800)])).toBe('going');
  });

  it('when the turn vanishes and comes back under another key', () => {
    const again = { ...DONE, turnKey: 't2' };
    const looks = [...held(DONE, 800), [400, {}] as const, ...held(again, 800)];
    expect(new Set(verdicts(looks))).toEqual(new Set(['going']));
    expect(lastVerdict([...looks, [400, again]])).toBe('finished');
  });
});

describe('silence', () => {
  it('is counted from the last change of anything', () => {
    const look = (atMs: number, more: Look): Observation => ({
      atMs,
      turnKey: 't1',
      text: '',
      stop: true,
      thinking: 'Thinking',
      actionBar: false,
      ...more,
    });
    const first = settle(null, look(0, {}));
    const second = settle(first, look(900, {}));
    const third = settle(second, look(1_000, { thinking: 'Reading the web' }));
    expect([first, second, third].map(silentMs)).toEqual([0, 900, 0]);
  });
});
