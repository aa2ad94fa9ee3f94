import { describe, expect, it } from 'vitest';
import { CRASH_PHASES, CRASH_POINTS, parseCrashOrder } from '../../../src/core/crash-points.ts';
import { parseConfig } from '../../../src/config.ts';

describe('an order to crash', () => {
  it('names a point, a phase and which time it is reached', () => {
    expect(parseCrashOrder('append_sent:plan:2')).toEqual({
      do: 'kill',
      point: 'append_sent',
      phase: 'plan',
      nth: 2,
    });
    for (const point of Object.keys(CRASH_POINTS)) {
      for (const phase of CRASH_PHASES) {
        expect(parseCrashOrder(`${point}:${phase}:1`)).toMatchObject({ point, phase, nth: 1 });
      }
    }
  });

  it('may ask for a list of the points instead', () => {
    expect(parseCrashOrder('trace:/tmp/points')).toEqual({ do: 'trace', file: '/tmp/points' });
  });

  it.each([
    '',
    'append_sent',
    'append_sent:plan',
    'append_sent:plan:0',
    'append_sent:plan:x',
    'append_sent:plan:1:1',
    'append_sent:nowhere:1',
    'nothing:plan:1',
    'toString:plan:1',
  ])('is nothing else: %j', (text) => {
    expect(parseCrashOrder(text)).toBeNull();
  });

  it('comes from the environment, where a wrong one is named', () => {
    expect(parseConfig({}, '/')).toMatchObject({ crashOrder: null });
    const armed = parseConfig({ PLANLINE_CRASH_AT: 'claimed:begin:1' }, '/');
    expect(armed.crashOrder).toMatchObject({ point: 'claimed' });
    expect(() => parseConfig({ PLANLINE_CRASH_AT: 'claimed' }, '/')).toThrow(/PLANLINE_CRASH_AT/);
  });
});
