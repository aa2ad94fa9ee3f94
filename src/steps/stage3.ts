/** The sixth step: the model turns each lesson into HTML; here its reply is judged. */
import { extractHtml } from '../core/reply/extract-html.ts';
import type { Page } from '../core/page.ts';
import { ok, refuse } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { htmlToPage, type PageOptions } from './html-to-json.ts';
import { findGarbage } from './quality.ts';
import { judgeLanguage } from './quality/language.ts';
import { hasOmission } from './quality/leftovers.ts';
import { hasShare, wordsOfLesson, wordsOfPage } from './quality/loss.ts';
import { proseOfLesson, proseOfPage } from './quality/prose.ts';
import { findSwallowed } from './quality/swallowed.ts';

export interface PageReply {
  readonly html: string;
  readonly page: Page;
}

/**
 * The page's HTML out of a reply, and the page that it is. Whether a tag swallowed some of it is judged
 * when the reply comes (`checkPageReply`): what was accepted then is only read here.
 */
export function readPageReply(reply: string, options: PageOptions): Result<PageReply> {
  const html = extractHtml(reply);
  if (!html.ok) return html;
  const page = htmlToPage(html.value, options);
  if (!page.ok) return page;
  return page.value.sections.some((section) => section.blocks.length > 0)
    ? ok({ html: html.value, page: page.value })
    : refuse('the HTML page has headings but no content below them');
}

/** As readPageReply; a page of which nothing is left is told by what swallowed it. */
function readForJudgement(reply: string): Result<PageReply> {
  const read = readPageReply(reply, { pageIndex: 1, language: null });
  if (read.ok) return read;
  const html = extractHtml(reply);
  const swallowed = html.ok ? findSwallowed(html.value) : null;
  return swallowed === null ? read : refuse(swallowed);
}

export function checkHtmlReply(reply: string): Result<string> {
  const read = readForJudgement(reply);
  if (!read.ok) return read;
  const swallowed = findSwallowed(read.value.html);
  return swallowed === null ? ok(read.value.html) : refuse(swallowed);
}

/** Fewer words than this are a remark, not a page. */
const MIN_WORDS = 20;
/** Markdown and HTML of a lesson have the same words; a page with less than this of them is a summary. */
const MIN_SHARE = 0.4;
/** With at least this part of the words nothing was left out that a comment could stand for. */
const WHOLE_SHARE = 0.9;

export interface PageReplyInput {
  /** What the page was to be made from; null when it is not known. */
  readonly lesson: string | null;
  /** As the profile names it; null when it is not known. */
  readonly language: string | null;
}

function findLoss(page: Page, lesson: string | null): string | null {
  const words = wordsOfPage(page);
  const lessonWords = lesson === null ? 0 : wordsOfLesson(lesson);
  if (words >= Math.max(MIN_WORDS, MIN_SHARE * lessonWords)) return null;
  return lesson === null
    ? `the page has ${words} words; the whole lesson was asked for`
    : `the page has ${words} words, the lesson ${lessonWords}; every sentence of it was asked for`;
}

function isWhole(page: Page, lesson: string | null): boolean {
  return lesson !== null && hasShare(page, lesson, WHOLE_SHARE);
}

/** A lesson that was taken in another language is not the page's fault. */
function languageOf({ lesson, language }: PageReplyInput): string | null {
  if (lesson === null) return language;
  return judgeLanguage(proseOfLesson(lesson), language)?.kind === 'other' ? null : language;
}

function findFault(page: Page, input: PageReplyInput): string | null {
  const prose = proseOfPage(page);
  // The lesson is looked at only when something is wrong: to tell a language takes its time.
  if (findGarbage(prose, input.language, 'page') === null) return null;
  return findGarbage(prose, languageOf(input), 'page');
}

/** The HTML of a reply that may still be asked for again: `readPageReply`, and not certain garbage. */
export function checkPageReply(reply: string, input: PageReplyInput): Result<string> {
  const read = readForJudgement(reply);
  if (!read.ok) return read;
  const { html, page } = read.value;
  if (!isWhole(page, input.lesson)) {
    const swallowed = findSwallowed(html);
    if (swallowed !== null) return refuse(swallowed);
    if (hasOmission(html)) {
      return refuse(
        'a comment stands where a part of the page should; the whole page was asked for',
      );
    }
  }
  const fault = findLoss(page, input.lesson) ?? findFault(page, input);
  return fault === null ? ok(html) : refuse(fault);
}
