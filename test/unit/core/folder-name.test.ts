import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderNameOf, isHashedName, leadIdOf } from '../../../src/core/folder-name.ts';

/** What every common file system takes: no dot, no separator, no device, no case to be lost. */
const SAFE_NAME = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9_=-]{1,120}$/;

const AWKWARD = [
  '',
  '.',
  '..',
  '../../etc',
  'a/b',
  'a\\b',
  'C:\\x',
  'a.',
  'a ',
  ' a',
  'CON',
  'con',
  'nul',
  'COM1',
  'lpt9',
  'con.txt',
  'a\0b',
  'a\nb',
  'č. 42',
  '🎓',
  '\ud83c',
  '\ufffd',
  '=',
  '==',
  '=41',
  '=u0041',
  'A',
  'a',
  '%2e%2e',
  '~',
  '.gitkeep',
];

describe('folderNameOf', () => {
  it.each(['0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e', '42', '-7', '9223372036854775807', 'lead_a-1'])(
    'keeps %s as it is',
    (id) => {
      expect(folderNameOf(id)).toBe(id);
      expect(leadIdOf(id)).toBe(id);
    },
  );

  it.each(AWKWARD)('makes a safe name of %j and reads it back', (id) => {
    expect(folderNameOf(id)).toMatch(SAFE_NAME);
    expect(leadIdOf(folderNameOf(id))).toBe(id);
  });

  it('gives different ids different names, also where case is ignored', () => {
    const names = AWKWARD.map((id) => folderNameOf(id).toLowerCase());
    expect(new Set(names).size).toBe(AWKWARD.length);
  });

  it('says what it does to single characters', () => {
    expect(folderNameOf('../a')).toBe('=2e=2e=2fa');
    expect(folderNameOf('A')).toBe('=41');
    expect(folderNameOf('con')).toBe('=63on');
    expect(folderNameOf('ž')).toBe('=u017e');
  });

  it('bounds very long ids by a hash that differs with the last character', () => {
    const [one, two] = [`${'x'.repeat(500)}1`, `${'x'.repeat(500)}2`];
    expect(folderNameOf(one)).toMatch(SAFE_NAME);
    expect(folderNameOf(one)).not.toBe(folderNameOf(two));
    expect(isHashedName(folderNameOf(one))).toBe(true);
    expect(leadIdOf(folderNameOf(one))).toBeNull();
  });

  it('is safe, reversible and free of collisions for any string', () => {
    const anyId = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(anyId, anyId, (one, two) => {
        const name = folderNameOf(one);
        expect(name).toMatch(SAFE_NAME);
        expect(leadIdOf(name)).toBe(isHashedName(name) ? null : one);
        expect(name === folderNameOf(two)).toBe(one === two);
      }),
    );
  });
});

describe('leadIdOf', () => {
  it.each([
    '',
    '.',
    '..',
    '.gitkeep',
    'A',
    'Report',
    'con',
    '=4',
    '=zz',
    '=61',
    '=u0041',
    'a b',
    '==',
  ])('is null for %j, which no id has as its name', (name) => {
    expect(leadIdOf(name)).toBeNull();
  });
});
