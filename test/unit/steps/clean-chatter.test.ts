import { describe, expect, it } from 'vitest';
import { clean } from './support/cleaning.ts';
import { paragraph } from './support/pages.ts';

describe('chatter', () => {
  it.each([
    'Sure!',
    'Sure! Here is the HTML page:',
    'Certainly! Here’s your lesson, converted to semantic HTML.',
    'Of course. I have prepared the page below.',
    'Here is the complete lesson:',
    'Below is the HTML version of the lesson:',
    'I’ve converted the lesson into HTML.',
    'Samozrejme!',
    'Samozrejme! Tu je celá lekcia:',
    'Jasné, pripravil som stránku podľa zadania.',
    'Tu je hotová stránka:',
    'Nižšie nájdete HTML verziu lekcie:',
    '```html',
  ])('before the page goes: %s', (line) => {
    const { blocks, changes } = clean(`<p>${line}</p><h1>Lekcia</h1><p>Text.</p>`);
    expect(blocks).toEqual([paragraph('Text.')]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ path: 'sections[0].blocks[0]', before: line, after: '' });
  });

  it.each([
    'Let me know if you would like any changes!',
    'Would you like me to prepare the next lesson?',
    'Do you want me to shorten it?',
    'Should I also add a quiz?',
    'If you want, I can also add more exercises.',
    'If you need anything else, just ask.',
    'I can also turn this into a PDF.',
    'I hope this helps!',
    'Feel free to ask if anything is unclear.',
    'Dajte mi vedieť, ak chcete niečo zmeniť.',
    'Daj mi vedieť, či to takto stačí.',
    'Ak chcete, môžem pripraviť aj ďalšiu lekciu.',
    'Chcete, aby som pridal viac cvičení?',
    'Dúfam, že vám to pomôže!',
    'Rád vám pomôžem aj s ďalšou lekciou.',
    '```',
  ])('after the page goes: %s', (line) => {
    const { blocks, changes } = clean(`<h1>Lekcia</h1><p>Text.</p><p>${line}</p>`);
    expect(blocks).toEqual([paragraph('Text.')]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ path: 'sections[0].blocks[1]', before: line, after: '' });
  });

  it.each([
    'Toto je lekcia o tom, ako napísať životopis.',
    'Tu je prehľad obsahu lekcie:',
    'Here is what you will learn in this lesson:',
    'This is the code that turns text into values.',
    'Sure-fire ways to get hired do not exist.',
    'Iste ste už počuli o pohovoroch.',
    'Ak máte otázky, zapíšte si ich pre poradcu.',
    'If you get stuck, ask your adviser.',
    'Let us begin with a simple question.',
    'Dúfam, že ste si všetko zapísali.',
    'Chcete vedieť viac? Prečítajte si ďalšiu kapitolu.',
    'Feel free to skip this exercise.',
    'Should I write a cover letter?',
    'Can I apply without experience?',
    'I could also start on Monday.',
    'Chcete to skúsiť na vlastnom projekte?',
  ])('that is the lesson’s own stays: %s', (line) => {
    const { blocks, changes } = clean(`<p>${line}</p><h1>Lekcia</h1><p>Text.</p><p>${line}</p>`);
    expect(changes).toEqual([]);
    expect(blocks).toHaveLength(3);
  });

  it('goes line by line, and only at the edges', () => {
    const { blocks } = clean(
      '<p>Sure!<br>Prvá veta.</p><p>Let me know if it works.</p><p>Posledná veta.<br>I hope this helps!</p>',
    );
    expect(blocks).toEqual([
      paragraph('Prvá veta.'),
      paragraph('Let me know if it works.'),
      paragraph('Posledná veta.'),
    ]);
  });

  it('never empties a page', () => {
    expect(clean('<p>Sure!</p>').blocks).toEqual([paragraph('Sure!')]);
    expect(clean('<p>Sure!</p><p>Let me know if you need more.</p>').blocks).toHaveLength(1);
  });

  it.each(['---', '```html', '```'])('counts no %s as what is left of a page', (residue) => {
    const { blocks } = clean(`<p>Here is the complete lesson:</p><p>${residue}</p>`);
    expect(blocks).toEqual([paragraph('Here is the complete lesson:')]);
  });
});
