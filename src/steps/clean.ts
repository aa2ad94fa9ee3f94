/**
 * The eighth step: what a chat model left in a page besides the page. Leftover Markdown becomes
 * structure where it is certain, chatter goes at the edges, and every change is reported.
 */
import type { Block, Page, Section } from '../core/page.ts';
import type { Change } from './clean/change.ts';
import { isClosingChatter, isOpeningChatter } from './clean/chatter.ts';
import { cleanTexts } from './clean/inline-fields.ts';
import type { Report } from './clean/inline-fields.ts';
import { bulletsOf, itemLine, listOf, listRuns } from './clean/lists.ts';
import type { Bullets } from './clean/lists.ts';
import { isLiteral } from './clean/markdown.ts';
import {
  fencedFrom,
  headingOf,
  isFenceLine,
  paragraphOf,
  rewriteParagraph,
  textOf,
} from './clean/residue.ts';
import type { HeadingLine } from './clean/residue.ts';
import { addMark, joinLines, linesOf, richOf, slice } from './clean/rich.ts';
import { markFor } from './html/inline.ts';
import { sanitaryPage } from './html/sanitize.ts';
import { blockHasWords } from './page-words.ts';

export type { Change } from './clean/change.ts';

/** Each round removes signs, so a page comes to rest; this bound only keeps a mistake from hanging. */
const MAX_ROUNDS = 12;

/** Paragraphs that are single items, one after the other, are one list. */
function mergeItems(
  blocks: readonly Block[],
  bullets: Bullets,
  path: string,
  report: Report,
): Block[] {
  const merged: Block[][] = [];
  let next = 0;
  for (const { start, lines } of listRuns(blocks.map(itemLine), bullets)) {
    const list = listOf(lines);
    const before = lines.map((line) => line.text).join('\n');
    report({ path: `${path}[${start}]`, kind: 'list', before, after: textOf(list) });
    merged.push(blocks.slice(next, start), [list]);
    next = start + lines.length;
  }
  return [...merged, blocks.slice(next)].flat();
}

/** Paragraphs between two lines of a fence are the code of one block. */
function mergeFences(blocks: readonly Block[], path: string, report: Report): Block[] {
  const merged: Block[] = [];
  for (let index = 0; index < blocks.length;) {
    const fenced = fencedFrom(blocks, index);
    const block = blocks[index];
    if (fenced !== null) {
      const before = blocks.slice(index, index + fenced.length).map(textOf);
      const after = textOf(fenced.block);
      report({ path: `${path}[${index}]`, kind: 'code_block', before: before.join('\n'), after });
      merged.push(fenced.block);
      index += fenced.length;
    } else {
      if (block !== undefined) merged.push(block);
      index += 1;
    }
  }
  return merged;
}

function rewriteBlock(
  block: Block,
  bullets: Bullets,
  path: string,
  report: Report,
): readonly Block[] {
  if (block.type === 'details') {
    const blocks = cleanBlocks(block.blocks, `${path}.blocks`, report).map(
      withStrongHeading(path, report),
    );
    return [cleanTexts({ ...block, blocks }, path, report)];
  }
  if (block.type !== 'paragraph') return [cleanTexts(block, path, report)];
  const rewritten = rewriteParagraph(block, bullets);
  if (rewritten === null) return [cleanTexts(block, path, report)];
  report({ path, kind: rewritten.kind, before: block.text, after: rewritten.after });
  return rewritten.blocks;
}

/** Code that begins with `#` is a comment, or shows how a heading is written. */
function headingLineOf(block: Block): HeadingLine | null {
  const heading = headingOf(block);
  const isCode = block.type === 'paragraph' && heading !== null && isLiteral(richOf(block.html), 0);
  return isCode ? null : heading;
}

