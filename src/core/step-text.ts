/** What each step is called where a person looks. */
import type { Step } from './lifecycle.ts';

export const STEP_LABELS: Readonly<Record<Step, string>> = {
  input_transform: 'reading the description',
  plan: 'planning',
  blocks: 'preparing the lessons',
  stage2: 'writing lessons',
  prepare_html: 'preparing the pages',
  stage3: 'writing pages',
  html_to_json: 'structuring pages',
  clean: 'cleaning pages',
  upload: 'uploading',
  archive: 'archiving',
  notify: 'telling you',
};
