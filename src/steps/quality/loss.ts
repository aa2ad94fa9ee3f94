/** How much of a lesson is on its page: both hold the same words, so what was left out can be counted. */
import type { Page } from '../../core/page.ts';
import type { QualityWarning } from '../../core/quality.ts';
import { countWords } from '../../core/reply/normalize.ts';
import { textsOfPage } from './prose.ts';

/** Left out as remarks of the conversation, or put in another form, are a few words, never so many. */
const WARN_BELOW = 0.85;

/**
 * What Markdown spells out and a page does not: numbers of items, where a link leads, there or at the
 * foot, lines of fences, tags and entities.
 */
const NOT_SHOWN = new RegExp(
  [
    String.raw`^[ \t>]*(?:\d+[.)](?=\s)|(?:\`{3,}|~{3,})[^\n]*|\[[^\]\n]{1,200}\]:[ \t]*\S[^\n]*)`,
    String.raw`\](?:\((?:[^()\n]|\([^()\n]{0,200}\)){0,500}\)|\[[^\]\n]{0,200}\])`,
    String.raw`<\/?[a-z][^<>\n]{0,500}>`,
    String.raw`&(?:[a-z]{2,10}|#\d{1,7});`,
  ].join('|'),
  'gim',
);

/** Within a word, as in a script without spaces, they part it. */
const EMPHASIS = /[*`]+/g;

export function wordsOfLesson(lesson: string): number {
  return countWords(lesson.replace(NOT_SHOWN, ' ').replace(EMPHASIS, ''));
}

export function wordsOfPage(page: Page): number {
  return countWords(textsOfPage(page).join('\n'));
}

/** A warning when more of the lesson is missing than editing explains. */
export function lostWords(page: Page, lesson: string): QualityWarning[] {
  const [words, lessonWords] = [wordsOfPage(page), wordsOfLesson(lesson)];
  if (words >= WARN_BELOW * lessonWords) return [];
  const percent = 100 * (1 - words / lessonWords);
  return [{ code: 'words_lost', page: page.page_index, count: Math.round(percent) }];
}
