/**
 * What was meant against what was read back. An editor makes a paragraph of each line, a turn shows
 * runs of spaces as one, a clipboard has line ends of its own: none of that is a difference.
 */
import { createHash } from 'node:crypto';

/**
 * `exact`: line for line the same. `spaced`: the same lines, but other numbers of blank lines between
 * them. `different`: anything else.
 */
export type Likeness = 'exact' | 'spaced' | 'different';

/** Line ends as \n, no-break spaces as spaces, no spaces at the end of a line. */
function lines(text: string): string[] {
  return text
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/\u00a0/g, ' ')
    .split('\n')
    .map((line) => line.trimEnd());
}

function withoutOuterBlanks(all: readonly string[]): string[] {
  const first = all.findIndex((line) => line !== '');
  const last = all.findLastIndex((line) => line !== '');
  return first < 0 ? [] : all.slice(first, last + 1);
}

export function compareTexts(meant: string, readBack: string): Likeness {
  const [one, other] = [lines(meant), lines(readBack)];
  if (withoutOuterBlanks(one).join('\n') === withoutOuterBlanks(other).join('\n')) return 'exact';
  const full = (all: readonly string[]): string => all.filter((line) => line !== '').join('\n');
  return full(one) === full(other) ? 'spaced' : 'different';
}

/** True when there is nothing but blanks: what an empty editor reads back as. */
export function isBlank(text: string): boolean {
  return text.replace(/[\s\u00a0\u200b\ufeff]/g, '') === '';
}

/**
 * Letters, digits and marks only: what is left of a text however it is shown, with its markdown or
 * rendered. A text without any of these keeps all that is not a blank.
 */
export function skeletonOf(text: string): string {
  const composed = text.normalize('NFC');
  const bones = composed.replace(/[^\p{L}\p{N}\p{M}]+/gu, '');
  return bones === '' ? composed.replace(/[\s\u00a0]+/g, '') : bones;
}

/** Tells a prompt among the turns of a page; the same for its text as sent and as shown. */
export function fingerprintOf(text: string): string {
  return createHash('sha256').update(skeletonOf(text)).digest('hex');
}
