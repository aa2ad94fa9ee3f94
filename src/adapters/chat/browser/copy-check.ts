/**
 * Is what the page's copy gave the answer that it shows? The copy is markdown and the page shows it
 * rendered, so words are compared, in order: every word that is shown must be in the copy. The copy may
 * have some more, as addresses of links and formulas stand in it.
 */
export type CopyVerdict = 'whole' | 'empty' | 'partial' | 'other';

/** Words that a copy may hold beside those that are shown, as a share of these. */
const EXTRA_SHARE = 0.1;

/** The page numbers a list itself, whatever stands in the markdown. */
const LIST_NUMBERS = /^[ \t>]*\d+[.)] /gm;
const WORDS = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu;

function wordsOf(markdown: string): string[] {
  const text = markdown.normalize('NFC').toLowerCase().replace(LIST_NUMBERS, '');
  // A text of signs alone is taken as one word.
  return text.match(WORDS) ?? text.split(/\s+/).filter((word) => word !== '');
}

/** How many of `shown`, from the first on, stand in `copied` in this order. */
function foundInOrder(shown: readonly string[], copied: readonly string[]): number {
  let found = 0;
  for (const word of copied) if (word === shown[found]) found += 1;
  return found;
}

/** Both as markdown: the copy as it came, and what the page shows by to-markdown.ts. */
export function checkCopy(copied: string, shownMarkdown: string): CopyVerdict {
  if (copied.trim() === '') return 'empty';
  const [got, shown] = [wordsOf(copied), wordsOf(shownMarkdown)];
  const found = foundInOrder(shown, got);
  const extra = got.length - found;
  if (found === shown.length) {
    return extra <= shown.length * EXTRA_SHARE || extra === 0 ? 'whole' : 'other';
  }
  return foundInOrder(got, shown) === got.length ? 'partial' : 'other';
}

/** Within lists and quotes too. */
const FENCE = /^(?:[ \t>]|[-*+] |\d+[.)] )*(`{3,}|~{3,})(.*)$/;

function hasOpenFence(markdown: string): boolean {
  let open: string | null = null;
  for (const line of markdown.split('\n')) {
    const [, fence = '', rest = ''] = FENCE.exec(line.trimEnd()) ?? [];
    if (fence === '') continue;
    if (open === null) {
      // A back-tick fence holds none in its info; such a line is inline code.
      if (!(fence.startsWith('`') && rest.includes('`'))) open = fence;
    } else if (fence.startsWith(open) && rest.trim() === '') {
      open = null;
    }
  }
  return open !== null;
}

/** An answer that ends within a block of code was cut: the page closes the block, the copy does not. */
export function isCutShort(copied: string, shownMarkdown: string): boolean {
  return hasOpenFence(copied) && /`{3,}$/.test(shownMarkdown.trimEnd());
}
