import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf } from '../../../../src/adapters/chat/desktop/pieces.ts';

describe('pieces', () => {
  it('together are the text, and none is longer than asked', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 900 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 10, max: 300 }), (text, maxChars) => {
        const pieces = piecesOf(text, maxChars);
        expect(pieces.join('')).toBe(text.replaceAll(/\r\n?/g, '\n'));
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(maxChars);
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('end within words, so that no editor trims their edges', () => {
    const text = 'Some words\n\nand lines. '.repeat(400);
    const pieces = piecesOf(text, 1_000);
    expect(pieces.length).toBeGreaterThan(8);
    for (const [i, piece] of pieces.slice(0, -1).entries()) {
      expect(piece.at(-1)).toMatch(/\p{L}/u);
      expect(pieces[i + 1]?.at(0)).toMatch(/\p{L}/u);
    }
  });

  it('of a short text are the text itself', () => {
    expect(piecesOf('Hello', 4_500)).toEqual(['Hello']);
    expect(piecesOf('', 4_500)).toEqual(['']);
  });
});
