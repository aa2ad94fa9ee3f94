/** Page JSON → page JSON without the chat model's residue, with a report of every change. */
import type { QualityWarning } from '../../core/quality.ts';
import { linksOfPage, lostLinks } from '../../steps/quality/lost-links.ts';
import { extractHtml } from '../../core/reply/extract-html.ts';
import type { Page } from '../../core/page.ts';
import { cleanPage, type Change } from '../../steps/clean.ts';
import { signsRemoved } from '../../steps/signs-removed.ts';
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

/** What the page's reading from HTML took out already. */
async function changesBefore(run: RunContext, n: number, page: Page): Promise<Change[]> {
  const html = extractHtml(await readRecorded(run, PATHS.html(n)));
  return html.ok ? signsRemoved(html.value, page) : [];
}

export async function performClean(run: RunContext): Promise<StepOutcome> {
  const before: NewFile[] = [];
  const cleaned: NewFile[] = [];
  const warnings: QualityWarning[] = [];
  for (const n of blockNumbers(run.run().blockCount)) {
    const text = await uncleaned(run, n);
    const dirty = parsePage(PATHS.page(n), text);
    const { page, changes: cleanings } = cleanPage(dirty);
    const changes = [...(await changesBefore(run, n, dirty)), ...cleanings];
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
