/** Page JSON → page JSON without the chat model's residue, with a report of every change. */
import type { QualityWarning } from '../../core/quality.ts';
import { linksOfPage, lostLinks } from '../../steps/quality/lost-links.ts';
import { cleanPage } from '../../steps/clean.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { readRecorded, writeArtifacts, type NewFile, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { parsePage } from './pages.ts';
import { blockNumbers, PATHS } from './paths.ts';

/** The page as html_to_json recorded it. After a crash in the middle only the copy may still be it. */
async function uncleaned(run: RunContext, n: number): Promise<string> {
  const recorded = run.run().artifacts.get(PATHS.page(n));
  const copy = await run.runFiles.read(PATHS.uncleanedPage(n));
  const isCopy = copy !== null && sha256Hex(copy) === recorded?.sha256;
  return isCopy ? copy : await readRecorded(run, PATHS.page(n));
}

export async function performClean(run: RunContext): Promise<StepOutcome> {
  const before: NewFile[] = [];
  const cleaned: NewFile[] = [];
  const warnings: QualityWarning[] = [];
  for (const n of blockNumbers(run.run().blockCount)) {
    const text = await uncleaned(run, n);
    const dirty = parsePage(PATHS.page(n), text);
    const { page, changes } = cleanPage(dirty);
    warnings.push(...lostLinks(linksOfPage(dirty), page));
    before.push([PATHS.uncleanedPage(n), text]);
    cleaned.push(
      [PATHS.page(n), `${JSON.stringify(page, null, 2)}\n`],
      [PATHS.cleanReport(n), `${JSON.stringify({ changes }, null, 2)}\n`],
    );
  }
  // Kept aside first, as cleaning writes to the same paths.
  const kept = await writeArtifacts(run, before);
  return { outputs: [...kept, ...(await writeArtifacts(run, cleaned))], warnings };
}
