/** HTML → page JSON. */
import type { QualityWarning } from '../../core/quality.ts';
import { lostWords } from '../../steps/quality/loss.ts';
import { linksOfHtml, lostLinks } from '../../steps/quality/lost-links.ts';
import { readPart } from '../../steps/stage2.ts';
import { readPageReply } from '../../steps/stage3.ts';
import { readRecorded, writeArtifacts, type NewFile, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { blockNumbers, PATHS } from './paths.ts';
import { readProfile } from './profile.ts';
import { accepted } from './refused.ts';

export async function performHtmlToJson(run: RunContext): Promise<StepOutcome> {
  const { language } = await readProfile(run);
  const files: NewFile[] = [];
  const warnings: QualityWarning[] = [];
  for (const n of blockNumbers(run.run().blockCount)) {
    const reply = await readRecorded(run, PATHS.html(n));
    const read = readPageReply(reply, { pageIndex: n, language });
    const { html, page } = accepted(read, `The HTML of block ${n}`);
    files.push([PATHS.page(n), `${JSON.stringify(page, null, 2)}\n`]);
    const lesson = readPart(await readRecorded(run, PATHS.part(n)));
    warnings.push(...lostLinks(linksOfHtml(html), page), ...lostWords(page, lesson));
  }
  return { outputs: await writeArtifacts(run, files), warnings };
}
