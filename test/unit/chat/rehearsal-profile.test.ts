import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessLanguage } from '../../../src/adapters/chat/rehearsal/language.ts';
import { LANGUAGES, PHRASES } from '../../../src/adapters/chat/rehearsal/phrases/index.ts';
import { profileOf } from '../../../src/adapters/chat/rehearsal/profile.ts';
import { LEADS } from '../../support/chat-leads.ts';

describe('guessLanguage', () => {
  it.each(LANGUAGES)('knows %s', (language) =>
    expect(guessLanguage(LEADS[language])).toBe(language),
  );

  it('knows Slovak and Czech without diacritics', () => {
    expect(
      guessLanguage('Som absolventka a chcem pracovat v IT, ale neviem ako zacat. Mam cas.'),
    ).toBe('sk');
    expect(guessLanguage('Jsem absolventka a chci pracovat v IT, ale nevim jak zacit.')).toBe('cs');
  });

  it.each(['', '12345', '漢字かな交じり文', '🙂🙂🙂', 'Kubernetes'])(
    'does not guess at %j',
    (text) => expect(guessLanguage(text)).toBeNull(),
  );

  it.each(LANGUAGES)('knows its own phrases in %s', (language) => {
    const { themes, intro, howTo } = PHRASES[language];
    const text = [...intro, ...howTo, ...themes.map(({ aim }) => aim)].join(' ');
    expect(guessLanguage(text)).toBe(language);
  });
});

describe('phrases', () => {
  it.each(LANGUAGES)(
    'of %s are complete: fifteen themes of three steps, nothing empty',
    (language) => {
      const { themes } = PHRASES[language];
      expect(themes).toHaveLength(15);
      expect(themes.map(({ steps }) => steps.length)).toEqual(Array.from({ length: 15 }, () => 3));
      expect(JSON.stringify(PHRASES[language])).not.toMatch(/""|\{(?!role|skill|interest)[a-z]+\}/);
      expect(new Set(themes.map(({ title }) => title)).size).toBe(15);
    },
  );
});

describe('profileOf', () => {
  it('picks out what a Slovak text says', () => {
    expect(profileOf(LEADS.sk)).toMatchObject({
      name: 'Zuzana Kováčová',
      age: 24,
      language: 'sk',
      weekly_hours: 8,
      target_role: 'grafickou dizajnérkou',
      interests: ['kreslenie', 'fotografovanie', 'káva'],
    });
    expect(profileOf(LEADS.sk).skills).toEqual(expect.arrayContaining(['Excel', 'Canva']));
    expect(profileOf(LEADS.sk).education).toContain('obchodnú akadémiu');
    expect(profileOf(LEADS.sk).constraints.join(' ')).toContain('nemám peniaze');
  });

  it('picks out what a Czech, an English and a German text say', () => {
    expect(profileOf(LEADS.cs)).toMatchObject({
      name: 'Jiří Dvořák',
      age: 31,
      language: 'cs',
      weekly_hours: 10,
      target_role: 'programátor',
      interests: ['šachy', 'programování'],
    });
    expect(profileOf(LEADS.en)).toMatchObject({
      name: 'Emma Clarke',
      age: 22,
      language: 'en',
      weekly_hours: 6,
      target_role: 'data analyst',
      interests: ['gardening', 'podcasts'],
    });
    expect(profileOf(LEADS.de)).toMatchObject({
      name: 'Jonas Weiß',
      age: 27,
      language: 'de',
      weekly_hours: 5,
      target_role: 'Bauzeichner',
      interests: ['Architektur', 'Musik'],
    });
  });

  it('leaves unknown what is not said', () => {
    expect(profileOf('???')).toMatchObject({
      name: null,
      age: null,
      language: null,
      skills: [],
      interests: [],
      goals: [],
      target_role: null,
      weekly_hours: null,
    });
  });

  it('does not take hours for an age', () => {
    expect(profileOf('Mám 12 hodín týždenne na učenie.')).toMatchObject({
      age: null,
      weekly_hours: 12,
    });
  });

  it('finds nothing that does not stand in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.nat(2), (text, at) => {
        const lead = `Baví ma ${text}. ${Object.values(LEADS)[at] ?? ''}`;
        const { skills, interests, goals, name } = profileOf(lead);
        const plain = lead.normalize('NFC').replace(/\s+/g, ' ');
        for (const item of [...skills, ...interests, ...goals, ...(name === null ? [] : [name])]) {
          expect(plain).toContain(item.replace(/…$/, ''));
        }
      }),
    );
  });
});
