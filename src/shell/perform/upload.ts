/** Page JSON → `client_learning_pages`, in the transaction that completes the step. */
import { checkPages } from '../../steps/upload.ts';
import type { Page } from '../../core/page.ts';
import { readRecorded, writeArtifact, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { parsePage } from './pages.ts';
import { blockNumbers, PATHS } from './paths.ts';
import { accepted } from './refused.ts';

export async function performUpload(run: RunContext): Promise<StepOutcome> {
  const { blockCount } = run.run();
  const pages: Page[] = [];
  for (const n of blockNumbers(blockCount)) {
    pages.push(parsePage(PATHS.page(n), await readRecorded(run, PATHS.page(n))));
  }
  accepted(checkPages(pages, blockCount), 'The pages');
  const before = await run.deps.store.pages(run.leadId);
  // The database keeps a history as well; this copy is the operator's own.
  const snapshot = await writeArtifact(
    run,
    PATHS.pagesBefore,
    `${JSON.stringify(before, null, 2)}\n`,
  );
  return { outputs: [snapshot], pages };
}
