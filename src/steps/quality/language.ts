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

const codes = new Map<string, string | null>([
  ['und', null],
  ['zlm', 'ms'],
]);

/** franc names languages by three letters; Unicode knows which two are the same, but for one. */
function codeOf(iso3: string): string | null {
  const known = codes.get(iso3);
  if (known !== undefined) return known;
  const code = languageCode(new Intl.Locale(iso3).language);
  codes.set(iso3, code);
  return code;
}

function areAlike(a: string, b: string): boolean {
  return a === b || ALIKE.some((group) => group.includes(a) && group.includes(b));
}

function countLetters(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}

/** Longer lines are pieces, shorter ones are put together. */
function piecesOf(texts: readonly string[]): string[] {
  const pieces: string[] = [];
  let piece = '';
  let letters = 0;
  for (const text of texts) {
    piece += `${text}\n`;
    letters += countLetters(text);
    if (letters < PIECE_LETTERS) continue;
    pieces.push(piece);
    piece = '';
    letters = 0;
  }
  return pieces;
}

/** The likeliest of the languages that a profile can name. */
function detect(piece: string): string | null {
  // Two of three languages of the detector are none of them. To weigh those up again and again was a
  // third of all that a run took of the processor.
  const ignore = [...codes].flatMap(([iso3, code]) => (code === null ? [iso3] : []));
  let likeliest: string | null = null;
  for (const [iso3] of francAll(piece, { ignore })) {
    const code = codeOf(iso3);
    likeliest ??= code;
  }
  return likeliest;
}

/** Languages of the pieces, until so many are in the wanted one that the rest could not matter. */
function languagesOf(pieces: readonly string[], wanted: string): string[] {
  const enough = (1 - MIXED_SHARE) * pieces.length;
  const found: string[] = [];
  let wantedOnes = 0;
  for (const piece of pieces) {
    const code = detect(piece);
    if (code === null) continue;
    found.push(code);
    if (areAlike(code, wanted)) wantedOnes += 1;
    if (wantedOnes > enough) break;
  }
  return found;
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
  const pieces = piecesOf(texts);
  if (pieces.length < MIN_PIECES) return null;
  const found = languagesOf(pieces, wanted);
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
