/** What the look at the pages before their upload found: codes, page numbers and counts, no content. */
import { z } from 'zod';

export const QUALITY_CODES = [
  /** `count` words, where a lesson has some hundreds. */
  'few_words',
  /** `count` places where a heading skips a level, or the page has not one heading of the first. */
  'heading_order',
  /** `count` leftovers such as `lorem ipsum`, `[OBSAH]` or `TODO`. */
  'placeholder',
  /** `count` percent of the text are in another language than the lead's. */
  'other_language',
  /** Nearly the same as page `count`. */
  'near_duplicate',
  /** `count` links whose address or text leads nowhere. */
  'bad_link',
  /** `count` pieces of HTML or Markdown that show as text. */
  'markup_left',
] as const;
export type QualityCode = (typeof QUALITY_CODES)[number];

/** As it stands in events: a later version may know more codes. */
export const qualityWarning = z.object({
  code: z.string().min(1),
  /** From 1. */
  page: z.int().positive(),
  count: z.int().nonnegative(),
});
export type QualityWarning = z.infer<typeof qualityWarning>;
