/** What is left of runs of which nothing may be left: an erasure that was killed, or came from elsewhere. */
import { ARCHIVE_RECEIPT } from '../../core/archive-receipt.ts';
import type { LeadEntry, StoredArtifact } from '../../ports.ts';
import { NOTHING, problem, together, type Findings } from './findings.ts';

interface Left {
  /** Ids of erased runs. */
  readonly erased: ReadonlySet<string>;
  readonly stored: readonly StoredArtifact[];
  readonly entries: readonly LeadEntry[];
}

export function erasedFindings(leadId: string, { erased, stored, entries }: Left): Findings {
  const cure = `→ planline forget ${leadId}`;
  const texts = stored.filter(({ runId, path }) => erased.has(runId) && path !== ARCHIVE_RECEIPT);
  const here = entries.filter(({ runId }) => runId !== null && erased.has(runId));
  return together([
    texts.length === 0
      ? NOTHING
      : problem(
          `the lead was erased, and pipeline_artifacts has ${texts.length} texts of it ${cure}`,
        ),
    ...here.map(({ path }) =>
      problem(`the lead was erased, and ${path} is still on this disk ${cure}`),
    ),
  ]);
}
