/**
 * Fields of a page that hold plain text: its title, headings, terms and summaries. Leftover Markdown is
 * taken out of them while the page is read from HTML, as code in them can be told from Markdown there
 * alone: a lesson about Markdown has headings such as `<code>**bold**</code>`. `signsRemoved` tells the
 * report of cleaning.
 */
import { escapeText } from '../../core/escape.ts';
import { inlineOf, isLiteralMark, plainOf } from '../html/inline.ts';
import type { PlainField, Run } from '../html/inline.ts';
import { isLiteral, readMarkdown } from './markdown.ts';
import { inlineOfRich, richOf, slice } from './rich.ts';
import type { Rich } from './rich.ts';

const SIGN = /[*_~`#]/;
const OPENING = /^#{1,6}\s+(?=\S)/;
const CLOSING = /(?<=\S)\s+#+$/;

/** One line that knows what is code, and nothing else of its marks, as they will not be kept. */
function lineOf(runs: readonly Run[]): Rich {
  const rich = richOf(inlineOf(runs).html);
  return {
    text: rich.text.replaceAll('\n', ' '),
    marks: rich.marks.map((marks) => marks.filter(isLiteralMark)),
  };
}

/** Without the `#` before a heading, and those after it. */
function withoutMarker(rich: Rich): Rich {
  const marker = isLiteral(rich, 0) ? null : OPENING.exec(rich.text);
  if (marker === null) return rich;
  const bare = slice(rich, marker[0].length);
  const isClosed = CLOSING.test(bare.text) && !isLiteral(bare, bare.text.length - 1);
  return isClosed ? slice(bare, 0, bare.text.replace(CLOSING, '').length) : bare;
}

function withoutSigns(rich: Rich, field: PlainField): Rich {
  for (let current = rich; ;) {
    const bare = field === 'heading' ? withoutMarker(current) : current;
    // The address of a link would be gone, and nobody told.
    const next = readMarkdown(bare, 'left').rich;
    if (next === current) return current;
    current = next;
  }
}

/** One line of plain text without the signs of Markdown that stand outside of code. */
export function plainWithoutMarkdown(runs: readonly Run[], field: PlainField): string {
  const text = plainOf(runs);
  if (!SIGN.test(text)) return text;
  const line = lineOf(runs);
  const bare = withoutSigns(line, field);
  const read = bare === line ? text : inlineOfRich(bare).text.trim();
  return read === '' ? text : read;
}

/** HTML of a plain field that is read as the same text again: what looks like Markdown in it is code. */
export function htmlOfPlain(text: string, field: PlainField): string {
  const run: Run = { kind: 'text', text, marks: [] };
  if (!SIGN.test(text) || plainWithoutMarkdown([run], field) === plainOf([run]))
    return escapeText(text);
  const words = text.split(/(\s+)/).map((word) => {
    const html = escapeText(word);
    return SIGN.test(word) ? `<code>${html}</code>` : html;
  });
  return words.join('');
}
