import { describe, expect, it } from 'vitest';
import { createScrubber } from '../../../src/core/scrub.ts';

const scrubber = createScrubber([]);
const value = (original: unknown): unknown => scrubber.value(original);

describe('values', () => {
  it('are scrubbed at every depth, keys too; numbers and ids stay', () => {
    const when = new Date('2026-11-23T17:45:01.000Z');
    expect(
      value({
        id: 9007199254740993n,
        n: 421905123456,
        when,
        url: new URL('https://u:p@x.example/'),
        list: ['jana@example.org', { 'jana@example.org': [null, true, Number.NaN] }],
        map: new Map([[1, new Set(['0905 123 456'])]]),
        bytes: new Uint8Array(3),
        nothing: undefined,
        act: () => 1,
        password: 'x',
        headers: { 'Set-Cookie': 'a=b', 'x-api-key': 'k' },
        max_tokens: 5,
      }),
    ).toEqual({
      id: '9007199254740993',
      n: 421905123456,
      when: '2026-11-23T17:45:01.000Z',
      url: 'https://[secret]@x.example/',
      list: ['[email]', { '[email]': [null, true, 'NaN'] }],
      map: { '1': ['[phone]'] },
      bytes: '[3 bytes]',
      password: '[secret]',
      headers: { 'Set-Cookie': '[secret]', 'x-api-key': '[secret]' },
      max_tokens: 5,
    });
  });

  it('of errors keep type, code, stack and causes', () => {
    const cause = Object.assign(new TypeError('fetch to jana@example.org failed'), { code: 'E1' });
    const error = new AggregateError([new Error('call 0905 123 456')], 'sk-abc123456789', {
      cause,
    });
    expect(value({ err: error })).toMatchObject({
      err: {
        type: 'AggregateError',
        message: '[secret]',
        errors: [{ type: 'Error', message: 'call [phone]' }],
        cause: { type: 'TypeError', message: 'fetch to [email] failed', code: 'E1' },
      },
    });
    expect(JSON.stringify(value(error))).toContain('"stack":"AggregateError: [secret]\\n    at ');
    expect(JSON.stringify(value(error))).not.toMatch(/jana|0905|abc123/);
  });

  it('that are circular, endless or unreadable come out all the same', () => {
    const circular: Record<string, unknown> = { n: 1 };
    circular['self'] = circular;
    const shared = { a: 1 };
    const deep = Array.from({ length: 50 }).reduce<unknown>((inner) => ({ inner }), 'end');
    const hostile = {
      get boom() {
        throw new RangeError('no');
      },
    };
    expect(value(circular)).toEqual({ n: 1, self: '[circular]' });
    expect(value([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
    expect(JSON.stringify(value(deep))).toContain('[deeper]');
    expect(value({ hostile })).toEqual({ hostile: '[unreadable: RangeError]' });
    expect(value(JSON.parse('{"__proto__":{"x":1}}'))).toEqual(JSON.parse('{"__proto__":{"x":1}}'));
    expect(value([new Date(Number.NaN), Symbol('s')])).toEqual([null, 'Symbol(s)']);
  });
});
