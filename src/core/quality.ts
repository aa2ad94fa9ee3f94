/** What is wrong with pages, as steps found: codes, page numbers and counts, no content. */
import { z } from 'zod';

/** From the one to look at first. */
export const SEVERITIES = ['high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Every code and how bad it is for who learns from the page. High: something is missing or cannot be
 * understood. Medium: there is something to learn, but less than there should be. Low: a blemish.
 */
export const SEVERITY_OF = {
  /** `count` leftovers such as `lorem ipsum`, `[OBSAH]` or `TODO`: what they stand for is missing. */
  placeholder: 'high',
  /** `count` percent of the text are in another language than the lead's: not understood. */
  other_language: 'high',
  /** Nearly the same as page `count`: a lesson of its own is missing. */
  near_duplicate: 'high',
  /** `count` words, where a lesson has some hundreds: thin, but what is there is right. */
  few_words: 'medium',
  /** `count` percent of the lesson's words are not on its page: what is there can be learned from. */
  words_lost: 'medium',
  /** `count` links whose address or text leads nowhere: the page itself is whole. */
  bad_link: 'medium',
  /** `count` links whose address has no place in the page, as in a heading: what they show is there. */
  link_lost: 'medium',
  /** `count` places where a heading skips a level, or is a second one of the first: reads on. */
  heading_order: 'low',
  /** `count` pieces of HTML or Markdown that show as text: ugly, every word is there. */
  markup_left: 'low',
} as const satisfies Readonly<Record<string, Severity>>;
export type QualityCode = keyof typeof SEVERITY_OF;

const WORDS_OF: Readonly<Record<QualityCode, (count: number) => string>> = {
  placeholder: (count) => `leftover placeholders: ${count}`,
  other_language: (count) => `${count} % in another language`,
  near_duplicate: (count) => `nearly the same as page ${count}`,
  few_words: (count) => `few words: ${count}`,
  words_lost: (count) => `${count} % of the lesson's words are missing`,
  bad_link: (count) => `links that lead nowhere: ${count}`,
  link_lost: (count) => `links whose address was lost: ${count}`,
  heading_order: (count) => `headings out of order: ${count}`,
  markup_left: (count) => `HTML or Markdown shown as text: ${count}`,
};

export function isQualityCode(code: string): code is QualityCode {
  return Object.hasOwn(SEVERITY_OF, code);
}

/** As it stands in events: a later version may know more codes. */
export const qualityWarning = z.object({
  code: z.string().min(1),
  /** From 1. */
  page: z.int().positive(),
  count: z.int().nonnegative(),
});
export type QualityWarning = z.infer<typeof qualityWarning>;

/** In words, for the operator. A code of a later version is told as it is. */
export function wordsOf({ code, count }: QualityWarning): string {
  return isQualityCode(code) ? WORDS_OF[code](count) : `${code}: ${count}`;
}

/** As it is shown. Events hold no severity: a better judgement holds for old runs as well. */
export interface RatedWarning extends QualityWarning {
  readonly severity: Severity;
}

/** A code of a later version is neither hidden below the others nor put above them. */
function severityOf(code: string): Severity {
  return isQualityCode(code) ? SEVERITY_OF[code] : 'medium';
}

/** The worst first, then by page. */
export function bySeverity(warnings: readonly QualityWarning[]): RatedWarning[] {
  const rank = ({ severity }: RatedWarning): number => SEVERITIES.indexOf(severity);
  return warnings
    .map((warning) => ({ severity: severityOf(warning.code), ...warning }))
    .toSorted((a, b) => rank(a) - rank(b) || a.page - b.page);
}
