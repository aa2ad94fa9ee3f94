/** Two texts line by line, and word by word where a line was changed. */
import { diffLines, diffWordsWithSpace } from 'diff';

export interface DiffPart {
  readonly text: string;
  /** False for what both lines have. */
  readonly isChanged: boolean;
}

export type DiffRow =
  | { readonly kind: 'same'; readonly left: number; readonly right: number; readonly text: string }
  | { readonly kind: 'removed'; readonly left: number; readonly parts: readonly DiffPart[] }
  | { readonly kind: 'added'; readonly right: number; readonly parts: readonly DiffPart[] }
  /** Lines that both have and that are left out. */
  | { readonly kind: 'gap'; readonly lines: number };

export interface TextDiff {
  readonly rows: readonly DiffRow[];
  readonly added: number;
  readonly removed: number;
}

/** More changes than these are shown as one text for another: the search would take too long. */
const MAX_LINE_EDITS = 3_000;
const MAX_WORD_EDITS = 400;
const CONTEXT_LINES = 3;

interface Chunk {
  readonly kind: 'same' | 'added' | 'removed';
  readonly lines: readonly string[];
}

/** The last line counts whether or not it ends with a line feed. */
const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');

function chunksOf(left: string, right: string): Chunk[] {
  const found = diffLines(left, right, { maxEditLength: MAX_LINE_EDITS });
  if (found === undefined) {
    return [
      { kind: 'removed', lines: linesOf(left) },
      { kind: 'added', lines: linesOf(right) },
    ];
  }
  return found.map(({ value, added, removed }) => {
    if (added) return { kind: 'added', lines: linesOf(value) };
    return { kind: removed ? 'removed' : 'same', lines: linesOf(value) };
  });
}

const whole = (text: string): readonly DiffPart[] => [{ text, isChanged: true }];

/** The two lines' parts; as a whole where they have next to nothing in common. */
function wordsOf(
  left: string,
  right: string,
): { readonly left: readonly DiffPart[]; readonly right: readonly DiffPart[] } {
  const found = diffWordsWithSpace(left, right, { maxEditLength: MAX_WORD_EDITS });
  const kept = (found ?? [])
    .filter(({ added, removed }) => !added && !removed)
    .reduce((sum, { value }) => sum + value.trim().length, 0);
  if (found === undefined || kept * 4 < Math.max(left.length, right.length)) {
    return { left: whole(left), right: whole(right) };
  }
  return {
    left: found
      .filter(({ added }) => !added)
      .map(({ value, removed }) => ({ text: value, isChanged: removed })),
    right: found
      .filter(({ removed }) => !removed)
      .map(({ value, added }) => ({ text: value, isChanged: added })),
  };
}

function changedRows(
  removed: readonly string[],
  added: readonly string[],
  at: { readonly left: number; readonly right: number },
): DiffRow[] {
  const pairs = removed.map((line, index) => {
    const other = added[index];
    return other === undefined ? null : wordsOf(line, other);
  });
  return [
    ...removed.map((line, index): DiffRow => {
      const parts = pairs[index]?.left ?? whole(line);
      return { kind: 'removed', left: at.left + index, parts };
    }),
    ...added.map((line, index): DiffRow => {
      const parts = pairs[index]?.right ?? whole(line);
      return { kind: 'added', right: at.right + index, parts };
    }),
  ];
}

function sameRows(
  lines: readonly string[],
  at: { readonly left: number; readonly right: number },
  around: { readonly before: boolean; readonly after: boolean },
): DiffRow[] {
  const rows = lines.map((text, index): DiffRow => {
    return { kind: 'same', left: at.left + index, right: at.right + index, text };
  });
  const head = around.before ? CONTEXT_LINES : 0;
  const tail = around.after ? CONTEXT_LINES : 0;
  const hidden = rows.length - head - tail;
  if (hidden <= 1) return rows;
  return [
    ...rows.slice(0, head),
    { kind: 'gap', lines: hidden },
    ...rows.slice(rows.length - tail),
  ];
}

export function diffTexts(left: string, right: string): TextDiff {
  const chunks = chunksOf(left, right);
  const rows: DiffRow[] = [];
  const at = { left: 1, right: 1 };
  const counts = { added: 0, removed: 0 };
  for (let index = 0; index < chunks.length; index += 1) {
    const chunk = chunks[index];
    if (chunk === undefined) break;
    if (chunk.kind === 'same') {
      const around = { before: index > 0, after: index < chunks.length - 1 };
      rows.push(...sameRows(chunk.lines, at, around));
      at.left += chunk.lines.length;
      at.right += chunk.lines.length;
      continue;
    }
    const next = chunks[index + 1];
    const removed = chunk.kind === 'removed' ? chunk.lines : [];
    const isPair = chunk.kind === 'removed' && next?.kind === 'added';
    const added = isPair ? next.lines : chunk.kind === 'added' ? chunk.lines : [];
    if (isPair) index += 1;
    rows.push(...changedRows(removed, added, at));
    at.left += removed.length;
    at.right += added.length;
    counts.added += added.length;
    counts.removed += removed.length;
  }
  return { rows, ...counts };
}
