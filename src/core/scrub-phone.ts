/**
 * Telephone numbers in a text. Only what is written as one is taken: with a country code, with a
 * trunk zero, or in the usual groups. Ids, hashes, dates, run ids and plain numbers are left alone.
 */

/** Not in the middle of a word, a number, a path or a uuid. */
const BEFORE = String.raw`(?<![\p{L}\p{N}_.+/-])`;
const AFTER = String.raw`(?![\p{L}\p{N}_]|[-:]\p{N}|-\p{L})`;
const GAP = String.raw`[ \u00a0.-]`;

interface Format {
  readonly pattern: RegExp;
  /** Not counting the 00 that stands for a plus. */
  readonly minDigits: number;
  readonly maxDigits: number;
}

function formatOf(source: string, minDigits: number, maxDigits: number): Format {
  return { pattern: new RegExp(BEFORE + source + AFTER, 'gu'), minDigits, maxDigits };
}

const FORMATS: readonly Format[] = [
  // +421905123456, 00421905123456
  formatOf(String.raw`(?:\+|00)[1-9]\d{7,14}`, 8, 15),
  // +421 905 123 456, (+44) 20 7946 0958, +421 (0)905/123 456
  formatOf(
    String.raw`\(?(?:\+|00)[1-9]\d{0,6}\)?(?: ?\(0\))?[ \u00a0./(-]{0,2}\d{1,4}(?:[ \u00a0./)-]{1,2}\d{2,8}){1,5}`,
    8,
    13,
  ),
  // 0905 123 456, 0905/123456, (02) 1234 5678, 0905123456
  formatOf(String.raw`\(?0[1-9]\d{0,3}\)?[ \u00a0/-]?\d{2,8}(?:[ \u00a0-]\d{2,4}){0,4}`, 9, 11),
  // 01.23.45.67.89
  formatOf(String.raw`0[1-9](?:\.\d{2}){4}`, 10, 10),
  // 555-123-4567, (555) 123-4567, 1-800-555-1234
  formatOf(String.raw`(?:1${GAP})?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}${GAP})\d{3}${GAP}\d{4}`, 10, 11),
  // 905 123 456
  formatOf(String.raw`(?<!\d )[679]\d{2} \d{3} \d{3}(?! \d)`, 9, 9),
];

const DATE = /^\(?\d{1,2}[ /-]\d{1,2}[ /-]\d{4}/;

function digitsIn(text: string): number {
  return text.replace(/^\(?00|\D/g, '').length;
}

/** The number at the beginning; a count that follows after a space is none of it. */
function withoutTail(found: string, maxDigits: number): string {
  let number = found;
  while (digitsIn(number) > maxDigits) {
    const shorter = number.replace(/[^\d]+\d+$/, '');
    if (shorter === number) break;
    number = shorter;
  }
  return number;
}

function isNumber(number: string, { minDigits, maxDigits }: Format): boolean {
  const digits = digitsIn(number);
  return digits >= minDigits && digits <= maxDigits && !DATE.test(number);
}

function scrubFormat(text: string, format: Format, mark: string): string {
  const { pattern, maxDigits } = format;
  let scrubbed = '';
  let read = 0;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const number = withoutTail(found[0], maxDigits);
    if (isNumber(number, format)) {
      scrubbed += text.slice(read, found.index) + mark;
      read = found.index + number.length;
    }
    // What follows may be a number itself, also when it was taken for a part of this one.
    pattern.lastIndex = Math.max(read, found.index + 1);
  }
  return scrubbed + text.slice(read);
}

/** Replaces every telephone number by `mark`. */
export function scrubPhones(text: string, mark: string): string {
  return FORMATS.reduce((scrubbed, format) => scrubFormat(scrubbed, format, mark), text);
}
