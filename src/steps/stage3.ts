/** The sixth step: the model turns each lesson into HTML; here its reply is judged. */
import { extractHtml } from '../core/reply/extract-html.ts';
import type { Page } from '../core/page.ts';
import { ok, refuse } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { htmlToPage, type PageOptions } from './html-to-json.ts';
import { findGarbage } from './quality.ts';
import { judgeLanguage } from './quality/language.ts';
import { hasOmission } from './quality/leftovers.ts';
import { wordsOfLesson, wordsOfPage } from './quality/loss.ts';
import { proseOfLesson, proseOfPage } from './quality/prose.ts';
import { findSwallowed } from './quality/swallowed.ts';

export interface PageReply {
  readonly html: string;
  readonly page: Page;
}

function pageOf(html: string, options: PageOptions): Result<PageReply> {
  const page = htmlToPage(html, options);
  if (!page.ok) return page;
  return page.value.sections.some((section) => section.blocks.length > 0)
    ? ok({ html, page: page.value })
    : refuse('the HTML page has headings but no content below them');
}

/**
 * The page's HTML out of a reply, and the page that it is. Whether a tag swallowed some of it is judged
 * when the reply comes (`checkPageReply`): what was accepted then is only read here.
 */
export function readPageReply(reply: string, options: PageOptions): Result<PageReply> {
  const html = extractHtml(reply);
  return html.ok ? pageOf(html.value, options) : html;
}

export function checkHtmlReply(reply: string): Result<string> {
  const html = extractHtml(reply);
  if (!html.ok) return html;
  const swallowed = findSwallowed(html.value);
  if (swallowed !== null) return refuse(swallowed);
  const read = pageOf(html.value, { pageIndex: 1, language: null });
  return read.ok ? html : read;
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

/** `lesson` is null when it is not known. */
interface WordCounts {
  readonly page: number;
  readonly lesson: number | null;
}

function findLoss({ page, lesson }: WordCounts): string | null {
  if (page >= Math.max(MIN_WORDS, MIN_SHARE * (lesson ?? 0))) return null;
  return lesson === null
    ? `the page has ${page} words; the whole lesson was asked for`
    : `the page has ${page} words, the lesson ${lesson}; every sentence of it was asked for`;
}

/** What keeps a part of the page from being seen, unless all of the lesson is there. */
function findGap(html: string, { page, lesson }: WordCounts): string | null {
  if (lesson !== null && page >= WHOLE_SHARE * lesson) return null;
  const omission = hasOmission(html)
    ? 'a comment stands where a part of the page should; the whole page was asked for'
    : null;
  return findSwallowed(html) ?? omission;
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
  const html = extractHtml(reply);
  if (!html.ok) return html;
  const read = pageOf(html.value, { pageIndex: 1, language: null });
  // A page of which nothing is left is told by what swallowed it.
  if (!read.ok) return refuse(findSwallowed(html.value) ?? read.error.reason);
  const { page } = read.value;
  const lesson = input.lesson === null ? null : wordsOfLesson(input.lesson);
  const counts: WordCounts = { page: wordsOfPage(page), lesson };
  const fault = findGap(html.value, counts) ?? findLoss(counts) ?? findFault(page, input);
  return fault === null ? html : refuse(fault);
}
