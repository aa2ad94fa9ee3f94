/**
 * Text of chat replies, made fit for storage (`normalizeReply`) and for reading structure out of it
 * (`tidyReply`). Both keep every visible character.
 */

/** Fit for PostgreSQL `text`: well-formed Unicode without NUL. Nothing else is touched. */
export function normalizeReply(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

/** Invisible everywhere: BOM, zero width space, word joiner. */
const INVISIBLE = /[\uFEFF\u200B\u2060]/g;

/** Joiners carry meaning between letters of some scripts and in emoji, never between ASCII and spaces. */
const STRAY_JOINER = /(?<![^\0-\x7f\s\u200C\u200D])[\u200C\u200D]+(?![^\0-\x7f\s\u200C\u200D])/g;

/**
 * `【12†source】`, `【4:0†notes.pdf】`; other text in such brackets belongs to the author. A number alone
 * is a citation too, but not where Japanese and Chinese number headings and items with it.
 */
const BRACKET_CITATION =
  /【(?:[^【】\n]*†[^【】\n]*|(?<!(?:^|\n|<[a-z][^<>]{0,200}>|[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}])\s{0,4}【)\d+(?::\d+)?(?!】[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]))】/u;

/** What is left of a citation when its signs were lost on the way, as by a clipboard. */
const BARE_CITATION =
  /:contentReference\[oaicite:\d+\]\{index=\d+\}|(?<![\p{L}\p{N}_])(?:cite ?|navlist ?)?(?:turn\d+(?:search|news|view|file|image|fetch)\d+)+(?![\p{L}\p{N}_])/u;

/** Code is shown as it is, also where a lesson explains what such a mark looks like. */
const CODE = /`[^`\n]{1,400}`|<code\b[^<>]{0,200}>[^<]{0,2000}<\/code>/u;

const CITATION = new RegExp(
  `${CODE.source}|(${BRACKET_CITATION.source}|${BARE_CITATION.source})`,
  'gu',
);

/** A mark of the chat page: U+E200, parts divided by U+E202, U+E201. */
const MARK = /\uE200([^\uE200\uE201]{0,4000})\uE201/g;

/** What is left of a mark that was cut, up to the next space. */
const CUT_MARK = /\uE200[a-z_]*(?:\uE202[\w:.-]*)*|[\uE200-\uE202]/g;

/** Most marks are ids only; an entity and a link carry a name that the reader sees. */
function visiblePartOfMark(inside: string): string {
  const [kind, body = ''] = inside.split('\uE202');
  if (kind === 'url') return body;
  if (kind !== 'entity') return '';
  return /^\s*\[\s*"[^"]*"\s*,\s*"([^"]*)"/.exec(body)?.[1] ?? '';
}

export function removeCitations(text: string): string {
  return text
    .replace(MARK, (_mark, inside: string) => visiblePartOfMark(inside))
    .replace(CUT_MARK, '')
    .replace(CITATION, (whole, citation: string | undefined) =>
      citation === undefined ? whole : '',
    );
}

/** A reply ready for extraction: one kind of line end, no invisible characters, no citation marks. */
export function tidyReply(text: string): string {
  return removeCitations(
    normalizeReply(text).replace(/\r\n?/g, '\n').replace(INVISIBLE, '').replace(STRAY_JOINER, ''),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
  nbsp: '\u00A0',
};

function codePoint(value: number): string | null {
  const isScalar = value > 0 && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
  return isScalar ? String.fromCodePoint(value) : null;
}

/** Undoes one layer of HTML escaping, for replies that were taken escaped as a whole. */
export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:(lt|gt|quot|apos|amp|nbsp)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));/g,
    (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      return (
        codePoint(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)) ?? whole
      );
    },
  );
}

/** Does a text hold anything that a reader would call a word or a number? */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** How many words and numbers a text has. */
export function countWords(text: string): number {
  return (text.match(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu) ?? []).length;
}

/** Scripts that write no spaces between words. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gu;

/** How long a text is, in words; two letters of a script without spaces are about one. */
export function lengthInWords(text: string): number {
  const letters = text.match(UNSPACED)?.length ?? 0;
  return countWords(text.replace(UNSPACED, ' ')) + Math.ceil(letters / 2);
}

/** `line 4, column 12` of an offset, both from 1. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - (before.lastIndexOf('\n') + 1) + 1}`;
}
