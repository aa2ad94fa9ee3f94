/** The files of a run that one step writes and another reads: see "A run on disk" in the README. */

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
  uncleanedPage: (n: number) => `snapshots/transformed/parthtml${n}.json`,
  cleanReport: (n: number) => `transformed/parthtml${n}.clean.json`,
  pagesBefore: 'snapshots/client_learning_pages.json',
} as const;

/** 1 … count. */
export function blockNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
