import { describe, expect, it } from 'vitest';
import { rehearsalReplies, DESCRIPTIONS } from '../../content/support/seeds.ts';
import type { Page } from '../../../src/core/page.ts';
import type { Result } from '../../../src/core/result.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import { findGarbage, judgePages } from '../../../src/steps/quality.ts';
import { lostWords } from '../../../src/steps/quality/loss.ts';
import { proseOfLesson, proseOfPage } from '../../../src/steps/quality/prose.ts';
import { checkLesson } from '../../../src/steps/stage2.ts';
import { checkPageReply } from '../../../src/steps/stage3.ts';
import { pageOf } from './support/pages.ts';

const REHEARSED = Object.entries(DESCRIPTIONS).map(([language, text]) =>
  rehearsalReplies(language, text),
);
const SLOVAK = REHEARSED.find(({ language }) => language === 'sk');
const [LESSON = ''] = SLOVAK?.lessons ?? [];
const [PAGE = ''] = SLOVAK?.pages ?? [];

/** The page without one of its parts, and a comment in its place. */
function withOmission(comment: string): string {
  return PAGE.replace(/<table>[\s\S]*<\/table>/, `<!-- ${comment} -->`);
}

function outcome(result: Result<string>): string {
  return result.ok ? 'accepted' : result.error.reason;
}

/** A page of the rehearsal with more in its main part, as the page that would be uploaded. */
function withMore(html: string): Page {
  return cleanPage(pageOf(PAGE.replace('</article>', `${html}</article>`), 'sk')).page;
}

function codesOf(page: Page): string[] {
  return judgePages([page], 'sk').map(({ code, count }) => `${code} ${count}`);
}

describe('what the rehearsal writes', () => {
  it.each(REHEARSED)('passes in $language', ({ language, lessons, pages }) => {
    expect(lessons.map((lesson) => outcome(checkLesson(lesson, language)))).toEqual(
      lessons.map(() => 'accepted'),
    );
    expect(
      pages.map((page, index) =>
        outcome(checkPageReply(page, { lesson: lessons[index] ?? '', language })),
      ),
    ).toEqual(pages.map(() => 'accepted'));
    const finished = pages.map((html, index) => cleanPage(pageOf(html, language, index + 1)).page);
    expect(judgePages(finished, language)).toEqual([]);
    expect(finished.flatMap((page, index) => lostWords(page, lessons[index] ?? ''))).toEqual([]);
  });
});

describe('garbage', () => {
  const texts = proseOfLesson(LESSON);

  it.each([
    ['en', 'the lesson is written in Slovak (sk); English (en) was asked for'],
    ['čeština', 'the lesson is written in Slovak (sk); Czech (cs) was asked for'],
    ['Hebrew', 'the lesson is written in Slovak (sk); Hebrew (he) was asked for'],
  ])('is a lesson in another language than %s', (language, reason) => {
    expect(findGarbage(texts, language, 'lesson')).toBe(reason);
  });

  it.each([null, 'Klingon', 'slovenčina', 'Welsh'])(
    'is not a lesson where %s was asked for',
    (language) => {
      expect(findGarbage(texts, language, 'lesson')).toBeNull();
    },
  );

  it('is not a lesson that quotes another language, nor a short one', () => {
    const english = proseOfLesson(
      REHEARSED.find(({ language }) => language === 'en')?.lessons[0] ?? '',
    );
    expect(findGarbage([...texts, ...english], 'sk', 'lesson')).toBeNull();
    expect(findGarbage(['Read the first chapter and write down why.'], 'sk', 'lesson')).toBeNull();
  });

  it('is not a text that no detector can read', () => {
    for (const text of [
      'ᏣᎳᎩ '.repeat(300),
      '&amp;'.repeat(2_000),
      '1 2 3 '.repeat(500),
      '🙂'.repeat(900),
    ]) {
      expect(findGarbage([text], 'sk', 'lesson')).toBeNull();
    }
  });

  it('is filler, but not a lesson about filler', () => {
    const filler =
      'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut ' +
      'labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco.';
    expect(findGarbage([filler, filler], null, 'page')).toBe(
      'the page is filled with lorem ipsum instead of text',
    );
    expect(findGarbage([...texts, filler], null, 'page')).toBeNull();
  });

  it('is a line that comes again and again, but not a table of equal cells', () => {
    const line = 'Prečítaj si prvú kapitolu a napíš, prečo je dôležitá.';
    expect(
      findGarbage(
        Array.from({ length: 12 }, () => line),
        null,
        'lesson',
      ),
    ).toBe('the lesson says one and the same line 12 times');
    expect(
      findGarbage(
        Array.from({ length: 40 }, () => 'áno'),
        null,
        'lesson',
      ),
    ).toBeNull();
  });
});

