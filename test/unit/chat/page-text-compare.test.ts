import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareTexts,
  fingerprintOf,
  isBlank,
  skeletonOf,
} from '../../../src/adapters/chat/page/text-compare.ts';

describe('comparing what was read back', () => {
  it.each([
    ['the same', 'a\nb', 'a\nb', 'exact'],
    ['line ends', 'a\r\nb\rc', 'a\nb\nc', 'exact'],
    ['no-break spaces', 'a  b', 'a\u00a0 b', 'exact'],
    ['spaces at the end of lines', 'a \nb\t', 'a\nb', 'exact'],
    ['newlines at both ends', 'a', '\na\n\n', 'exact'],
    ['newlines doubled by the editor', 'a\nb\n\nc', 'a\n\nb\n\n\nc', 'spaced'],
    ['a missing character', 'abc', 'ab', 'different'],
    ['a missing line', 'a\nb\nc', 'a\nc', 'different'],
    ['a doubled piece', 'ab', 'abab', 'different'],
    ['two lines joined', 'a\nb', 'ab', 'different'],
    ['lost indentation', '  a', 'a', 'different'],
    ['another case', 'A', 'a', 'different'],
    ['a draft before it', 'b', 'a\nb', 'different'],
    ['nothing read back', 'a', '', 'different'],
  ])('%s', (_name, meant, readBack, likeness) => {
    expect(compareTexts(meant, readBack)).toBe(likeness);
  });

  it('finds any piece that is lost, unless only blanks were', () => {
    const piece = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(piece, piece, piece, (before, lost, after) => {
        fc.pre(!isBlank(lost.replace(/\u2028|\u2029/g, '')));
        const whole = `${before}|${lost}|${after}`;
        expect(compareTexts(whole, whole)).toBe('exact');
        expect(compareTexts(whole, `${before}||${after}`)).toBe('different');
      }),
    );
  });
});

describe('blank', () => {
  it.each(['', '\n', ' \u00a0\n\n', '\u200b', '\ufeff\n'])('%j', (text) => {
    expect(isBlank(text)).toBe(true);
  });

  it('is not a single sign', () => {
    expect(isBlank('.')).toBe(false);
  });
});

describe('a fingerprint', () => {
  it('is the same for a prompt as sent and as shown', () => {
    const sent = '# Plan\r\n\r\n- **Zuzana**, 12 hours\n- `python`\n';
    expect(fingerprintOf(sent)).toBe(fingerprintOf('Plan\nZuzana, 12 hours\npython'));
    expect(fingerprintOf('e\u0301')).toBe(fingerprintOf('é'));
  });

  it.each([
    ['Block 1', 'Block 2'],
    ['Block 1', 'Block 11'],
    ['kôň', 'kon'],
    ['👍', '👎'],
    ['?', '!'],
  ])('tells %s from %s', (one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });

  it('keeps signs only where there is nothing else', () => {
    expect(skeletonOf('a, b! 1')).toBe('ab1');
    expect(skeletonOf(' ?! ')).toBe('?!');
  });
});
