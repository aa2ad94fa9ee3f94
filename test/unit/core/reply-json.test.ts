import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractJson } from '../../../src/core/reply/extract-json.ts';
import { WRAPPINGS } from './reply-wrappings.ts';

const PROFILE = {
  name: 'Žofia „Žofka“ O’Neil',
  age: 28,
  skills: ['C#', 'a {brace} and [bracket]', 'R\\D'],
  notes: 'line one\nline two — „áno“, “yes”: {x}',
  extra: { nested: { deep: [1, 2.5, -3e2, true, null] } },
  goals: [],
};
const PRETTY = JSON.stringify(PROFILE, null, 2);

function valueOf(reply: string): unknown {
  const result = extractJson(reply);
  return result.ok ? result.value : `refused: ${result.error.reason}`;
}

function reasonOf(reply: string): string {
  const result = extractJson(reply);
  return result.ok ? `accepted: ${JSON.stringify(result.value)}` : result.error.reason;
}

describe('extractJson', () => {
  it.each(Object.entries(WRAPPINGS))('reads an object with %s', (_name, wrap) => {
    expect(valueOf(wrap(PRETTY))).toEqual(PROFILE);
  });

  it('reads any JSON object as JSON.parse does', () => {
    const objects = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(objects, (object) => {
        fc.pre(
          !/&|__proto__|[\uE200-\uE202\uFEFF\u200B-\u200D\u2060【]|\\u0000/.test(
            JSON.stringify(object),
          ),
        );
        const clean: unknown = JSON.parse(JSON.stringify(object));
        expect(valueOf(JSON.stringify(object, null, 1))).toEqual(clean);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      'smart quotes',
      '{“name”: “Anna “Anička” Nová”, „skills“: [„x“, ”y”]}',
      { name: 'Anna “Anička” Nová', skills: ['x', 'y'] },
    ],
    [
      'a quote before a comma inside plain quotes',
      '{"notes": "povedal „áno“, a šiel"}',
      { notes: 'povedal „áno“, a šiel' },
    ],
    ['single quotes', "{'name': 'it's fine', 'n': 1}", { name: "it's fine", n: 1 }],
    ['guillemets', '{«name»: «Anna»}', { name: 'Anna' }],
    ['trailing commas', '{"a": [1, 2,], "b": {"c": 3,},}', { a: [1, 2], b: { c: 3 } }],
    ['comments', '{"a": 1, // the first\n /* second */ "b": "http://x"}', { a: 1, b: 'http://x' }],
    ['bare keys', '{name: "Anna", target_role: null}', { name: 'Anna', target_role: null }],
    ['Python literals', '{"a": None, "b": True, "c": False}', { a: null, b: true, c: false }],
    ['raw line breaks in a string', '{"a": "one\ntwo"}', { a: 'one\ntwo' }],
    ['no-break spaces between tokens', '{\u00A0"a":\u00A01,\u00A0"b":\u20092 }', { a: 1, b: 2 }],
    ['zero width characters between tokens', '\u200B{\u200B"a"\uFEFF: 1}', { a: 1 }],
    [
      'citation marks in a value',
      '{"a": "text\uE200cite\uE202turn0search1\uE201 end【3†source】"}',
      { a: 'text end' },
    ],
    [
      'a named entity mark',
      '{"a": "in \uE200entity\uE202["city","Nitra","x"]\uE201 now"}',
      { a: 'in Nitra now' },
    ],
    ['entities in values', '{"a": "R&amp;D &lt;3 &#8211;"}', { a: 'R&D <3 –' }],
    [
      'NUL and half surrogates as escapes',
      '{"a\\u0000": "x\\u0000y \\ud83d z \\ud83d\\ude00"}',
      { a: 'xy \uFFFD z 😀' },
    ],
    ['an array around', '[{"a": 1}]', { a: 1 }],
    ['braces in prose', 'Use {braces} or {} like "{this}". {"a": 1} {note}', { a: 1 }],
    ['a schema first', 'Shape: {"a": null}\n{"a": 1, "b": 2}', { a: 1, b: 2 }],
    ['a correction after', '{"a": 1}\nSorry, rather:\n{"a": 2}', { a: 2 }],
    ['__proto__ as a key', '{"__proto__": {"x": 1}, "a": 1}', { a: 1 }],
  ])('copes with %s', (_name, reply, expected) => {
    expect(valueOf(reply)).toEqual(expected);
  });

  it('takes the complete one of two, whichever comes first', () => {
    const cut = PRETTY.slice(0, 120);
    expect(valueOf(`${cut}\n\nSorry, once more:\n\n${PRETTY}`)).toEqual(PROFILE);
    expect(valueOf(`\`\`\`json\n${cut}\n\`\`\`\nAgain:\n\`\`\`json\n${PRETTY}\n\`\`\``)).toEqual(
      PROFILE,
    );
    expect(valueOf(`\`\`\`json\n${PRETTY}\n\`\`\`\nAgain:\n\`\`\`json\n${cut}`)).toEqual(PROFILE);
  });

  it('never completes a cut reply, wherever it is cut', () => {
    for (let length = 12; length < PRETTY.length; length += 1) {
      expect(reasonOf(PRETTY.slice(0, length)), `cut after ${length}`).toMatch(
        /^the JSON is incomplete/,
      );
    }
    expect(reasonOf(PRETTY.slice(0, 1))).toMatch(/^the JSON is incomplete/);
  });

  it.each([
    ['an empty reply', ' \n\u200B', 'the reply is empty; a JSON object was asked for'],
    ['prose', 'I cannot do that.', 'the reply holds no JSON object; one was asked for, alone'],
    ['a list', '["a", "b"]', 'the reply holds no JSON object; one was asked for, alone'],
    [
      'a cut object',
      'Here:\n{"a": {"b": 1}, "c": "x',
      'the JSON is incomplete: the reply ends before the object that begins at line 2, column 1 is closed',
    ],
    [
      'an unescaped quote',
      '{"a": 1,\n "notes": "said "hi" to me"}',
      'the JSON cannot be read at line 2, column 18: a comma or a closing brace was expected',
    ],
    [
      'a bad escape',
      '{"a": "\\u00zz"}',
      'the JSON cannot be read at line 1, column 9: an escape \\u needs four hexadecimal digits',
    ],
  ])('says what is wrong with %s', (_name, reply, reason) => {
    expect(reasonOf(reply)).toBe(reason);
  });

  it('does not take a part of a broken object for the whole', () => {
    expect(reasonOf('{"name": Anna, "extra": {"name": "x", "age": 3}}')).toContain(
      'cannot be read',
    );
    expect(reasonOf('{"list": [{"a": 1}, {"b": 2}], "c": oops}')).toContain('cannot be read');
  });

  it('refuses what nests without end instead of overflowing', () => {
    expect(extractJson('{"a":'.repeat(50_000)).ok).toBe(false);
    expect(extractJson('{"a":['.repeat(50_000)).ok).toBe(false);
    expect(extractJson('{'.repeat(100_000)).ok).toBe(false);
  });

  it('finds no crash in any text', () => {
    const tokens = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '“',
      "'",
      ':',
      ',',
      '\\',
      '\\u',
      '1',
      'a',
      '```\n',
      '//',
      '/*',
      '&quot;',
      '\uE200',
      '【',
      '\n',
      '\uD800',
    );
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 60 }), (parts) => {
        const result = extractJson(parts.join(''));
        expect(result.ok ? typeof result.value : typeof result.error.reason).toMatch(
          /object|string/,
        );
      }),
      { numRuns: 2000 },
    );
  });
});
