import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameOf, framePrompt, unframe } from '../../../../src/adapters/chat/desktop/framing.ts';

const frame = frameOf('request-1');
const { begin, end, token } = frame;

describe('frame', () => {
  it('is the same for the same request and another for another one', () => {
    expect(frameOf('request-1')).toEqual(frame);
    expect(frameOf('request-2').token).not.toBe(token);
  });

  it('has marks that no markdown renderer and no search changes', () => {
    expect([token, begin, end].join(' ')).toMatch(/^[a-z0-9 -]+$/);
  });

  it('leaves the prompt as it is and asks for both lines after it', () => {
    const framed = framePrompt('Povedz **ahoj**.\n', frame);
    expect(framed.startsWith('Povedz **ahoj**.\n\n\n')).toBe(true);
    expect(framed).toContain(begin);
    expect(framed).toContain(end);
  });

  it('is not taken for a reply when the prompt itself is copied', () => {
    expect(unframe(framePrompt('Hello', frame), frame)).toEqual({ kind: 'foreign' });
  });
});

describe('unframe', () => {
  it('gives any text back as it was said', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 });
    fc.assert(
      fc.property(lines, (said) => {
        const text = said
          .join('\n')
          .replaceAll('\r', '')
          .replace(/^\s*\n|\n\s*$/g, '');
        fc.pre(
          text.trim() !== '' && text === text.replace(/^(?:[^\S\n]*\n)+|(?:\n[^\S\n]*)+$/g, ''),
        );
        const reply = unframe(`${begin}\n\n${text}\n\n${end}\n`, frame);
        expect(reply).toEqual({ kind: 'complete', text });
      }),
    );
  });

  it.each([
    ['no marks at all', 'Hello'],
    ['nothing', ''],
    ['marks of another request', 'pl000000000000-begin\nHello\npl000000000000-end'],
    ['the end alone', `Hello\n${end}`],
    ['marks within a sentence alone', `It begins with ${begin} and ends with ${end}.`],
  ])('takes for foreign: %s', (_name, copied) => {
    expect(unframe(copied, frame)).toEqual({ kind: 'foreign' });
  });

  it.each([
    ['no end', `${begin}\nHello\nwor`, 'Hello\nwor'],
    ['half of the end', `${begin}\nHello\n${end.slice(0, -2)}`, 'Hello'],
    ['the end in the middle of a line', `${begin}\nHello ${end} and`, `Hello ${end} and`],
    ['words after the end', `${begin}\nHello\n${end}\nand more`, `Hello\n${end}\nand more`],
    ['nothing after the begin', begin, ''],
  ])('is open with %s', (_name, copied, text) => {
    expect(unframe(copied, frame)).toEqual({ kind: 'open', text });
  });

  it.each([
    ['plain', `${begin}\nHello\n${end}`, 'Hello'],
    ['Windows line ends', `${begin}\r\nHello\r\nworld\r\n${end}\r\n`, 'Hello\nworld'],
    ['marks in bold', `**${begin}**\nHello\n**${end}**`, 'Hello'],
    ['marks as code', `\`${begin}\`\n\nHello\n\n\`${end}\``, 'Hello'],
    ['marks as quotes', `> ${begin}\n\nHello\n\n> ${end}`, 'Hello'],
    ['the whole in a fence', `\`\`\`\n${begin}\nHello\n${end}\n\`\`\``, '```\nHello\n```'],
    ['all in a fence with a language', `~~~html\n${begin}\n<p>\n${end}\n~~~`, '~~~html\n<p>\n~~~'],
    [
      'each mark in a fence of its own',
      `\`\`\`\n${begin}\n\`\`\`\n\nHello\n\n\`\`\`text\n${end}\n\`\`\``,
      'Hello',
    ],
    [
      'a fence of the reply next to the marks',
      `${begin}\n\`\`\`js\nlet x;\n\`\`\`\n${end}`,
      '```js\nlet x;\n```',
    ],
    [
      'the end within the fence',
      `${begin}\n\`\`\`js\nlet x;\n${end}\n\`\`\``,
      '```js\nlet x;\n```',
    ],
    ['a quoted mark', `${begin}\nI was told ${end}.\n${end}`, `I was told ${end}.`],
    ['a mark quoted on its own line', `${begin}\n${end}\nHello\n${end}`, `${end}\nHello`],
    ['a sentence before', `Here it is:\n\n${begin}\nHello\n${end}`, 'Here it is:\n\nHello'],
    ['spaces that matter', `${begin}\n    indented  \nlast  \n${end}`, '    indented  \nlast  '],
  ])('is complete with %s', (_name, copied, text) => {
    expect(unframe(copied, frame)).toEqual({ kind: 'complete', text });
  });

  it('does not take a page that shows the prompt above its reply', () => {
    const page = `New chat\n${framePrompt('Hello', frame)}\n${begin}\nHi\n${end}`;
    expect(unframe(page, frame)).toEqual({ kind: 'foreign' });
  });
});
