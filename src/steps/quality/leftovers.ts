/** What was meant to be replaced or left out, and shows all the same. */
import { countWords } from '../../core/reply/normalize.ts';
import { TEMPLATES } from '../../core/template.ts';

const LOREM = new Set(
  (
    'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore ' +
    'et dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi ' +
    'aliquip ex ea commodo consequat duis aute irure in reprehenderit voluptate velit esse cillum eu ' +
    'fugiat nulla pariatur excepteur sint occaecat cupidatat non proident sunt culpa qui officia ' +
    'deserunt mollit anim id est laborum'
  ).split(' '),
);
/** A lesson may speak about filler text; one that is filler is none. */
const FILLER_WORDS = 30;
const FILLER_SHARE = 0.3;

/** A line of some length that comes this often, and makes up this part of all, is a model in a loop. */
const LOOP_TIMES = 10;
const LOOP_SHARE = 0.3;
const LOOP_CHARS = 30;

const NAMES = [...new Set(Object.values(TEMPLATES).flatMap(({ placeholders }) => placeholders))];

const PLACEHOLDERS: readonly RegExp[] = [
  /\blorem ipsum\b/giu,
  new RegExp(`\\[(?:${NAMES.join('|')})\\]`, 'gu'),
  /\b(?:TODO|TBD|FIXME)\b(?=\s*(?::|\]|$))/gu,
  /\{\{\s*[\w.-]+\s*\}\}/gu,
  /\[(?:\.{3}|…)[^[\]\n]{0,120}\]|\[[^[\]\n]{0,120}(?:\.{3}|…)\]/gu,
  /\b(?:rest|remainder) of (?:the |this )?(?:lesson|page|content|section|chapter)s? (?:goes|continues|follows|here|omitted|unchanged)/giu,
];

/** How many leftovers the texts hold. */
export function countPlaceholders(texts: readonly string[]): number {
  return texts.reduce(
    (sum, text) =>
      PLACEHOLDERS.reduce((count, pattern) => count + (text.match(pattern)?.length ?? 0), sum),
    0,
  );
}

/** Is the text filler for the most part? */
export function isFiller(texts: readonly string[]): boolean {
  const text = texts.join('\n');
  if (!/\blorem\b/iu.test(text)) return false;
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const filler = words.filter((word) => LOREM.has(word)).length;
  return filler >= FILLER_WORDS && filler >= FILLER_SHARE * words.length;
}

/** How often one line comes in a text that goes round in circles; 0 in any other. */
export function countLoops(texts: readonly string[]): number {
  const times = new Map<string, number>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const key = line.trim().toLowerCase();
    if (key.length >= LOOP_CHARS) times.set(key, (times.get(key) ?? 0) + 1);
  }
  const all = countWords(texts.join('\n'));
  const loops = [...times].filter(
    ([line, count]) => count >= LOOP_TIMES && count * countWords(line) >= LOOP_SHARE * all,
  );
  return Math.max(0, ...loops.map(([, count]) => count));
}

/** `REST API` names a subject and `Continue with the exercises` a part: only what speaks of parts left out counts. */
const OMISSION = new RegExp(
  [
    '\\.{3}|…',
    '\\b(?:rest|remainder) of\\b|\\bthe (?:rest|remainder)\\b|^\\s*rest\\s*$',
    '\\bremaining (?:\\w+ )?(?:content|parts?|sections?|lessons?|exercises?|items?|rows?|text)\\b',
    '\\b(?:continue[sd]? (?:here|below|like this|in the same way)|omitted|unchanged)\\b',
    '\\b(?:same as (?:above|before)|goes here|placeholder|your content)\\b',
    '(?<!\\p{L})(?:zvyšok|zvyšná|zbytek|pokračuj|vynechan|ďalší obsah|další obsah|sem príde|sem přijde)',
  ].join('|'),
  'iu',
);

/**
 * Does a comment stand where a part of the page should, such as `<!-- rest of the lesson -->`? By its
 * words alone it may as well be one about a day of rest, so the page's own words are counted first.
 */
export function hasOmission(html: string): boolean {
  return [...html.matchAll(/<!--([\s\S]{0,500}?)-->/g)].some(([, comment = '']) =>
    OMISSION.test(comment),
  );
}