describe('checkPageReply', () => {
  it.each([
    ['a whole page', PAGE, 'accepted'],
    [
      'a summary',
      '<html><body><h1>Lekcia</h1><p>Prečítaj si prvú kapitolu a napíš si, prečo je pre teba dôležitá a čo z nej ' +
        'použiješ už tento týždeň pri svojej práci.</p></body></html>',
      'the page has 24 words, the lesson 406; every sentence of it was asked for',
    ],
    [
      'a comment in place of a part',
      withOmission('zvyšok lekcie'),
      'a comment stands where a part of the page should; the whole page was asked for',
    ],
    ['a part that is left out without a word', withOmission('main part'), 'accepted'],
    ...['REST API', 'Continue with the exercises', 'Remaining time of a sprint'].map(
      (words): [string, string, string] => [
        `a comment that names a part, ${words}`,
        withOmission(words),
        'accepted',
      ],
    ),
    ...[
      'Krok 3: Súbor → Uložiť ako…',
      'Section: the rest day',
      'Pokračujeme cvičeniami',
      'Placeholder text in forms',
      'Part 2: unchanged habits',
    ].map((words): [string, string, string] => [
      `a comment in a whole page, ${words}`,
      PAGE.replace('</article>', `<!-- ${words} --></article>`),
      'accepted',
    ]),
    ...['rest of the lesson', 'the rest', 'remaining sections here', '…'].map(
      (words): [string, string, string] => [
        `a comment in place of a part, ${words}`,
        withOmission(words),
        'a comment stands where a part of the page should; the whole page was asked for',
      ],
    ),
    ['a refusal', 'Nemôžem.', expect.stringContaining('text without an HTML page')],
  ])('judges %s', (_name, reply, expected) => {
    expect(outcome(checkPageReply(reply, { lesson: LESSON, language: 'sk' }))).toEqual(expected);
  });

  it('takes a comment at its word where the lesson is not known', () => {
    const page = PAGE.replace('</article>', '<!-- zvyšok lekcie --></article>');
    expect(outcome(checkPageReply(page, { lesson: null, language: 'sk' }))).toContain('a comment');
  });

  it('refuses a translation, unless the lesson was taken in that language', () => {
    const input = { lesson: LESSON, language: 'en' };
    expect(outcome(checkPageReply(PAGE, input))).toBe('accepted');
    expect(outcome(checkPageReply(PAGE, { ...input, lesson: null }))).toBe(
      'the page is written in Slovak (sk); English (en) was asked for',
    );
  });

  it('wants some words also where the lesson is not known', () => {
    expect(
      outcome(checkPageReply('<html><h1>A</h1><p>b</p></html>', { lesson: null, language: null })),
    ).toBe('the page has 2 words; the whole lesson was asked for');
  });
});

