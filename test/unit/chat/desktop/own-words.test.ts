import { describe, expect, it } from 'vitest';
import type { ClipboardContent } from '../../../../src/adapters/chat/desktop/messages.ts';
import { OwnWords } from '../../../../src/adapters/chat/desktop/own-words.ts';

const text = (words: string): ClipboardContent => ({ kind: 'text', text: words });

describe('our own words on the clipboard', () => {
  it('are what was written, whole', () => {
    const ours = new OwnWords();
    expect(ours.isEmpty()).toBe(true);
    ours.writing('Napíš lekciu.');
    ours.written();
    expect(ours.isEmpty()).toBe(false);
    expect(ours.includes(text('Napíš lekciu.'))).toBe(true);
    expect(ours.includes(text('Napíš'))).toBe(false);
    expect(ours.includes(text('Moje vlastné.'))).toBe(false);
  });

  it.each(['', 'Nap', 'Nap\uFFFD', 'Napíš lekciu.'])(
    'are also a part, when the writer died: %j',
    (left) => {
      const ours = new OwnWords();
      ours.writing('Napíš lekciu.');
      expect(ours.includes(text(left))).toBe(true);
      expect(ours.includes(text(`${left}Moje`))).toBe(false);
    },
  );

  it('are any text, when a copy of ours came that nobody has read', () => {
    const ours = new OwnWords();
    ours.missCopy();
    expect(ours.includes(text('The whole page'))).toBe(true);
    expect(ours.includes({ kind: 'bytes', type: 'image/png', base64: 'eA==' })).toBe(false);
  });

  it('are what a copy of nothing leaves, once one was ordered', () => {
    const ours = new OwnWords();
    expect(ours.includes({ kind: 'empty' })).toBe(true);
    expect(ours.includes({ kind: 'other' })).toBe(false);
    ours.add('');
    expect(ours.includes({ kind: 'other' })).toBe(true);
  });

  it('are never an image or files', () => {
    const ours = new OwnWords();
    ours.add('');
    ours.writing('x');
    expect(ours.includes({ kind: 'bytes', type: 'image/png', base64: 'eA==' })).toBe(false);
  });
});
