/** The files of a run that one step writes and another reads: see "A run on disk" in the README. */
import { ARCHIVE_RECEIPT } from '../../core/archive-receipt.ts';
import type { Step } from '../../core/lifecycle.ts';

export const PATHS = {
  inputTransformPrompt: 'input_transform/prompt.txt',
  profileReply: 'input_transform/output.json',
  planPrompt: 'plan/prompt.txt',
  plan: 'plan/plan.txt',
  profile: 'plan/profile.json',
  blockPrompt: (n: number) => `parsed_parts/prompt_block_${n}.txt`,
  part: (n: number) => `stage_2_generated_parts/part${n}.txt`,
  htmlPrompt: (n: number) => `stage_2_prepared_html/parthtml${n}.txt`,
  html: (n: number) => `stage_3_generated_html/parthtml${n}.txt`,
  page: (n: number) => `transformed/parthtml${n}.json`,
  /** Not where a snapshot of the page itself goes: what a person made of it may be there. */
  uncleanedPage: (n: number) => `snapshots/uncleaned/parthtml${n}.json`,
  cleanReport: (n: number) => `transformed/parthtml${n}.clean.json`,
  pagesBefore: 'snapshots/client_learning_pages.json',
} as const;

/**
 * Where each step writes, as beginnings of paths: files come before the event that records them, so
 * those of the step under way may be newer than what the stream knows.
 */
export const WRITTEN_BY: Readonly<Record<Step, readonly string[]>> = {
  input_transform: ['input_transform/'],
  plan: ['plan/'],
  blocks: ['parsed_parts/'],
  stage2: ['parsed_parts/', 'stage_2_generated_parts/'],
  prepare_html: ['stage_2_prepared_html/'],
  stage3: ['stage_2_prepared_html/', 'stage_3_generated_html/'],
  html_to_json: ['transformed/'],
  clean: ['transformed/', 'snapshots/uncleaned/'],
  upload: ['snapshots/'],
  archive: [ARCHIVE_RECEIPT],
  // Where another machine's zip does not do.
  notify: [ARCHIVE_RECEIPT],
};

/** 1 … count. */
export function blockNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
