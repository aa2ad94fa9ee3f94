import { expect, it } from 'vitest';
import { parseFilter, passes } from '../../../src/adapters/embedded/realtime/filter.ts';
import { containing } from '../../support/matchers.ts';

function matches(text: string, record: Record<string, unknown>): boolean {
  const filter = parseFilter(text, ['id', 'status']);
  if (!filter.ok) throw new Error(filter.error.reason);
  return passes(filter.value, record);
}

it.each([
  ['status=eq.flagged', true],
  ['status=eq.blocked', false],
  ['status=eq."flagged"', true],
  ['status=neq.flagged', false],
  ['status=neq.blocked', true],
  ['status=in.(new,flagged)', true],
  ['status=in.("a,b",new)', false],
  ['status=not.in.(new,flagged)', false],
  ['status=not.eq.new', true],
  ['id=eq.7', true],
  ['id=in.(6,7),status=eq.flagged', true],
  ['id=eq.7,status=eq.new', false],
])('%s', (text, expected) => {
  expect(matches(text, { id: 7, status: 'flagged' })).toBe(expected);
});

it('reads quoted values with commas, parentheses and escapes', () => {
  expect(matches('status=in.("a,b","c)","say \\"hi\\"")', { status: 'a,b' })).toBe(true);
  expect(matches('status=in.("a,b","c)","say \\"hi\\"")', { status: 'c)' })).toBe(true);
  expect(matches('status=eq."say \\"hi\\""', { status: 'say "hi"' })).toBe(true);
  expect(matches('status=eq.a.b=c', { status: 'a.b=c' })).toBe(true);
});

it('compares null with nothing, as SQL does', () => {
  expect(matches('status=eq.flagged', { status: null })).toBe(false);
  expect(matches('status=neq.flagged', { status: null })).toBe(false);
  expect(matches('status=not.eq.flagged', {})).toBe(false);
});

it.each(['status=like.fl%', 'status', 'status=gt.3', '', 'plan=eq.x'])(
  'refuses %j with a reason',
  (text) => {
    const filter = parseFilter(text, ['id', 'status']);
    expect(filter).toMatchObject({
      ok: false,
      error: { reason: containing('filter') },
    });
  },
);