describe('words of the lesson', () => {
  const lesson = Array.from({ length: 20 }, (_, n) => `Slovo${n} **druhé** slovo \`tri\` štyri.`);
  const pageOfParts = (count: number): Page =>
    pageOf(`<p>${lesson.slice(0, count).join('</p><p>').replace(/[*`]/g, '')}</p>`, 'sk', 3);

  it.each([
    [9, [{ code: 'words_lost', page: 3, count: 55 }]],
    [16, [{ code: 'words_lost', page: 3, count: 20 }]],
    [17, []],
    [20, []],
  ])('are told of when %i of 20 parts are on the page', (count, warnings) => {
    expect(lostWords(pageOfParts(count), lesson.join('\n\n'))).toEqual(warnings);
  });

  it('are those that a page shows', () => {
    const markdown =
      '1. jeden\n2. dva\n\n```js\nrun();\n```\n\n[tri](https://www.w3.org/a-b/c "d"), šty**ri**\n';
    const html = '<ol><li>jeden<li>dva</ol><pre>run();</pre><p>tri, štyri</p>';
    expect(lostWords(pageOf(html, 'sk'), markdown)).toEqual([]);
    expect(lostWords(pageOf('<p>text</p>', 'sk'), '')).toEqual([]);
  });
});

describe('warnings', () => {
  it('are none for a page as it should be', () => {
    expect(
      codesOf(withMore('<h2>Ďalej</h2><p>Viac na <a href="https://www.w3.org/">W3C</a>.</p>')),
    ).toEqual([]);
  });

  it.each([
    ['a heading that skips a level', '<h2>a</h2><h4>b</h4><p>c</p>', ['heading_order 1']],
    ['a second first-level heading', '<h1>a</h1><p>c</p>', ['heading_order 1']],
    ['lorem', '<p>Lorem ipsum dolor sit amet.</p>', ['placeholder 1']],
    ['a placeholder of a template', '<p>[OBSAH] a [BLOK_N]</p>', ['placeholder 2']],
    ['what is still to be done', '<p>TODO: doplniť</p><p>{{ meno }}</p>', ['placeholder 2']],
    ['what was left out', '<p>[… ďalšie príklady]</p>', ['placeholder 1']],
    [
      'a link that leads nowhere',
      '<p><a href="https://example.com/x">kurz</a></p>',
      ['bad_link 1'],
    ],
    [
      'an address that breaks off',
      '<p><a href="https://www.w3.org/...">kurz</a></p>',
      ['bad_link 1'],
    ],
    ['an address of no host', '<p><a href="http://kurz/">kurz</a></p>', ['bad_link 1']],
    ['a mail address that is none', '<p><a href="mailto:anna">Anna</a></p>', ['bad_link 1']],
    ['a tag that shows', '<p>&lt;p class="x"&gt;text&lt;/p&gt;</p>', ['markup_left 2']],
    ['an entity that shows', '<p>R&amp;amp;D</p>', ['markup_left 1']],
    ['a table cell with signs', '<table><tr><td>**a<td><b>b</b></table>', ['markup_left 1']],
  ])('tell of %s', (_name, html, codes) => {
    expect(codesOf(withMore(html))).toEqual(codes);
  });

  it.each([
    ['tags in code', '<p>Značka <code>&lt;p&gt;</code> a <code>&amp;nbsp;</code></p>'],
    ['an ordinary bracket', '<p>[nepovinné] [1] a [Meno firmy] v liste</p>'],
    ['a todo list', '<p>Napíš si todo zoznam a TODO aplikáciu.</p>'],
    ['a mail address', '<p><a href="mailto:anna@firma.sk">Anna</a></p>'],
  ])('do not tell of %s', (_name, html) => {
    expect(codesOf(withMore(html))).toEqual([]);
  });

  it('tell of few words, with how many', () => {
    expect(codesOf(pageOf('<p>jeden dva tri</p><pre>štyri päť</pre>', 'sk'))).toEqual([
      'few_words 5',
    ]);
  });

  it('tell how much of a page is in another language', () => {
    const english = REHEARSED.find(({ language }) => language === 'en')?.pages[0] ?? '';
    const page = pageOf(english, 'sk');
    expect(codesOf(page)).toEqual(['other_language 100']);
    expect(proseOfPage(page).length).toBeGreaterThan(10);
  });

  it('tell which page is nearly the same as an earlier one, and only then', () => {
    const pages = (SLOVAK?.pages ?? []).map((html, index) => pageOf(html, 'sk', index + 1));
    const copy = { ...withMore('<p>Ešte jedna veta navyše.</p>'), page_index: 4 };
    expect(judgePages([...pages, copy], 'sk')).toEqual([
      { code: 'near_duplicate', page: 4, count: 1 },
    ]);
  });
});