/** Inside details there are no sections: a heading is a strong line. */
function withStrongHeading(path: string, report: Report): (block: Block) => Block {
  return (block) => {
    const heading = headingLineOf(block);
    if (heading === null || block.type !== 'paragraph') return block;
    report({ path, kind: 'heading', before: block.text, after: heading.text });
    const rich = richOf(block.html);
    // The sign may stand within marks: a heading of the source is a strong line already.
    const bare = slice(rich, /^#+\s+/.exec(rich.text)?.[0].length ?? 0);
    return paragraphOf(addMark(bare, markFor('strong'), 0))[0] ?? block;
  };
}

function cleanBlocks(blocks: readonly Block[], path: string, report: Report): Block[] {
  const whole = mergeFences(blocks, path, report);
  const bullets = bulletsOf(whole);
  return mergeItems(whole, bullets, path, report).flatMap((block, index) =>
    rewriteBlock(block, bullets, `${path}[${index}]`, report),
  );
}

/** A paragraph that is a heading of Markdown begins a section. */
function splitAtHeadings(section: Section, path: string, report: Report): Section[] {
  const sections: { heading: string | null; level: number | null; blocks: Block[] }[] = [
    { heading: section.heading, level: section.level, blocks: [] },
  ];
  for (const [index, found] of section.blocks.entries()) {
    const at = `${path}.blocks[${index}]`;
    // A heading has no marks: what Markdown is in it is read while code can be told from it.
    const block = headingLineOf(found) === null ? found : cleanTexts(found, at, report);
    const heading = headingLineOf(block);
    if (heading === null) sections.at(-1)?.blocks.push(block);
    else {
      const before = block.type === 'paragraph' ? block.text : heading.text;
      report({ path: at, kind: 'heading', before, after: heading.text });
      sections.push({ heading: heading.text, level: heading.level, blocks: [] });
    }
  }
  return sections.filter((part) => part.heading !== null || part.blocks.length > 0);
}

function cleanSection(section: Section, path: string, report: Report): Section[] {
  const blocks = cleanBlocks(section.blocks, `${path}.blocks`, report);
  return splitAtHeadings({ ...section, blocks }, path, report);
}

type Edge = 'first' | 'last';

/** The sections without the chatter line at one edge; null when there is none there. */
function withoutEdge(sections: readonly Section[], edge: Edge, report: Report): Section[] | null {
  const at = edge === 'first' ? 0 : sections.length - 1;
  const section = sections[at];
  const index = edge === 'first' ? 0 : (section?.blocks.length ?? 0) - 1;
  const block = section?.blocks[index];
  if (section === undefined || block?.type !== 'paragraph') return null;
  const path = `sections[${at}].blocks[${index}]`;
  const kept = withoutEdgeLine(block, edge, path, report);
  if (kept === null) return null;
  const blocks = section.blocks.toSpliced(index, 1, ...kept);
  // Chatter has no heading of its own: what stands alone under one is the lesson's.
  const isAlone = section.heading !== null && !blocks.some(isReadable);
  if (isAlone && !isFenceLine(block)) return null;
  const rest = sections.toSpliced(at, 1, { ...section, blocks });
  return rest.filter((part) => part.heading !== null || part.blocks.length > 0);
}

function withoutEdgeLine(
  block: Extract<Block, { type: 'paragraph' }>,
  edge: Edge,
  path: string,
  report: Report,
): Block[] | null {
  if (isFenceLine(block)) {
    report({ path, kind: 'fence_removed', before: block.text, after: '' });
    return [];
  }
  const lines = linesOf(richOf(block.html));
  const line = edge === 'first' ? lines[0] : lines.at(-1);
  const isChatter = edge === 'first' ? isOpeningChatter : isClosingChatter;
  if (line === undefined || !isChatter(line.text)) return null;
  report({ path, kind: 'chatter_removed', before: line.text, after: '' });
  return paragraphOf(joinLines(edge === 'first' ? lines.slice(1) : lines.slice(0, -1)));
}

/** A rule or the line of a fence is no content: the next round takes it away. */
function isReadable(block: Block): boolean {
  const isFence = block.type === 'paragraph' && isFenceLine(block);
  return !isFence && blockHasWords(block);
}

function hasContent(sections: readonly Section[]): boolean {
  return sections.some((section) => section.blocks.some(isReadable));
}

function withoutChatter(sections: readonly Section[], report: Report): readonly Section[] {
  let kept = sections;
  for (const edge of ['first', 'last'] as const) {
    for (;;) {
      const changes: Change[] = [];
      const next = withoutEdge(kept, edge, (change) => changes.push(change));
      // A page that is all chatter is for a person to see, not to be emptied.
      if (next === null || !hasContent(next)) break;
      changes.forEach(report);
      kept = next;
    }
  }
  return kept;
}

function cleanOnce(page: Page, report: Report): Page {
  const edges = withoutChatter(page.sections, report);
  const sections = edges.flatMap((section, index) =>
    cleanSection(section, `sections[${index}]`, report),
  );
  return { ...page, sections };
}

/** The clean page and every change, in the order made. Cleaning a clean page changes nothing. */
export function cleanPage(page: Page): { page: Page; changes: Change[] } {
  const changes: Change[] = [];
  let current = page;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = changes.length;
    const next = cleanOnce(current, (change) => changes.push(change));
    if (changes.length === before) break;
    current = next;
  }
  return { page: sanitaryPage(current), changes };
}
