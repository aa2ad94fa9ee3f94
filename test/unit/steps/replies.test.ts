import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/core/result.ts';
import { checkPart } from '../../../src/steps/stage2.ts';
import { checkHtmlReply } from '../../../src/steps/stage3.ts';

function outcome(result: Result<string>): string {
  return result.ok ? result.value : `refused: ${result.error.reason}`;
}

const LESSON = `# Prvá lekcia\n\n${'Toto je veta, ktorá niečo vysvetľuje. '.repeat(15).trim()}\n\n\`\`\`js\nrun();\n\`\`\`\n\n- bod`;

describe('checkPart', () => {
  it.each([
    ['alone', LESSON],
    ['with space around', `\uFEFF\n\n${LESSON}\r\n\r\n`],
    ['in a fence', `\`\`\`markdown\n${LESSON}\n\`\`\``],
    ['in a longer fence', `\`\`\`\`md\n${LESSON}\n\`\`\`\``],
    ['with citation marks', `${LESSON}\uE200cite\uE202turn0search1\uE201【1†a】`],
  ])('gives the lesson %s', (_name, reply) => {
    expect(outcome(checkPart(reply))).toBe(LESSON);
  });

  it.each([
    ['nothing', ' \n', 'the reply is empty; a whole lesson was asked for'],
    ['signs', '---\n***', 'the reply is empty; a whole lesson was asked for'],
    ['a remark', 'Tu je lekcia.', 'the lesson has 3 words; a whole lesson was asked for'],
    [
      'a refusal',
      'I’m sorry, but I can’t help with that request.',
      'the model declined to write the lesson',
    ],
    [
      'a Slovak refusal',
      'Prepáčte, ale s týmto vám nemôžem pomôcť.',
      'the model declined to write the lesson',
    ],
    [
      'an inability',
      'I cannot write this lesson as it is against my rules.',
      'the model declined to write the lesson',
    ],
    [
      'an error',
      'Something went wrong. If this issue persists please contact us.',
      'the reply is an error message of the chat, not a lesson',
    ],
    [
      'a cut',
      `${LESSON}\n\n\`\`\`js\nconst a`,
      'the lesson is incomplete: a code block is never closed, the reply was cut off',
    ],
    [
      'a cut in a fence around the whole',
      `\`\`\`markdown\n${LESSON}`,
      'the lesson is incomplete: a code block is never closed, the reply was cut off',
    ],
  ])('refuses %s', (_name, reply, reason) => {
    expect(outcome(checkPart(reply))).toBe(`refused: ${reason}`);
  });

  it.each([
    'Nemôžem ti s touto požiadavkou pomôcť, pretože obsahuje osobné údaje klienta, ktoré nesmiem spracovávať. Skús, prosím, opis skrátiť a vynechať mená, adresy a ďalšie citlivé informácie.',
    'Es tut mir leid, aber ich kann bei dieser Anfrage nicht helfen, weil sie gegen unsere Richtlinien verstößt. Bitte formuliere deine Anfrage um und versuche es noch einmal.',
    'Predtým, než začnem písať lekciu, potrebujem si ujasniť pár vecí: koľko hodín týždenne máš, aký počítač používaš, či chceš príklady v Exceli alebo v Google Tabuľkách, či už vieš písať vzorce, ako dlho má jedna lekcia trvať a v akom poradí chceš prejsť ostatné témy? Keď mi odpovieš, hneď napíšem celú lekciu so všetkými časťami, cvičeniami aj kontrolnými otázkami.',
    'I need a bit more information before I can write this lesson. Could you share the client profile and the plan? Once I have them I will write the full lesson right away.',
    'You’ve reached the Free plan limit for GPT-5. Responses will use another model until your limit resets after 6:14 PM. Upgrade to keep using it.',
    'Lekcia je pripravená v plátne (canvas) vpravo. Môžeš si ju tam prečítať, upraviť alebo stiahnuť; daj mi vedieť, ak chceš niečo zmeniť alebo doplniť.',
  ])('refuses what is said in place of a lesson: %s', (reply) => {
    expect(outcome(checkPart(reply))).toMatch(/^refused: the lesson has \d+ words/);
  });

  it('takes a long lesson that begins with an apology', () => {
    const lesson =
      `Prepáčte, že meškám: tak začína veľa e-mailov. ${'Ako ich písať lepšie? '.repeat(60)}`.trim();
    expect(outcome(checkPart(lesson))).toBe(lesson);
  });
});

describe('a lesson with fences in a fence', () => {
  const F = '```';
  const around = (sample: string): string => `${LESSON}\n\n${sample}\n\n## Cvičenia\n\n- bod`;
  const readme = `${F}markdown\n# Projekt\n${F}bash\nnpm install\n${F}\n## Autor\nJana\n${F}`;

  it.each([
    ['one inside', around(readme)],
    ['two inside', around(readme.replace('## Autor', `${F}js\nrun();\n${F}\n## Autor`))],
    ['text behind the closing mark', around(`${F}bash\nnpm install\n${F} potom spusti`)],
    ['the last of them at the end', `${LESSON}\n\n${readme}`],
  ])('is whole: %s', (_name, lesson) => {
    expect(outcome(checkPart(lesson))).toBe(lesson);
    expect(outcome(checkPart(`${F}markdown\n${lesson}\n${F}`))).toBe(lesson);
  });

  it.each([
    ['in the inner one', `${LESSON}\n\n${F}markdown\n# Projekt\n${F}bash\nnpm install`],
    ['in the next one', `${around(readme)}\n\n${F}js\nrun(`],
    ['behind text after a mark', `${around(`${F}bash\na\n${F} potom`)}\n\n${F}js\nrun(`],
    ['without a tag', `${LESSON}\n\n${F}\nveta\n${F}\n\n${F}\nveta`],
  ])('is cut %s', (_name, lesson) => {
    expect(outcome(checkPart(lesson))).toContain('a code block is never closed');
  });
});

describe('checkHtmlReply', () => {
  const page =
    '<!doctype html><html lang="sk"><head><title>T</title></head><body><h1>A</h1><p>b</p></body></html>';

  it('gives the page out of its wrapping', () => {
    expect(outcome(checkHtmlReply(`Sure!\n\`\`\`html\n${page}\n\`\`\`\nDone.`))).toBe(page);
  });

  it.each([
    [
      'prose',
      'Túto lekciu nemôžem previesť.',
      'the reply is text without an HTML page; one complete page was asked for, from <!doctype html> to </html>',
    ],
    [
      'a cut page',
      page.slice(0, -8),
      'the HTML page is incomplete: </html> is missing, the reply was cut off',
    ],
    [
      'an empty page',
      '<html><body><script>x</script></body></html>',
      'the HTML page has no visible text',
    ],
    [
      'headings alone',
      '<html><body><h1>A</h1><h2>B</h2></body></html>',
      'the HTML page has headings but no content below them',
    ],
  ])('refuses %s', (_name, reply, reason) => {
    expect(outcome(checkHtmlReply(reply))).toBe(`refused: ${reason}`);
  });
});
