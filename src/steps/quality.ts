/**
 * The look at lessons and pages before a learner sees them. What is certain garbage is a reason to ask
 * again, while the reply can still be asked for; all else is a warning in the run's summary.
 */
import type { Page } from '../core/page.ts';
import type { QualityCode, QualityWarning } from '../core/quality.ts';
import { languageLabel } from './prepare-html.ts';
import { judgeLanguage } from './quality/language.ts';
import { countLoops, countPlaceholders, isFiller } from './quality/leftovers.ts';
import { wordsOfPage } from './quality/loss.ts';
import { countHeadingFaults, countMarkupFaults } from './quality/page-faults.ts';
import { proseOfPage } from './quality/prose.ts';
import { similarity, wordRuns } from './quality/similarity.ts';

/** A lesson has some hundreds; the shortest that the rehearsal writes has more than this. */
const FEW_WORDS = 120;
/** Lessons of one plan share their headings and phrases, never whole paragraphs. */
const DUPLICATE = 0.8;

/**
 * Why a lesson or page is certainly of no use: in another language than the lead's, filler text, or a
 * model going round in circles. Null when it is not. `what` names it in the reason.
 */
export function findGarbage(
  texts: readonly string[],
  language: string | null,
  what: 'lesson' | 'page',
): string | null {
  const verdict = judgeLanguage(texts, language);
  if (verdict?.kind === 'other') {
    return (
      `the ${what} is written in ${languageLabel(verdict.language)}; ` +
      `${languageLabel(language)} was asked for`
    );
  }
  if (isFiller(texts)) return `the ${what} is filled with lorem ipsum instead of text`;
  const loops = countLoops(texts);
  return loops === 0 ? null : `the ${what} says one and the same line ${loops} times`;
}

function warningsOfPage(page: Page, language: string | null): QualityWarning[] {
  const texts = proseOfPage(page);
  const words = wordsOfPage(page);
  const { links, markup } = countMarkupFaults(page);
  const counts: readonly (readonly [QualityCode, number])[] = [
    ['few_words', words < FEW_WORDS ? Math.max(1, words) : 0],
    ['heading_order', countHeadingFaults(page.sections)],
    ['placeholder', countPlaceholders(texts)],
    ['other_language', judgeLanguage(texts, language)?.percent ?? 0],
    ['bad_link', links],
    ['markup_left', markup],
  ];
  return counts
    .filter(([, count]) => count > 0)
    .map(([code, count]) => ({ code, page: page.page_index, count }));
}

/** A page is told of the first page that it is nearly the same as. */
function duplicates(pages: readonly Page[]): QualityWarning[] {
  const runs = pages.map((page) => wordRuns(proseOfPage(page)));
  return pages.flatMap((page, index) => {
    const own = runs[index] ?? new Set();
    const first = runs.slice(0, index).findIndex((other) => similarity(own, other) >= DUPLICATE);
    const other = pages[first];
    return other === undefined
      ? []
      : [{ code: 'near_duplicate' as const, page: page.page_index, count: other.page_index }];
  });
}

/** Everything that the operator should look at before learners do, by page. */
export function judgePages(pages: readonly Page[], language: string | null): QualityWarning[] {
  return [
    ...pages.flatMap((page) => warningsOfPage(page, language)),
    ...duplicates(pages),
  ].toSorted((a, b) => a.page - b.page);
}
