/** Lists that Markdown wrote as lines; a sign or a number that means something is none of them. */
import type { Block, ListItem } from '../../core/page.ts';
import { inlineOfRich, richOf, withoutPrefix } from './rich.ts';
import type { Rich } from './rich.ts';

/** Which signs can draw a list. */
export type Bullets = ReadonlySet<string>;

/** Some lines of one list, and which is the first. */
export interface Run {
  readonly start: number;
  readonly lines: readonly Rich[];
}

const BULLET = /^([-*+•])\s+(?=\S)/;
const NUMBER = /^(\d{1,3})[.)]\s+(?=\S)/;
/** `- 10 %` and `+ 5 €` are amounts. */
const AMOUNT = /^[-+]\s+(?:\p{Sc}\s?)?\d/u;

/** As they follow a day; only German writes them with a capital. */
const MONTHS: readonly string[] = [
  'januára?|februára?|marec|marca|apríla?|mája?|júna?|júla?|augusta?',
  'septembra|októbra?|novembra|decembra',
  'leden|ledna|února?|březen|března|duben|dubna|květen|května|máje',
  'červen|června|červenec|července|srpen|srpna|září|říjen|října',
  'listopadu?|prosinec|prosince',
  '[Jj]anuar|[Jj]änner|[Ff]ebruar|[Mm]ärz|[Aa]pril|[Mm]ai|[Jj]uni|[Jj]uli',
  '[Aa]ugust|[Ss]eptember|[Oo]ktober|[Nn]ovember|[Dd]ezember',
  'january|february|march|may|june|july|october|december',
];
/** `1. mája` and `1. 5. 2026` are days. */
const DAY = new RegExp(
  `^\\d{1,2}\\.\\s+(?:\\d{1,2}\\.(?=\\s|$)|(?:${MONTHS.join('|')})(?!\\p{L}))`,
  'u',
);

const ALL: Bullets = new Set(['-', '*', '+', '•']);
const WITHOUT_PLUS_AND_MINUS: Bullets = new Set(['*', '•']);

/** Where lines with plus and lines with minus stand together, they are what is for and against. */
export function bulletsOf(blocks: readonly Block[]): Bullets {
  const lines = blocks.flatMap((block) =>
    block.type === 'paragraph' ? block.text.split('\n') : [],
  );
  const signs = new Set(lines.map((line) => BULLET.exec(line)?.[1]));
  return signs.has('+') && signs.has('-') ? WITHOUT_PLUS_AND_MINUS : ALL;
}

function numberOf(line: Rich): number | null {
  const digits = DAY.test(line.text) ? undefined : NUMBER.exec(line.text)?.[1];
  return digits === undefined ? null : Number(digits);
}

function bulletOf(line: Rich, bullets: Bullets): string | null {
  const sign = BULLET.exec(line.text)?.[1];
  return sign !== undefined && bullets.has(sign) ? sign : null;
}

/** How many lines from `start` on have one and the same sign, or count on. */
function runLength(lines: readonly (Rich | null)[], start: number, bullets: Bullets): number {
  const first = lines[start] ?? null;
  if (first === null) return 0;
  const number = numberOf(first);
  const bullet = bulletOf(first, bullets);
  if (number === null && bullet === null) return 0;
  const belongs = (line: Rich | null, index: number): boolean =>
    line !== null &&
    (number === null ? bulletOf(line, bullets) === bullet : numberOf(line) === number + index);
  let length = 1;
  while (belongs(lines[start + length] ?? null, length)) length += 1;
  return length;
}

/** All lists among the lines. Two lines at least: a single one that begins with a dash may be prose. */
export function listRuns(lines: readonly (Rich | null)[], bullets: Bullets): Run[] {
  const runs: Run[] = [];
  for (let start = 0; start < lines.length;) {
    const length = runLength(lines, start, bullets);
    const run = lines.slice(start, start + length).filter((line) => line !== null);
    // One amount among them leaves it open what the others are.
    if (length >= 2 && !run.some((line) => AMOUNT.test(line.text)))
      runs.push({ start, lines: run });
    start += Math.max(1, length);
  }
  return runs;
}

export function listOf(lines: readonly Rich[]): Block {
  const start = lines[0] === undefined ? null : numberOf(lines[0]);
  const items: ListItem[] = lines.map((line) =>
    inlineOfRich(withoutPrefix(line, start === null ? BULLET : NUMBER)),
  );
  return {
    type: 'list',
    ordered: start !== null,
    ...(start === null || start === 1 ? {} : { start }),
    items,
  };
}

/** A paragraph that is nothing but one item of a list. */
export function itemLine(block: Block): Rich | null {
  if (block.type !== 'paragraph' || block.text.includes('\n')) return null;
  return BULLET.test(block.text) || NUMBER.test(block.text) ? richOf(block.html) : null;
}

/** Items that repeat the bullet that their list draws anyway; a plus says more than a bullet. */
export function withoutBullets(items: readonly ListItem[]): ListItem[] | null {
  const repeats = ({ text }: ListItem): boolean =>
    BULLET.test(text) && !text.startsWith('+') && !AMOUNT.test(text);
  if (items.length === 0 || !items.every(repeats)) return null;
  return items.map((item) => ({
    ...item,
    ...inlineOfRich(withoutPrefix(richOf(item.html), BULLET)),
  }));
}
