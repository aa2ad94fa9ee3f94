/** A page that was sent in several fences: "Part 1", a fence, "Part 2", another one. */
import { findFences, type Fence } from './fences.ts';
import { hasWords } from './normalize.ts';

const BEGIN = /<!doctype html|<html(?=[\s>])/i;
const END = /<\/html\s*>/i;
const PAGE_TAGS = new Set(['html', 'htm', 'xhtml', 'xml']);
const CODE_TAG = /<(\/?)(?:pre|textarea)(?=[\s>])/gi;

/** The fences from the one in which a page begins to the one in which it ends; none when that is the same. */
function partsOf(fences: readonly Fence[]): readonly Fence[] {
  let parts: Fence[] = [];
  for (const fence of fences) {
    // Begun anew: what was there before was given up.
    if (BEGIN.test(fence.content)) parts = [fence];
    else if (parts.length > 0) parts.push(fence);
    if (!END.test(fence.content)) continue;
    if (parts.length > 1) return parts;
    parts = [];
  }
  return [];
}

/** What a page shows as it is may hold fences of its own. */
function endsInCode(html: string, beganInCode: boolean): boolean {
  const last = [...html.matchAll(CODE_TAG)].at(-1);
  return last === undefined ? beganInCode : last[1] === '';
}

/** Is what stands between two fences said about the page, and not a part of it in Markdown? */
function isRemark(between: string, next: Fence): boolean {
  return !/<[a-z/!]/i.test(between) && (PAGE_TAGS.has(next.tag) || !hasWords(between));
}

/** The same text with the parts of a page in one fence, and nothing between them. */
export function joinParts(text: string): string {
  const parts = partsOf(findFences(text));
  let joined = '';
  let from = 0;
  let inCode = false;
  for (const [index, part] of parts.entries()) {
    inCode = endsInCode(part.content, inCode);
    const next = parts[index + 1];
    if (next === undefined || inCode || !isRemark(text.slice(part.end, next.start), next)) continue;
    joined += text.slice(from, part.contentStart + part.content.length);
    from = next.contentStart;
  }
  return joined + text.slice(from);
}
