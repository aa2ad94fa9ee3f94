/** HTML → page JSON. */
import { checkHtmlReply } from '../../steps/stage3.ts';
import { htmlToPage } from '../../steps/html-to-json.ts';
import { readRecorded, writeArtifacts, type NewFile, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { blockNumbers, PATHS } from './paths.ts';
import { readProfile } from './profile.ts';
import { accepted } from './refused.ts';

export async function performHtmlToJson(run: RunContext): Promise<StepOutcome> {
  const { language } = await readProfile(run);
  const files: NewFile[] = [];
  for (const n of blockNumbers(run.run().blockCount)) {
    const html = accepted(
      checkHtmlReply(await readRecorded(run, PATHS.html(n))),
      `The HTML of block ${n}`,
    );
    const page = accepted(htmlToPage(html, { pageIndex: n, language }), `The HTML of block ${n}`);
    files.push([PATHS.page(n), `${JSON.stringify(page, null, 2)}\n`]);
  }
  return { outputs: await writeArtifacts(run, files) };
}
