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
    '✅ Sure! Here is your lesson on interviews:',
    'Gerne! Hier ist die vollständige Lektion:',
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
    'Chceš pokračovať ďalšou lekciou?',
    'Chceš ďalšie cvičenia?',
    'Mám pokračovať?',
    'Mám z toho urobiť PDF?',
    'Pokračovať?',
    'Napíš „ďalej“ a pripravím lekciu 2.',
    'Ak chceš, pripravím ti k tomu aj pracovný list.',
    'Ak chceš, môžem z toho urobiť PDF. 😊',
    '✅ Ak chceš, môžem hneď pripraviť ďalšiu lekciu.',
    '👉 Chceš, aby som pripravil kvíz?',
    'Pokud chceš, můžu připravit další lekci.',
    'Chceš, abych to přeložil?',
    'Continue?',
    'Would you like to continue with lesson 2?',
    'Would you like another exercise?',
    'Want me to turn this into a PDF?',
    'Ready for the next lesson? Just say "next"!',
    'If you want, I’ll prepare the next lesson.',
    'Wenn du möchtest, kann ich eine Übung dazu erstellen.',
    'Wenn Sie möchten, erstelle ich daraus ein PDF.',
    'Möchtest du, dass ich ein Quiz erstelle?',
    'Soll ich weitermachen?',
    'Sag Bescheid, wenn du etwas ändern möchtest.',
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
    'Dobre.',
    'Great, here is why the first impression matters: people decide in seconds.',
    'Great, I have three lessons for you to remember.',
    'Ak chceš vydržať, rob každý deň aspoň jednu vec, ktorú máš rád.',
    'Ak potrebujete pomoc, najlepšia rada je zájsť priamo na úrad práce vo vašom meste.',
    'Ak chceš overiť, či látke rozumieš, zavri zošit a povedz nahlas: viem to vysvetliť.',
    'Ak chceš rásť, pýtaj sa: čo môžem pridať?',
    'Ak chceš začať hneď, pridám ešte jeden tip: píš si denník.',
    'Ak chceš, môžeš pokračovať ďalšou lekciou.',
    'Pokud chcete změnit obor, začněte tím, co děláte rád, a najděte si kurz.',
    'Chcete, aby som na stretnutie priniesol aj vytlačený životopis?',
    'Chcete pokračovať v štúdiu popri práci?',
    '– Chcete, aby som pripravil prezentáciu?',
    'Mám pridať do životopisu aj brigádu?',
    'Mám pridať do životopisu cvičenia z kurzu?',
    'Dajte mi vedieť, kedy vám vyhovuje pohovor.',
    'Daj mi vedieť, ako ti cvičenie vyšlo.',
    'Napíš „áno“ k veciam, ktoré ťa bavia.',
    'Verím, že moje skúsenosti budú pre vašu firmu užitočné.',
    'Rád vám pomôžem.',
    'Should I add my unfinished course to my CV?',
    'Should I continue applying if nobody answers?',
    'I can also create pivot tables from raw data and explain them.',
    'Let me know if Tuesday at 10:00 works for you.',
    'Would you like me to bring a printed CV?',
    'If you want to grow, I would add one more habit.',
    'If you need time to think, just say so.',
    'Feel free to reach out to people in your field.',
    'Soll ich im Lebenslauf Hobbys hinzufügen?',
    'Wenn du möchtest, kannst du die Übung wiederholen.',
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

  it('has no heading of its own', () => {
    const line = 'Chceš pokračovať ďalšou lekciou?';
    const alone = `<p>Text.</p><h2>Otázka na záver</h2><p>${line}</p>`;
    expect(clean(alone).changes).toEqual([]);
    expect(clean(`${alone}<p>I hope this helps!</p>`).blocks).toEqual([
      paragraph('Text.'),
      paragraph(line),
    ]);
    expect(clean('<h1>Sure!</h1><p>Sure!</p><h2>Ďalej</h2><p>Text.</p>').changes).toEqual([]);
  });

  it('is no whole paragraph of a lesson', () => {
    const long = `Ak chceš, môžem pripraviť kvíz ${'a ešte jeden '.repeat(40)}.`;
    expect(clean(`<p>Text.</p><p>${long}</p>`).changes).toEqual([]);
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
