/** Which file performs which step. A new step is a line here, one in core/lifecycle.ts, and a file. */
import type { Step } from '../../core/lifecycle.ts';
import type { RunContext } from '../run-context.ts';
import { performArchive } from './archive.ts';
import { performBlocks } from './blocks.ts';
import { performClean } from './clean.ts';
import { performHtmlToJson } from './html-to-json.ts';
import { performInputTransform } from './input-transform.ts';
import { performNotify } from './notify.ts';
import type { StepOutcome } from './outcome.ts';
import { performPlan } from './plan.ts';
import { performPrepareHtml } from './prepare-html.ts';
import { performStage2 } from './stage2.ts';
import { performStage3 } from './stage3.ts';
import { performUpload } from './upload.ts';

export const PERFORMERS: Readonly<Record<Step, (run: RunContext) => Promise<StepOutcome>>> = {
  input_transform: performInputTransform,
  plan: performPlan,
  blocks: performBlocks,
  stage2: performStage2,
  prepare_html: performPrepareHtml,
  stage3: performStage3,
  html_to_json: performHtmlToJson,
  clean: performClean,
  upload: performUpload,
  archive: performArchive,
  notify: performNotify,
};
