import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractBloks } from '../../../src/core/reply/extract-bloks.ts';
import { WRAPPINGS } from './reply-wrappings.ts';

const COUNT = 15;

/** A block as models write it: Markdown, a fence, a comparison. */
function blockText(n: number): string {
  return `## Blok ${n}: Čo už viem\n\n- cieľ: **krok ${n}** & x > ${n}\n\n\`\`\`js\nrun(${n});\n\`\`\``;
}

const TEXTS = Array.from({ length: COUNT }, (_, index) => blockText(index + 1));

function block(n: number, text = blockText(n)): string {
  return `<blok-${n}>\n${text}\n</blok-${n}>`;
}

function planOf(numbers: readonly number[]): string {
  return numbers.map((n) => block(n)).join('\n\n');
}

const NUMBERS = Array.from({ length: COUNT }, (_, index) => index + 1);
const PLAN = planOf(NUMBERS);

function outcome(reply: string, count = COUNT): string[] | string {
  const result = extractBloks(reply, count);
  return result.ok ? result.value : result.error.reason;
}

describe('extractBloks', () => {
  it.each(Object.entries(WRAPPINGS))('reads a plan with %s', (_name, wrap) => {
    expect(outcome(wrap(PLAN))).toEqual(TEXTS);
  });

  it.each([
    ['upper case tags', PLAN.replaceAll('blok', 'BLOK')],
    ['other dashes', PLAN.replaceAll('blok-', 'blok–')],
    [
      'spaces in the tags',
      PLAN.replaceAll('<blok-', '< blok - ').replaceAll('</blok-', '</ blok-'),
    ],
    ['no-break spaces in the tags', PLAN.replace(/<(\/?)blok-(\d+)>/g, '<$1blok-$2\u00A0>')],
    ['leading zeros', PLAN.replace(/blok-(\d)>/g, 'blok-0$1>')],
    ['attributes', PLAN.replace(/<blok-(\d+)>/g, '<blok-$1 title="Blok $1">')],
    ['escaped brackets', PLAN.replace(/<(\/?blok-\d+)>/g, '\\<$1\\>')],
    ['all on one line', PLAN.replaceAll('>\n', '>').replaceAll('\n</blok', '</blok')],
    ['a fence around every block', NUMBERS.map((n) => `\`\`\`xml\n${block(n)}\n\`\`\``).join('\n')],
    ['headings between', NUMBERS.map((n) => `### Block ${n}\n${block(n)}`).join('\n---\n')],
    [
      'tags named in the prose before',
      `I use <blok-1>…</blok-1> to <blok-15>…</blok-15> as asked.\n\n${PLAN}`,
    ],
    ['tags named in backticks', `I use \`<blok-1>\` to \`<blok-15>\`:\n${PLAN}`],
    ['a question that names a tag after', `${PLAN}\n\nShall I say more about <blok-3>?`],
    ['a question that names the first tag after', `${PLAN}\n\nShall I say more about <blok-1>?`],
  ])('copes with %s', (_name, reply) => {
    expect(outcome(reply)).toEqual(TEXTS);
  });

  it('takes the complete plan of two', () => {
    const cut = PLAN.slice(0, PLAN.indexOf('</blok-6>') - 10);
    const short = planOf([1, 2, 3]);
    expect(outcome(`${cut}\n\nHere is the whole plan:\n\n${PLAN}`)).toEqual(TEXTS);
    expect(outcome(`${PLAN}\n\nAnd once more:\n\n${cut}`)).toEqual(TEXTS);
    expect(outcome(`${short}\n\nThat was too short, now all:\n\n${PLAN}`)).toEqual(TEXTS);
    const better = PLAN.replace('krok 7', 'krok sedem');
    expect(outcome(`${PLAN}\n\nA better version:\n\n${better}`)).toContain(
      TEXTS[6]?.replace('krok 7', 'krok sedem'),
    );
  });

  it('removes citation marks and keeps other brackets of that kind', () => {
    const reply = block(1, 'a\uE200cite\uE202turn0search1\uE201b【7†source】c【重要】');
    expect(outcome(reply, 1)).toEqual(['abc【重要】']);
  });

  it.each([
    ['nothing', '', 'the reply is empty; a plan of 15 blocks was asked for'],
    [
      'prose only',
      'I am sorry, I cannot.',
      'the reply holds no block tags; a plan of <blok-1> to <blok-15> was asked for',
    ],
    [
      '14 blocks',
      planOf(NUMBERS.filter((n) => n !== 9)),
      'the plan has 14 blocks, 15 were asked for: blok-9 is missing',
    ],
    [
      'the last ones missing',
      planOf(NUMBERS.slice(0, 13)),
      'the plan has 13 blocks, 15 were asked for: blok-14 and blok-15 are missing',
    ],
    [
      '16 blocks',
      planOf([...NUMBERS, 16]),
      'the plan has 16 blocks, 15 were asked for: blok-16 is too many',
    ],
    [
      'a block from zero',
      planOf([0, ...NUMBERS]),
      'the plan has 16 blocks, 15 were asked for: blok-0 is too many',
    ],
    [
      'a block twice',
      planOf([1, 2, 3, 3, ...NUMBERS.slice(3)]),
      'the plan has 16 blocks, 15 were asked for: blok-3 is there more than once',
    ],
    [
      'the first block twice',
      planOf([1, ...NUMBERS]),
      'the plan has 16 blocks, 15 were asked for: blok-1 is there more than once',
    ],
    [
      'a number repeated in place of another',
      planOf(NUMBERS.map((n) => (n === 5 ? 4 : n))),
      'the plan has 15 blocks, 15 were asked for: blok-5 is missing; blok-4 is there more than once',
    ],
    [
      'blocks out of order',
      planOf([1, 3, 2, ...NUMBERS.slice(3)]),
      'the blocks are out of order: blok-3 stands where another should',
    ],
    [
      'nested blocks',
      PLAN.replace('krok 2', `krok ${block(3)}`),
      'inside <blok-2> another tag <blok-3> opens; blocks must not be nested and each must be closed before the next',
    ],
    ['an empty block', PLAN.replace(blockText(4), ' \u00A0… '), 'blok-4 is empty'],
    [
      'two empty blocks',
      PLAN.replace(blockText(4), '').replace(blockText(15), '---'),
      'blok-4 and blok-15 are empty',
    ],
    ['crossed tags', PLAN.replace('</blok-3>', '</blok-4>'), '<blok-3> is closed by </blok-4>'],
    [
      'a closing tag alone',
      PLAN.replace('<blok-7>', ''),
      '</blok-7> closes a block that was not opened',
    ],
    [
      'a cut in the last block',
      PLAN.slice(0, -20),
      'the reply was cut off: <blok-15> is never closed',
    ],
    [
      'a cut in a closing tag',
      PLAN.slice(0, -3),
      'the reply was cut off: <blok-15> is never closed',
    ],
    [
      'a mention of the first block within it',
      PLAN.replace('</blok-1>', 'V tomto <blok-1> sa naučíš viac.</blok-1>'),
      expect.stringMatching(/^inside <blok-1> another tag <blok-1> opens/),
    ],
    [
      'two plans with nothing between',
      `${PLAN}\n${PLAN}`,
      expect.stringMatching(
        /^the plan has 30 blocks, 15 were asked for: blok-1, .* there more than once$/,
      ),
    ],
    [
      'a lesson in no block',
      PLAN.replace('<blok-8>', `${'Toto je ešte dôležité slovo. '.repeat(4)}\n<blok-8>`),
      'text stands between </blok-7> and <blok-8>, in no block; each sentence of the plan must be inside one',
    ],
    [
      'other tags',
      PLAN.replaceAll('blok', 'block'),
      'the reply holds no block tags; a plan of <blok-1> to <blok-15> was asked for',
    ],
  ])('refuses %s and says what is wrong', (_name, reply, reason) => {
    expect(outcome(reply)).toEqual(reason);
  });

  it('takes a plan with headings over several of its blocks', () => {
    const reply = PLAN.replace(
      '<blok-8>',
      '\n---\n\n## Fáza 2: prvé kroky v novej práci\n\n<blok-8>',
    );
    expect(outcome(reply)).toEqual(TEXTS);
  });

  it('refuses every cut of a plan', () => {
    for (let length = 0; length < PLAN.length; length += 7) {
      expect(extractBloks(PLAN.slice(0, length), COUNT).ok, `cut after ${length}`).toBe(false);
    }
  });

  it('quotes nothing of the blocks in a refusal', () => {
    const reason = outcome(planOf([1, 1, 17]).replaceAll('krok', 'tajomstvo'), 3);
    expect(reason).toContain('blok-17 is too many');
    expect(reason).not.toMatch(/tajomstvo|viem/);
  });

  it('reads what stands in the blocks, whatever it is', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map(
        (inner) =>
          `x${inner.replace(/[<>&\\【】\uE200-\uE202\u200B-\u200D\u2060\uFEFF\0\r`]/g, '')}y`,
      )
      .filter((inner) => inner.isWellFormed());
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
        const plan = texts.map((inner, index) => `<blok-${index + 1}>${inner}</blok-${index + 1}>`);
        expect(outcome(plan.join('\n'), texts.length)).toEqual(texts);
      }),
      { numRuns: 300 },
    );
  });

  it('accepts nothing but a complete plan, however the tags are mixed', () => {
    const tag = fc.tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.boolean(),
      fc.constantFrom('', 'a ', ' \n'),
    );
    const complete = [1, 2, 3].map((n) => `<blok-${n}>a </blok-${n}>`).join('\\s*(?:a\\s*)*');
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 12 }), (tags) => {
        const reply = tags
          .map(([n, closing, text]) => `<${closing ? '/' : ''}blok-${n}>${text}`)
          .join('');
        const result = outcome(reply, 3);
        expect(typeof result === 'string' || new RegExp(complete).test(reply)).toBe(true);
        expect(typeof result === 'string' ? result.length > 0 : result).toEqual(
          typeof result === 'string' ? true : ['a', 'a', 'a'],
        );
      }),
      { numRuns: 3000 },
    );
  });
});
