/** Page JSON → page JSON without the chat model's residue, with a report of every change. */
import { cleanPage } from '../../steps/clean.ts';
import type { Artifact } from '../../ports.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { readRecorded, writeArtifact, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { parsePage } from './pages.ts';
import { blockNumbers, PATHS } from './paths.ts';

/**
 * The page as html_to_json recorded it; kept aside first, as cleaning writes to the same path. After
 * a crash in the middle only the copy may still be that page.
 */
async function uncleaned(run: RunContext, n: number): Promise<{ text: string; kept: Artifact }> {
  const recorded = run.run().artifacts.get(PATHS.page(n));
  const copy = await run.runFiles.read(PATHS.uncleanedPage(n));
  const isCopy = copy !== null && sha256Hex(copy) === recorded?.sha256;
  const text = isCopy ? copy : await readRecorded(run, PATHS.page(n));
  return { text, kept: await writeArtifact(run, PATHS.uncleanedPage(n), text) };
}

export async function performClean(run: RunContext): Promise<StepOutcome> {
  const outputs: Artifact[] = [];
  for (const n of blockNumbers(run.run().blockCount)) {
    const { text, kept } = await uncleaned(run, n);
    const { page, changes } = cleanPage(parsePage(PATHS.page(n), text));
    outputs.push(
      kept,
      await writeArtifact(run, PATHS.page(n), `${JSON.stringify(page, null, 2)}\n`),
      await writeArtifact(run, PATHS.cleanReport(n), `${JSON.stringify({ changes }, null, 2)}\n`),
    );
  }
  return { outputs };
}
