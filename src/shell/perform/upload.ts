/** Page JSON → `client_learning_pages`, in the transaction that completes the step. */
import { judgePages } from '../../steps/quality.ts';
import { checkPages } from '../../steps/upload.ts';
import { PlanlineError } from '../../core/errors.ts';
import type { Page } from '../../core/page.ts';
import type { Result } from '../../core/result.ts';
import { readRecorded, writeArtifact, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { parsePage } from './pages.ts';
import { blockNumbers, PATHS } from './paths.ts';
import { readProfile } from './profile.ts';

export async function performUpload(run: RunContext): Promise<StepOutcome> {
  const { blockCount } = run.run();
  const pages: Page[] = [];
  for (const n of blockNumbers(blockCount)) {
    pages.push(parsePage(PATHS.page(n), await readRecorded(run, PATHS.page(n))));
  }
  refuseBadPages(checkPages(pages, blockCount));
  const before = await run.deps.store.pages(run.leadId);
  // The database keeps a history as well; this copy is the operator's own.
  const snapshot = await writeArtifact(
    run,
    PATHS.pagesBefore,
    `${JSON.stringify(before, null, 2)}\n`,
  );
  const { language } = await readProfile(run);
  return { outputs: [snapshot], pages, warnings: judgePages(pages, language) };
}

/** The pages are recorded as they are, so flagging the lead again would come to the same end. */
function refuseBadPages(checked: Result<readonly Page[]>): void {
  if (checked.ok) return;
  throw new PlanlineError(
    'permanent',
    `The pages: ${checked.error.reason}. Flagging alone comes to the same end: change the description, which starts a new run.`,
  );
}
