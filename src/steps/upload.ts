/** The ninth step: the last look at the pages before the learner can see them. */
import type { Page } from '../core/page.ts';
import { page as pageSchema } from '../core/page.ts';
import { ok, refuse } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { blockHasWords } from './page-words.ts';

/** Does a learner see more on this page than headings? */
function hasContent(page: Page): boolean {
  return page.sections.some((section) => section.blocks.some(blockHasWords));
}

function findFault(page: Page): string | null {
  const parsed = pageSchema.safeParse(page);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    return `page ${page.page_index} does not fit the page format at ${where === '' ? 'its top' : where}`;
  }
  return hasContent(page) ? null : `page ${page.page_index} has no visible text`;
}

/** The pages by index, if all of 1 to `blockCount` are there once, well-formed and with text. */
export function checkPages(pages: readonly Page[], blockCount: number): Result<readonly Page[]> {
  const indexes = pages.map((page) => page.page_index);
  const wanted = Array.from({ length: blockCount }, (_, index) => index + 1);
  const missing = wanted.filter((index) => !indexes.includes(index));
  if (missing.length > 0) {
    return refuse(
      `${pages.length} pages are there, ${blockCount} are needed; missing: ${missing.join(', ')}`,
    );
  }
  const repeated = indexes.filter((index, at) => indexes.indexOf(index) !== at);
  if (repeated.length > 0) {
    return refuse(`page ${[...new Set(repeated)].join(', page ')} is there more than once`);
  }
  const surplus = indexes.filter((index) => !wanted.includes(index));
  if (surplus.length > 0) {
    return refuse(`page ${surplus.join(', page ')} is too many; ${blockCount} pages were planned`);
  }
  const faults = pages.map(findFault).filter((fault) => fault !== null);
  if (faults.length > 0) return refuse(faults.join('; '));
  return ok(pages.toSorted((a, b) => a.page_index - b.page_index));
}
