/** The ways in which a chat model, a page and a clipboard wrap what was asked for. */

const MARKS = '\uE200cite\uE202turn0search3\uE202turn1search0\uE201';

export function escapeOnce(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const lines = (text: string, each: (line: string) => string): string =>
  text.split('\n').map(each).join('\n');

/** Each takes the text that was asked for and gives a reply that holds it whole. */
export const WRAPPINGS: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  'white space around': (text) => `\n\n   ${text}\t\n\n`,
  'a byte order mark': (text) => `\uFEFF${text}`,
  'CRLF line ends': (text) => text.replaceAll('\n', '\r\n'),
  'CR line ends': (text) => text.replaceAll('\n', '\r'),
  'no-break spaces around': (text) => `\u00A0\n\u00A0${text}\u00A0`,
  'zero width spaces around': (text) => `\u200B${text}\u2060\u200B`,
  'zero width characters at the tags': (text) =>
    text.replaceAll('<', '<\u200B').replaceAll('{', '\u200D{\u200B'),
  'a NUL and half a surrogate pair': (text) => `\0${text}\n\uD83D`,
  'a fence': (text) => `\`\`\`\n${text}\n\`\`\``,
  'a fence with a language': (text) => `\`\`\`JSON5\n${text}\n\`\`\``,
  'a fence with a title': (text) => `\`\`\`html title="index.html"\n${text}\n\`\`\``,
  'a fence of tildes': (text) => `~~~xml\n${text}\n~~~`,
  'an indented fence': (text) => `   \`\`\`\n${text}\n   \`\`\``,
  'an unclosed fence': (text) => `Here:\n\`\`\`json\n${text}`,
  'a fence closed on the last line': (text) => `\`\`\`\n${text}\`\`\``,
  'nested fences': (text) => `\`\`\`\`markdown\n\`\`\`html\n${text}\n\`\`\`\n\`\`\`\``,
  'nested fences of one length': (text) => `\`\`\`markdown\n\`\`\`html\n${text}\n\`\`\`\n\`\`\``,
  'a fence in a quotation': (text) => `> Sure:\n\n\`\`\`\n${text}\n\`\`\`\n> Bye`,
  'prose before': (text) => `Sure! Here is what you asked for {as agreed} <3:\n\n${text}`,
  'prose after': (text) => `${text}\n\nWould you like me to change anything {or not}?`,
  'prose around a fence': (text) =>
    `Samozrejme, tu to je:\n\n\`\`\`html\n${text}\n\`\`\`\n\nAk chcete, môžem to upraviť.`,
  'another fence before': (text) =>
    `First:\n\`\`\`sh\nnpm run {task}\n\`\`\`\nThen:\n\`\`\`\n${text}\n\`\`\``,
  'citation marks around': (text) =>
    `${MARKS}Here【12†source】:\n${text}\n【4:0†notes.pdf】${MARKS}`,
  'everything escaped': escapeOnce,
  'everything escaped, with prose': (text) => `Here:\n\n${escapeOnce(text)}\n\nDone.`,
  'a thought before': (text) => `<thinking>\nThe user wants this.\n</thinking>\n\n${text}`,
  'a fence on one line': (text) => `\`\`\`text ${text}\n\`\`\``,
  'a fence in an item of a list': (text) =>
    `1. Here:\n\n   \`\`\`\n${lines(text, (line) => `   ${line}`)}\n   \`\`\``,
  'tildes, never closed': (text) => `Here:\n~~~~\n${text}`,
  'the words of a copy button': (text) => `html\nCopy code\n${text}`,
  'a quotation around everything': (text) => lines(text, (line) => `> ${line}`),
  'a quotation after a remark': (text) => `Sure!\n\n${lines(text, (line) => `> ${line}`)}`,
  'a quotation in a quotation': (text) => lines(text, (line) => `> > ${line}`),
  'everything escaped twice': (text) => escapeOnce(escapeOnce(text)),
  'everything escaped beside a tag that is not': (text) => `<b>Sure!</b>\n${escapeOnce(text)}`,
  'everything as one JSON text': (text) => JSON.stringify(text),
  'CRLF and a byte order mark within': (text) => `Sure:\r\n\uFEFF${text.replaceAll('\n', '\r\n')}`,
  'trailing questions': (text) =>
    `${text}\n\nWould you like more detail? Should I go on? {yes/no} <3`,
};

/** Each takes the text that was asked for and the same cut, and gives a reply that holds both. */
export const TWICE: Readonly<Record<string, (text: string, cut: string) => string>> = {
  'a cut one, then the whole': (text, cut) =>
    `${cut}\n\nSorry, that was cut. Once more:\n\n${text}`,
  'the whole, then a cut one': (text, cut) => `${text}\n\nOr, shorter:\n\n${cut}`,
  'both in fences': (text, cut) => `\`\`\`\n${cut}\n\`\`\`\nAgain:\n\`\`\`\n${text}\n\`\`\``,
};

/** Each takes a cut text and gives a reply that holds nothing else of the kind. */
export const CUTS: Readonly<Record<string, (cut: string) => string>> = {
  alone: (cut) => cut,
  'in a fence that is never closed': (cut) => `Sure:\n\`\`\`\n${cut}`,
  escaped: escapeOnce,
  'in a quotation': (cut) => lines(cut, (line) => `> ${line}`),
  'after prose': (cut) => `Sure! Here is what you asked for:\n\n${cut}`,
};
