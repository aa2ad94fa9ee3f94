import { describe, expect, it } from 'vitest';
import { findFences, unwrapFence } from '../../../src/core/reply/fences.ts';

const F = '```';
const PROSE = 'Otvor dokument a napíš doň každú prácu, ktorú si robil. '.repeat(20).trim();

describe('a text with several fences', () => {
  it.each([
    [
      'two without a tag',
      `# Lekcia\n\n${F}\n18:00\n${F}\n\n${PROSE}\n\n${F}\nveta\n${F}\n\nKoniec.`,
    ],
    [
      'three without a tag',
      `# Lekcia\n\n${F}\nDear Ms A,\n${F}\n\n${PROSE}\n\n${F}\nDear Ms B,\n${F}\n\n${PROSE}\n\n${F}\nDear Ms C,\n${F}`,
    ],
    ['one of text first', `# L\n\n${F}text\na\n${F}\n\n${PROSE}\n\n${F}\nb\n${F}\n\nKoniec.`],
    ['one of Markdown first', `# L\n\n${F}md\n# a\n${F}\n\n${PROSE}\n\n${F}\nb\n${F}\n\nKoniec.`],
    ['one of code second', `# L\n\n${F}\na\n${F}\n\n${PROSE}\n\n${F}js\nb\n${F}\n\nKoniec.`],
    ['nothing before the first', `${F}\na\n${F}\n\n${PROSE}\n\n${F}\nb\n${F}`],
    ['tildes', `# L\n\n~~~\na\n~~~\n\n${PROSE}\n\n~~~\nb\n~~~\n\nKoniec.`],
  ])('is no wrapper: %s', (_name, text) => {
    expect(unwrapFence(text)).toBe(text);
  });

  const titled = `# Lekcia\n\n${PROSE}`;
  it.each([
    ['a tagged fence', `${titled}\n\n${F}bash\nnpm install\n${F}\n\nKoniec.`, F],
    ['tagged ones', `${titled}\n\n${F}js\na\n${F}\n\n${F}js\nb\n${F}\n\nKoniec.`, F],
    ['a bare fence below a title', `${titled}\n\n${F}\nnpm install\n${F}\n\nKoniec.`, F],
    ['bare ones in a longer fence', `${titled}\n\n${F}\na\n${F}\n\n${F}\nb\n${F}`, `${F}\``],
    ['bare ones of another sign', `${titled}\n\n~~~\na\n~~~\n\n~~~\nb\n~~~`, F],
  ])('is unwrapped with %s inside', (_name, lesson, mark) => {
    const wrapped = `${mark}markdown\n${lesson}\n${mark}`;
    expect(unwrapFence(wrapped)).toBe(lesson);
    expect(unwrapFence(`Jasné! Tu je lekcia:\n\n${wrapped}\n\nChceš pokračovať?`)).toBe(lesson);
  });
});

describe('a line of marks', () => {
  it.each(['```', '~~~', '~', '``` ', '> '])('takes no time: many %j', (part) => {
    const line = `${part.startsWith('~') ? '' : F}${part.repeat(50_000)}${'a'.repeat(50_000)}\``;
    expect(findFences(line).length).toBeLessThan(2);
  });
});
