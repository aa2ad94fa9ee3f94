/** Is a text in the language that it was asked for in? Judged piece by piece, as lessons quote others. */
import { francAll } from 'franc';
import { languageCode } from '../../core/language.ts';

/** Letters of a piece: fewer are not told apart with certainty. */
const PIECE_LETTERS = 200;
/** Pieces without which nothing is said. */
const MIN_PIECES = 3;
/** Shares of pieces in one other language: all but certain, and worth a look. */
const OTHER_SHARE = 0.8;
const MIXED_SHARE = 0.4;

/** The detector does not know these, and would take them for another. */
const UNTOLD = new Set(['cy', 'eu', 'ga', 'is', 'mt']);

/** Written so much alike that a detector takes one for the other. */
const ALIKE: readonly (readonly string[])[] = [
  ['bs', 'hr', 'sr'],
  ['nb', 'nn', 'no', 'da'],
  ['fil', 'tl'],
  ['id', 'ms'],
  ['gl', 'pt'],
  ['af', 'nl'],
];

/** franc names languages by three letters; Unicode knows which two are the same, but for one. */
function codeOf(iso3: string): string | null {
  if (iso3 === 'und') return null;
  if (iso3 === 'zlm') return 'ms';
  return languageCode(new Intl.Locale(iso3).language);
}

function areAlike(a: string, b: string): boolean {
  return a === b || ALIKE.some((group) => group.includes(a) && group.includes(b));
}

/** Longer lines are pieces, shorter ones are put together. */
function piecesOf(texts: readonly string[]): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const text of texts) {
    piece += `${text}\n`;
    if ((piece.match(/\p{L}/gu) ?? []).length < PIECE_LETTERS) continue;
    pieces.push(piece);
    piece = '';
  }
  return pieces;
}

/** The likeliest of the languages that a profile can name. */
function detect(piece: string): string | null {
  for (const [iso3] of francAll(piece)) {
    const code = codeOf(iso3);
    if (code !== null) return code;
  }
  return null;
}

export interface LanguageVerdict {
  /** `other`: the whole is in another language. `mixed`: a good part of it. */
  readonly kind: 'other' | 'mixed';
  /** Two letters: the other language. */
  readonly language: string;
  /** Of the pieces in it, 0 to 100. */
  readonly percent: number;
}

/**
 * What is wrong with the language of the texts; null when nothing is, or when it cannot be told:
 * `expected` is unknown or unknown to the detector, or the texts are too short.
 */
export function judgeLanguage(
  texts: readonly string[],
  expected: string | null,
): LanguageVerdict | null {
  const wanted = languageCode(expected);
  if (wanted === null || UNTOLD.has(wanted)) return null;
  const found = piecesOf(texts)
    .map(detect)
    .filter((code) => code !== null);
  if (found.length < MIN_PIECES) return null;
  const counts = new Map<string, number>();
  for (const code of found) counts.set(code, (counts.get(code) ?? 0) + 1);
  const others = [...counts].filter(([code]) => !areAlike(code, wanted));
  const [language, count] = others.toSorted((a, b) => b[1] - a[1])[0] ?? ['', 0];
  const share = count / found.length;
  if (share < MIXED_SHARE) return null;
  return {
    kind: share >= OTHER_SHARE ? 'other' : 'mixed',
    language,
    percent: Math.round(share * 100),
  };
}
