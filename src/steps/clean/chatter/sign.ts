/** How a line of chatter is told: by how it begins, and by what it names after that. */

export interface Sign {
  readonly begins: RegExp;
  /** Looked for behind the beginning. */
  readonly names: RegExp;
}

/** Longer is no remark of a model but a paragraph; this also bounds what the patterns look at. */
const MAX_LENGTH = 400;

/** Pictures and arrows around a remark. A dash is none: it begins direct speech. */
const DECORATION =
  '[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\p{RI}\\u200D\\uFE0F\\u2190-\\u21FF\\s]';
const EDGES = new RegExp(`^${DECORATION}+|${DECORATION}+$`, 'gu');

/** The source of a pattern for any one of the words, whole: `a|b`, `c~`; a tilde is any ending. */
export function anyOf(words: readonly string[]): string {
  const sources = words.map((word) => word.replaceAll('~', '\\p{L}*'));
  return `(?<!\\p{L})(?:${sources.join('|')})(?!\\p{L})`;
}

/** Without a second pattern, the first one says it all. */
export function sign(begins: string, names = ''): Sign {
  return { begins: new RegExp(`^(?:${begins})`, 'iu'), names: new RegExp(names, 'iu') };
}

/** The remark on a line, with plain apostrophes and spaces; empty when it is too long for one. */
export function remarkOf(line: string): string {
  if (line.length > MAX_LENGTH) return '';
  return line.replaceAll(EDGES, '').replaceAll('’', "'").replaceAll(/\s+/g, ' ');
}

export function shows(remark: string, { begins, names }: Sign): boolean {
  const beginning = begins.exec(remark)?.[0];
  return beginning !== undefined && names.test(remark.slice(beginning.length));
}

/** A short answer between quotation marks, such as the one that a model waits for. */
export const QUOTED = `["'„“”‚‘«»][^"'„“”‚‘«»]{1,30}["'“”‘«»]`;

const TELL_ME = anyOf([
  '(?:just |simply )?(?:say|type|write|reply)|let me know|stačí|napíš~|napiš~',
  'daj~ (?:mi )?vedieť|dej~ (?:mi )?vědět|sag~|schreib~',
]);
/** Nothing more, or how to answer. */
export const NOTHING_MORE = `(?: ${TELL_ME}.*)?$`;
/** The end of a question, and of the line with it. */
export const ASKED = `[^.!?]*\\?${NOTHING_MORE}`;
/** Where the second half of a sentence begins that begins with a condition. */
export const THEN = '(?:^|,) ?';
/** What follows a colon is the lesson's: a tip, a rule, a sentence to say. */
export const NO_COLON = '[^:]*$';
/** Some words of the same clause. */
export const FEW_WORDS = '(?:[^\\s.!?:,]+ ){0,6}';
