import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFences, unwrapFence } from '../../../src/core/reply/fences.ts';
import {
  decodeEntities,
  lengthInWords,
  normalizeReply,
  placeOf,
  tidyReply,
} from '../../../src/core/reply/normalize.ts';
import { escapeOnce } from './reply-wrappings.ts';

describe('normalizeReply', () => {
  it('gives text that PostgreSQL can hold, and touches nothing else', () => {
    expect(normalizeReply('a\0b\uD83D c\uDE00 😀\r\n\uFEFF\u200B')).toBe(
      'ab\uFFFD c\uFFFD 😀\r\n\uFEFF\u200B',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const normal = normalizeReply(text);
        expect(normal.isWellFormed()).toBe(true);
        expect(normal).not.toContain('\0');
        expect(normalizeReply(normal)).toBe(normal);
        expect(normal).toBe(text.toWellFormed().split('\0').join(''));
      }),
    );
  });
});

describe('tidyReply', () => {
  it.each([
    ['line ends', 'a\r\nb\rc\n', 'a\nb\nc\n'],
    ['what cannot be seen', '\uFEFFa\u200Bb\u2060c', 'abc'],
    [
      'joiners between ASCII, not in emoji and words',
      'a\u200Db <\u200Cp 👩\u200D💻 می\u200Cخواهم',
      'ab <p 👩\u200D💻 می\u200Cخواهم',
    ],
    ['joiners beside spaces of any kind', '\u00A0\u200D{\u2003\u200C', '\u00A0{\u2003'],
    ['citations', 'a【12†source】b【3】c【4:0†x.pdf】', 'abc'],
    ['no other brackets of that kind', '【重要】【a 1】', '【重要】【a 1】'],
    [
      'no numbers of headings and items',
      '<h2>【1】自己分析</h2>\n【2】を読む。詳しくは【3】へ',
      '<h2>【1】自己分析</h2>\n【2】を読む。詳しくは【3】へ',
    ],
    ['citations after marks', '<b>5 %</b> 【3】.', '<b>5 %</b> .'],
    [
      'no citations within code',
      'Delete <code>【12†source】</code> and `【3】`, not a【3】.',
      'Delete <code>【12†source】</code> and `【3】`, not a.',
    ],
    [
      'citations that lost their signs',
      'a :contentReference[oaicite:0]{index=0}. b citeturn0search0turn0search3. c turn1view0',
      'a . b . c ',
    ],
    [
      'no words that only look like them',
      'turn0 return1view2 turn0search',
      'turn0 return1view2 turn0search',
    ],
    ['marks', 'a\uE200cite\uE202turn0search1\uE202turn2view3\uE201b', 'ab'],
    [
      'marks with a name',
      '\uE200entity\uE202["person","Anna","x"]\uE201 \uE200url\uE202Stránka\uE202turn0\uE201',
      'Anna Stránka',
    ],
    ['a cut mark', 'a\uE200cite\uE202turn0sea', 'a'],
    ['lone private characters', 'a\uE201b\uE202c', 'abc'],
  ])('tidies %s', (_name, text, tidy) => {
    expect(tidyReply(text)).toBe(tidy);
  });

  it('keeps no-break spaces, letters and signs of every script', () => {
    const kept = 'ľščťžýáíé\u00A0ß日本語 עברית ไทย 🇸🇰 e\u0301 … — „“';
    expect(tidyReply(kept)).toBe(kept);
  });
});

describe('lengthInWords', () => {
  it.each([
    ['Päť slov, ktoré majú medzery.', 5],
    ['毎朝パンを焼いて店に並べる。', 7],
    ['ทุกเช้าฉันอบขนมปัง', 9],
    ['Slovo 五文字です', 4],
    ['', 0],
  ])('of %j is %j', (text, words) => {
    expect(lengthInWords(text)).toBe(words);
  });
});

describe('decodeEntities', () => {
  it('undoes exactly one layer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeEntities(escapeOnce(text))).toBe(text);
      }),
    );
    expect(decodeEntities('&#65;&#x1F600;&apos;&nbsp;')).toBe("A😀'\u00A0");
  });

  it('leaves what is no character', () => {
    expect(decodeEntities('&#0; &#xD800; &#9999999; &foo; &amp')).toBe(
      '&#0; &#xD800; &#9999999; &foo; &amp',
    );
  });
});

describe('findFences', () => {
  it('reads fences of backticks and tildes with their tags', () => {
    const text = 'a\n```js\nb\n```\n~~~~ XML title\nc\n~~~\n~~~~\nd\n   ```\ne';
    expect(findFences(text).map(({ tag, content, closed }) => [tag, content, closed])).toEqual([
      ['js', 'b\n', true],
      ['xml', 'c\n~~~\n', true],
      ['', 'e', false],
    ]);
  });

  it('tells where they stand', () => {
    const text = 'a\n```\nb\n```\nc';
    const [fence] = findFences(text);
    expect(text.slice(fence?.start, fence?.end)).toBe('```\nb\n```\n');
  });

  it('takes inline code for no fence', () => {
    expect(findFences('``` code ``` here\n`x`')).toEqual([]);
  });
});

describe('unwrapFence', () => {
  const WORDS = 'slovo '.repeat(40).trim();

  it.each([
    ['```markdown\n# A\n\ntext\n```', '# A\n\ntext'],
    ['````\n# A\n```js\nx\n```\n````', '# A\n```js\nx\n```'],
    ['```md\n# A\n```js\nx\n```\nb\n```', '# A\n```js\nx\n```\nb'],
    ['```js\na\n```\ntext\n```js\nb\n```', '```js\na\n```\ntext\n```js\nb\n```'],
    ['text here\n```\na\n```', 'text here\n```\na\n```'],
    ['```\nunclosed', '```\nunclosed'],
    [
      `Sure:\n\`\`\`markdown\n${WORDS}\n\`\`\`js\nx\n\`\`\`\n\`\`\`\nShall I go on?`,
      `${WORDS}\n\`\`\`js\nx\n\`\`\``,
    ],
    [`\`\`\`python\n${WORDS}\n\`\`\``, `\`\`\`python\n${WORDS}\n\`\`\``],
    [`${WORDS}\n\`\`\`\n${WORDS}\n\`\`\``, `${WORDS}\n\`\`\`\n${WORDS}\n\`\`\``],
  ])('%j', (text, inner) => {
    expect(unwrapFence(text)).toBe(inner);
  });
});

describe('placeOf', () => {
  it('counts lines and columns from 1', () => {
    expect(placeOf('ab\ncd', 0)).toBe('line 1, column 1');
    expect(placeOf('ab\ncd', 4)).toBe('line 2, column 2');
  });
});
