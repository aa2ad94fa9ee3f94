/** The blocks of a plan: `<blok-1>…</blok-1>` to `<blok-n>`, each once, in order, not empty. */
import { ok, refuse } from '../result.ts';
import type { Result } from '../result.ts';
import { countWords, hasWords, tidyReply } from './normalize.ts';
import { readingsOfText } from './readings.ts';

interface Tag {
  readonly n: number;
  readonly closing: boolean;
  readonly start: number;
  readonly end: number;
}

interface Block {
  readonly n: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Letter case, dash and inner spaces are forgiven; the name and the number are not. */
const TAG = /\\?<\s*(\/?)\s*blok\s*[-‐‑‒–—−_]?\s*(\d{1,6})(?=[\s>\\])[^<>]{0,200}>/giu;

function findTags(text: string): Tag[] {
  const all = [...text.matchAll(TAG)].map((match) => ({
    n: Number(match[2]),
    closing: match[1] === '/',
    start: match.index,
    end: match.index + match[0].length,
  }));
  // A tag in backticks is spoken about, not used.
  const used = all.filter((tag) => text[tag.start - 1] !== '`' || text[tag.end] !== '`');
  return withoutMentionAtEnd(text, used.length > 0 ? used : all);
}

function isAmidLine(text: string, tag: Tag): boolean {
  const line = text.slice(text.lastIndexOf('\n', tag.start) + 1, tag.start);
  return hasWords(line.replace(TAG, ''));
}

/** "Shall I say more about <blok-3>?" after the plan: an opened tag amid a line, of a block seen before. */
function withoutMentionAtEnd(text: string, tags: readonly Tag[]): Tag[] {
  const last = tags.at(-1);
  if (last === undefined || last.closing) return [...tags];
  const isKnown = tags.slice(0, -1).some((tag) => tag.n === last.n && tag.closing);
  return isKnown && isAmidLine(text, last) ? tags.slice(0, -1) : [...tags];
}

/** Candidates: each begins where blok-1 opens and ends where it opens again. */
function splitCandidates(tags: readonly Tag[]): Tag[][] {
  const candidates: Tag[][] = [];
  for (const tag of tags) {
    const current = candidates.at(-1);
    if (current === undefined || (tag.n === 1 && !tag.closing)) candidates.push([tag]);
    else current.push(tag);
  }
  return candidates;
}

function tagName(tag: Tag): string {
  return `<${tag.closing ? '/' : ''}blok-${tag.n}>`;
}

const DECORATION = /^[ \t]*([*_`~]{1,3}|#{1,6}|[-+>])[ \t]*$/;

/** A block's text without what Markdown put around its tags, as in `**<blok-1>**` or `### <blok-1>`. */
function contentOf(text: string, open: Tag, close: Tag): string {
  const line = text.slice(text.lastIndexOf('\n', open.start) + 1, open.start);
  const sign = DECORATION.exec(line)?.[1];
  const lines = text.slice(open.end, close.start).split('\n');
  const isSign = (index: number): boolean => lines.at(index)?.trim() === sign;
  return lines
    .slice(isSign(0) ? 1 : 0, lines.length > 1 && isSign(-1) ? -1 : undefined)
    .join('\n')
    .trim();
}

/** The blocks of one candidate, or what is wrong with its tags. */
function pairUp(text: string, tags: readonly Tag[]): Result<Block[]> {
  const blocks: Block[] = [];
  let open: Tag | null = null;
  for (const tag of tags) {
    if (open === null && tag.closing) {
      return refuse(`${tagName(tag)} closes a block that was not opened`);
    }
    if (open === null) {
      open = tag;
    } else if (!tag.closing) {
      return refuse(
        `inside <blok-${open.n}> another tag ${tagName(tag)} opens; blocks must not be nested and ` +
          `each must be closed before the next`,
      );
    } else if (tag.n !== open.n) {
      return refuse(`<blok-${open.n}> is closed by ${tagName(tag)}`);
    } else {
      const inside = contentOf(text, open, tag);
      blocks.push({ n: tag.n, text: inside, start: open.start, end: tag.end });
      open = null;
    }
  }
  if (open !== null) {
    return refuse(`the reply was cut off: <blok-${open.n}> is never closed`);
  }
  return ok(blocks);
}

function listed(numbers: readonly number[]): string {
  const names = numbers.map((n) => `blok-${n}`);
  const shown = names.length > 8 ? [...names.slice(0, 7), `${names.length - 7} more`] : names;
  return shown.length === 1
    ? `${shown[0] ?? ''} is`
    : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''} are`;
}

/** What keeps these blocks from being the plan; null when nothing does. */
function findFault(blocks: readonly Block[], count: number): string | null {
  const numbers = blocks.map((block) => block.n);
  const wanted = Array.from({ length: count }, (_, index) => index + 1);
  const missing = wanted.filter((n) => !numbers.includes(n));
  const surplus = [...new Set(numbers)].filter((n) => n < 1 || n > count);
  const repeated = [...new Set(numbers.filter((n, index) => numbers.indexOf(n) !== index))];
  const faults = [
    ...(missing.length > 0 ? [`${listed(missing)} missing`] : []),
    ...(surplus.length > 0 ? [`${listed(surplus)} too many`] : []),
    ...(repeated.length > 0 ? [`${listed(repeated)} there more than once`] : []),
  ];
  if (faults.length > 0) {
    const blocksWord = blocks.length === 1 ? 'block' : 'blocks';
    return `the plan has ${blocks.length} ${blocksWord}, ${count} were asked for: ${faults.join('; ')}`;
  }
  const misplaced = numbers.find((n, index) => n !== index + 1);
  if (misplaced !== undefined) {
    return `the blocks are out of order: blok-${misplaced} stands where another should`;
  }
  const empty = blocks.filter((block) => !hasWords(block.text)).map((block) => block.n);
  return empty.length > 0 ? `${listed(empty)} empty` : null;
}

/** A heading over several blocks may stand between them; a lesson may not. */
const MOST_WORDS_BETWEEN = 15;

/** What stands between two blocks is in none of them, and would be lost. */
function findStray(text: string, blocks: readonly Block[]): string | null {
  const [before, after] = blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    const isStray =
      next !== undefined && countWords(text.slice(block.end, next.start)) > MOST_WORDS_BETWEEN;
    return isStray ? [block.n, next.n] : [];
  });
  if (before === undefined || after === undefined) return null;
  return (
    `text stands between </blok-${before}> and <blok-${after}>, in no block; ` +
    'each sentence of the plan must be inside one'
  );
}

/**
 * A second plan is one only after words or a cut; else its blocks repeat those of the first. Within a
 * block a tag amid a line is a slip or a mention: what stands before it must not be lost.
 */
function isApart(text: string, before: readonly Tag[], first: Tag): boolean {
  const last = before.at(-1);
  if (last === undefined) return true;
  if (!last.closing) return !isAmidLine(text, first);
  return hasWords(text.slice(last.end, first.start));
}

function readPlan(text: string, count: number): Result<string[]> & { readonly tags: number } {
  const tags = findTags(text);
  const candidates = splitCandidates(tags);
  let refused: string | null = null;
  let plan: string[] | null = null;
  for (const [index, candidate] of candidates.entries()) {
    const first = candidate[0];
    const before = candidates[index - 1] ?? [];
    const apart = first === undefined || isApart(text, before, first);
    const judged = apart ? candidate : [...before, ...candidate];
    const paired = pairUp(text, judged);
    const fault = paired.ok
      ? (findFault(paired.value, count) ?? findStray(text, paired.value))
      : paired.error.reason;
    if (paired.ok && fault === null) plan = paired.value.map((block) => block.text);
    else if (!apart) plan = null;
    refused = fault ?? refused;
  }
  if (plan !== null) return { ...ok(plan), tags: tags.length };
  const nothing = `the reply holds no block tags; a plan of <blok-1> to <blok-${count}> was asked for`;
  return { ...refuse(refused ?? nothing), tags: tags.length };
}

/**
 * The texts of the `count` blocks, in order. Of several plans in one reply a complete one is taken,
 * the last if there are more. Every refusal is worded so that it can be sent back to the model.
 */
export function extractBloks(reply: string, count: number): Result<string[]> {
  if (tidyReply(reply).trim() === '')
    return refuse(`the reply is empty; a plan of ${count} blocks was asked for`);
  const plans = readingsOfText(reply).map((text) => readPlan(text, count));
  // Where nothing is a plan, the first reading that has tags at all says what is wrong with it.
  const chosen = plans.find((plan) => plan.ok) ?? plans.find(({ tags }) => tags > 0) ?? plans[0];
  if (chosen === undefined) throw new Error('a reply without a reading');
  const { tags: _tags, ...result } = chosen;
  return result;
}
