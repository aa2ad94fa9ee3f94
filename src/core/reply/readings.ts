/** A reply may have been quoted, escaped or packed as a whole; each layer off is another reading of it. */
import { findFences } from './fences.ts';
import { decodeEntities, tidyReply } from './normalize.ts';

/** Of the lines of a quoted reply, this part at least begins with the sign. */
const MIN_QUOTED_SHARE = 0.8;
/** Nobody quotes a quotation more often. */
const MAX_QUOTE_LAYERS = 8;
/** Replies are escaped once by a page, twice by a page in a page. */
const MAX_ESCAPES = 2;
/** Nobody packs a text deeper than this; a hostile reply nests without end. */
const MAX_PACKED_DEPTH = 8;
/** An escaped bracket or quote, itself escaped any number of times. */
const ESCAPED = /&(?:amp;)*(?:lt|quot|#34|#60|#x3c|#x22);/i;

function isQuoted(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== '');
  const quoted = filled.filter((line) => /^\s*>/.test(line));
  return quoted.length >= 2 && quoted.length >= MIN_QUOTED_SHARE * filled.length;
}

/** Takes so many layers of quotation from each line that bears them. */
export function withoutQuoteSigns(text: string, layers: number): string {
  let lines = text.split('\n');
  for (let layer = 0; layer < Math.min(layers, MAX_QUOTE_LAYERS); layer += 1) {
    lines = lines.map((line) => line.replace(/^\s*> ?/, ''));
  }
  return lines.join('\n');
}

/** Without the `>` of a quotation around everything; a remark may stand outside. */
function withoutQuotation(text: string): string {
  // What begins with a tag is not quoted, whatever it shows: code may have lines that begin with `>`.
  if (text.trimStart().startsWith('<')) return text;
  let plain = text;
  for (let layer = 0; layer < MAX_QUOTE_LAYERS && isQuoted(plain.split('\n')); layer += 1) {
    plain = withoutQuoteSigns(plain, 1);
  }
  return plain;
}

/** What stands in an indented fence, as in an item of a list, is indented with it. */
function withoutFenceIndent(text: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => /^[ \t]*(?:`{3,}|~{3,})/.test(line));
  const [indent = '', mark = ''] = /^([ \t]*)([`~]{3})/.exec(lines[first] ?? '')?.slice(1) ?? [];
  if (indent === '') return text;
  const last = lines.findLastIndex((line) => line.trimEnd() === `${indent}${mark}`);
  const inside = lines.slice(first + 1, last > first ? last : undefined);
  if (!inside.every((line) => line.trim() === '' || line.startsWith(indent))) return text;
  const bare = inside.map((line) => line.slice(indent.length));
  return lines.toSpliced(first + 1, inside.length, ...bare).join('\n');
}

function plainText(reply: string): string {
  return withoutFenceIndent(withoutQuotation(tidyReply(reply)));
}

function stringsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object' || depth >= MAX_PACKED_DEPTH) return [];
  return Object.values(value).flatMap((member) => stringsIn(member, depth + 1));
}

function parsed(text: string): unknown {
  if (!/^[{["]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    // Not JSON as a whole, so nothing is packed in it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The longest text of a reply that is JSON as a whole; null when it is no JSON, or without texts. */
function packedText(text: string): string | null {
  // A short fence amid other things is a sample.
  const fence = findFences(text).find(({ content }) => content.length > text.length / 2);
  const candidates = [text.trim(), ...(fence === undefined ? [] : [fence.content.trim()])];
  const strings = candidates.flatMap((candidate) => stringsIn(parsed(candidate)));
  return strings.reduce<string | null>(
    (chosen, next) => (chosen === null || next.length > chosen.length ? next : chosen),
    null,
  );
}

/** The reply itself and, while something in it looks escaped, what it says with one layer less. */
function unescaped(text: string): string[] {
  const readings = [text];
  for (let layer = 0; layer < MAX_ESCAPES && ESCAPED.test(readings.at(-1) ?? ''); layer += 1) {
    readings.push(decodeEntities(readings.at(-1) ?? ''));
  }
  return readings;
}

/** Readings of a reply that was asked for as text: the most likely one first, never none. */
export function readingsOfText(reply: string): string[] {
  const text = plainText(reply);
  const packed = packedText(text);
  return [...(packed === null ? [] : unescaped(tidyReply(packed))), ...unescaped(text)];
}

/** Readings of a reply that was asked for as JSON. */
export function readingsOfJson(reply: string): string[] {
  const text = plainText(reply);
  const inner = parsed(text.trim());
  const plain = text.replace(/[“”„‟″]/g, '"');
  return [
    ...(typeof inner === 'string' ? [inner] : []),
    ...unescaped(text),
    ...(plain === text ? [] : [plain]),
  ];
}
