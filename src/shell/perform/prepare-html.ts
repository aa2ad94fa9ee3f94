/** The lessons → one prompt a page. */
import { htmlPrompt } from '../../steps/prepare-html.ts';
import { readPart } from '../../steps/stage2.ts';
import { templatePath } from '../begin.ts';
import { readRecorded, writeArtifacts, type NewFile, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { blockNumbers, PATHS } from './paths.ts';
import { readProfile } from './profile.ts';
import { accepted } from './refused.ts';

export async function performPrepareHtml(run: RunContext): Promise<StepOutcome> {
  const template = await readRecorded(run, templatePath('html_transform'));
  const { language } = await readProfile(run);
  const files: NewFile[] = [];
  for (const n of blockNumbers(run.run().blockCount)) {
    const content = readPart(await readRecorded(run, PATHS.part(n)));
    const prompt = accepted(
      htmlPrompt(template, { n, content, language }),
      `The HTML prompt of block ${n}`,
    );
    files.push([PATHS.htmlPrompt(n), prompt]);
  }
  return { outputs: await writeArtifacts(run, files) };
}
