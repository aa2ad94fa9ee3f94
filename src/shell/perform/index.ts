/**
 * Which file performs which step. A new step is a line here, one in core/lifecycle.ts, and a file. Each
 * is loaded when its turn comes: a daemon that waits for leads, as most do most of the time, holds no
 * HTML parser.
 */
import type { Step } from '../../core/lifecycle.ts';
import type { RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';

type Performer = (run: RunContext) => Promise<StepOutcome>;

const LOADERS: Readonly<Record<Step, () => Promise<Performer>>> = {
  input_transform: async () => (await import('./input-transform.ts')).performInputTransform,
  plan: async () => (await import('./plan.ts')).performPlan,
  blocks: async () => (await import('./blocks.ts')).performBlocks,
  stage2: async () => (await import('./stage2.ts')).performStage2,
  prepare_html: async () => (await import('./prepare-html.ts')).performPrepareHtml,
  stage3: async () => (await import('./stage3.ts')).performStage3,
  html_to_json: async () => (await import('./html-to-json.ts')).performHtmlToJson,
  clean: async () => (await import('./clean.ts')).performClean,
  upload: async () => (await import('./upload.ts')).performUpload,
  archive: async () => (await import('./archive.ts')).performArchive,
  notify: async () => (await import('./notify.ts')).performNotify,
};

export async function performerOf(step: Step): Promise<Performer> {
  return LOADERS[step]();
}
