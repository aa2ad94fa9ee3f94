import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageCode, languageName } from '../../../src/core/language.ts';
import { profile, withCanonicalKeys } from '../../../src/core/profile.ts';
import type { Profile } from '../../../src/core/profile.ts';

function read(value: object): Profile {
  return profile.parse(withCanonicalKeys(value));
}

const EMPTY = {
  name: null,
  age: null,
  language: null,
  situation: null,
  education: null,
  experience: null,
  skills: [],
  interests: [],
  strengths: [],
  constraints: [],
  goals: [],
  target_role: null,
  weekly_hours: null,
  notes: null,
};

describe('a profile', () => {
  it('has every key, unknown ones null or empty', () => {
    expect(read({})).toEqual(EMPTY);
    expect(
      read({ name: ' ', age: 'unknown', skills: null, notes: 'N/A', goals: [null, '', '-'] }),
    ).toEqual(EMPTY);
  });

  it('keeps keys of the model’s own as they are', () => {
    expect(read({ name: 'Anna', 'Driving licence': ['B'], x: { y: null } })).toEqual({
      ...EMPTY,
      name: 'Anna',
      'Driving licence': ['B'],
      x: { y: null },
    });
  });

  it('knows its keys in other spellings; the right one wins', () => {
    expect(
      read({ Name: 'Anna', targetRole: 'tester', 'Weekly hours': 5, 'weekly-hours': 6 }),
    ).toEqual({
      ...EMPTY,
      name: 'Anna',
      target_role: 'tester',
      weekly_hours: 6,
    });
    expect(read({ name: 'Anna', NAME: 'Eva' }).name).toBe('Anna');
  });

  it.each([
    ['28', 28],
    [28, 28],
    ['28 rokov', 28],
    ['asi 7,5 hodiny', 7.5],
    ['10–15', '10–15'],
    ['veľa', 'veľa'],
    ['', null],
    [null, null],
    [[8], 8],
  ])('reads the number %j as %j', (given, expected) => {
    expect(read({ age: given, weekly_hours: given })).toEqual({
      ...EMPTY,
      age: expected,
      weekly_hours: expected,
    });
  });

  it.each([
    ['HTML', ['HTML']],
    ['Nájsť prácu, najlepšie na diaľku', ['Nájsť prácu, najlepšie na diaľku']],
    ['- HTML\n- CSS', ['HTML', 'CSS']],
    ['1. HTML; 2. CSS', ['HTML', 'CSS']],
    ['• HTML • C#', ['HTML', 'C#']],
    [
      ['HTML', 5, null, ' '],
      ['HTML', '5'],
    ],
    [
      [{ name: 'SQL', level: 'basic' }, ['a', 'b']],
      ['SQL, basic', 'a; b'],
    ],
    [{ SQL: 'basic', HTML: true }, ['SQL: basic', 'HTML']],
    [[], []],
  ])('reads the list %j as %j', (given, expected) => {
    expect(read({ skills: given }).skills).toEqual(expected);
  });

  it.each([
    [['Gymnázium', 'VŠ'], 'Gymnázium; VŠ'],
    [{ school: 'Gymnázium', year_finished: 2019 }, 'school: Gymnázium; year finished: 2019'],
    [true, 'true'],
    [3, '3'],
  ])('reads the text %j as %j', (given, expected) => {
    expect(read({ education: given }).education).toBe(expected);
  });

  it('can be made of any JSON object, and is stable', () => {
    const keys = fc.constantFrom('name', 'age', 'skills', 'weeklyHours', 'notes', 'x');
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (value) => {
        const once = read(value);
        expect(read(once)).toEqual(once);
      }),
    );
  });
});

describe('languageCode', () => {
  it.each([
    ['sk', 'sk'],
    ['SK', 'sk'],
    ['sk-SK', 'sk'],
    ['sk_SK', 'sk'],
    ['Slovak', 'sk'],
    ['slovenčina', 'sk'],
    ['Slovak (sk-SK)', 'sk'],
    ['po slovensky', 'sk'],
    ['slovenščina', 'sl'],
    ['čeština', 'cs'],
    ['English', 'en'],
    ['angličtina', 'en'],
    ['English, advanced', 'en'],
    ['Deutsch', 'de'],
    ['українська', 'uk'],
    ['中文', 'zh'],
    ['magyar', 'hu'],
    ['Slovak (SK)', 'sk'],
    ['EN (British)', 'en'],
    ['čeština [cs], formal', 'cs'],
    ['lessons in English', 'en'],
    ['English (UK)', 'en'],
    ['French (CA)', 'fr'],
    ['jazyk [sk]', 'sk'],
    ['Slovak (native), wants lessons in English', null],
    ['EN (mother tongue Slovak)', null],
    ['Slovenčina (lekcie v angličtine)', null],
    ['Slovak and English', null],
    ['english; slovak', null],
    ['Klingon', null],
    ['not stated', null],
    ['', null],
    [null, null],
  ])('of %j is %j', (text, code) => {
    expect(languageCode(text)).toBe(code);
  });

  it('has a name for every code it gives', () => {
    expect(languageName('sk')).toBe('Slovak');
    expect(languageName('xx')).toBeNull();
  });
});
