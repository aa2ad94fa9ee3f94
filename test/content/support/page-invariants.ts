/** What holds for every HTML source, whoever wrote it; each broken promise as one line. */
import { page as pageSchema } from '../../../src/core/page.ts';
import type { Page } from '../../../src/core/page.ts';
import { qualityWarning } from '../../../src/core/quality.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import type { Change } from '../../../src/steps/clean.ts';
import { parseDocument } from '../../../src/steps/html/dom.ts';
import { sectionsOf } from '../../../src/steps/html/flow.ts';
import { plainOf } from '../../../src/steps/html/inline.ts';
import { isSanitary } from '../../../src/steps/html/sanitize.ts';
import { htmlToPage } from '../../../src/steps/html-to-json.ts';
import { judgePages } from '../../../src/steps/quality.ts';
import { renderPage } from '../../../src/steps/render.ts';
import { findDangers, htmlFields } from '../../unit/steps/support/safety.ts';
import { wordsOfHtml, wordsOfPage } from '../../unit/steps/support/visible.ts';

/** The first place where two lists of words part, for a person to look at. */
export function firstDifference(
  wanted: readonly string[],
  found: readonly string[],
): string | null {
  const at = wanted.findIndex((word, index) => word !== found[index]);
  if (at === -1 && wanted.length === found.length) return null;
  const from = Math.max(0, (at === -1 ? Math.min(wanted.length, found.length) : at) - 3);
  const shown = (words: readonly string[]): string => words.slice(from, from + 8).join(' ');
  return `word ${from + 3}: wanted «${shown(wanted)}», found «${shown(found)}»`;
}

/** Letters, and pictures that Unicode has: the words of a page leave the places out that it keeps free. */
const PICTURED = /[\p{L}\p{N}\p{M}]|(?!\p{Cn})\p{Extended_Pictographic}/gu;

function counted(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const letter of text.match(PICTURED) ?? []) {
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  return counts;
}

/** Letters that went or came without a change that says so. */
function unreported(before: Page, after: Page, changes: readonly Change[]): string[] {
  const words = (page: Page): string => [page.title, ...wordsOfPage(page, 'text')].join(' ');
  const balance = counted(words(after));
  const add = (text: string, sign: 1 | -1): void => {
    for (const [letter, count] of counted(text)) {
      balance.set(letter, (balance.get(letter) ?? 0) + sign * count);
    }
  };
  add(words(before), -1);
  for (const change of changes) {
    add(change.before, 1);
    add(change.after, -1);
  }
  return [...balance].filter(([, count]) => count !== 0).map(([letter]) => letter);
}

function faultsOfCleaning(page: Page): string[] {
  const { page: cleaned, changes } = cleanPage(page);
  const again = cleanPage(cleaned);
  const lost = unreported(page, cleaned, changes);
  return [
    ...(again.changes.length === 0 ? [] : ['cleaning a clean page changes it']),
    ...(pageSchema.safeParse(cleaned).success ? [] : ['the clean page does not fit the schema']),
    ...(lost.length === 0 ? [] : [`cleaning does not report what became of ${lost.join(' ')}`]),
    ...findDangers(cleaned).map((danger) => `the clean page holds ${danger}`),
  ];
}

function faultsOfRendering(page: Page): string[] {
  const again = htmlToPage(renderPage(page), { pageIndex: page.page_index, language: null });
  const same = again.ok && JSON.stringify(again.value) === JSON.stringify(page);
  return same ? [] : ['what was rendered is parsed to another page'];
}

/** Signs of Markdown, which a page leaves out of headings, terms and summaries, and nothing else. */
const SIGNS = /[*_~`#]+/g;

function withoutSigns(words: readonly string[]): string {
  return words.join('').replace(SIGNS, '');
}

function faultsOfWords(html: string, page: Page | null): string[] {
  const wanted = wordsOfHtml(html);
  const whole = htmlToPage(html, { pageIndex: 1, language: null }, plainOf);
  const differences = (['text', 'html'] as const).flatMap((form) => {
    const found = whole.ok && page !== null ? wordsOfPage(whole.value, form) : [];
    const difference = firstDifference(wanted, found);
    return difference === null ? [] : [`words of ${form} differ at ${difference}`];
  });
  const kept = page === null ? '' : withoutSigns(wordsOfPage(page, 'text'));
  return kept === withoutSigns(wanted) ? differences : [...differences, 'more than signs is gone'];
}

/** What the first gate built must be to the second one's liking as it is. */
function faultsOfGates(html: string): string[] {
  const root = parseDocument(html).root().get(0);
  const sections = root === undefined ? [] : sectionsOf(root, '', plainOf);
  return htmlFields(sections)
    .filter((built) => !isSanitary(built))
    .map((built) => `the sanitizer would change ${built}`);
}

function faultsOfJudgement(page: Page): string[] {
  return judgePages([page], 'sk')
    .filter((warning) => !qualityWarning.safeParse(warning).success)
    .map(({ code }) => `the warning ${code} cannot be stored`);
}

/** Everything that is wrong with what becomes of an HTML source; empty for every source. */
export function faultsOfSource(html: string): string[] {
  const result = htmlToPage(html, { pageIndex: 1, language: null });
  if (!result.ok) {
    const isTooDeep = result.error.reason.includes('nests');
    return isTooDeep ? [] : faultsOfWords(html, null);
  }
  const page = result.value;
  return [
    ...(pageSchema.safeParse(page).success ? [] : ['the page does not fit the schema']),
    ...(JSON.stringify(page).isWellFormed() ? [] : ['the page is no well-formed Unicode']),
    ...findDangers(page).map((danger) => `the page holds ${danger}`),
    ...faultsOfGates(html.toWellFormed().replaceAll('\0', '')),
    ...faultsOfWords(html, page),
    ...faultsOfRendering(page),
    ...faultsOfCleaning(page),
    ...faultsOfJudgement(page),
  ];
}
