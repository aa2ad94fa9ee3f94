/** A prompt a page → HTML. */
import { readPart } from '../../steps/stage2.ts';
import { checkPageReply } from '../../steps/stage3.ts';
import { readRecorded, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { blockNumbers, PATHS } from './paths.ts';
import { readProfile } from './profile.ts';
import { askAll } from '../ask/ask-all.ts';
import type { PromptJob } from '../ask/asking.ts';

export async function performStage3(run: RunContext): Promise<StepOutcome> {
  const { language } = await readProfile(run);
  const jobs: PromptJob[] = [];
  for (const n of blockNumbers(run.run().blockCount)) {
    const lesson = readPart(await readRecorded(run, PATHS.part(n)));
    jobs.push({
      n,
      promptPath: PATHS.htmlPrompt(n),
      replyPath: PATHS.html(n),
      text: await readRecorded(run, PATHS.htmlPrompt(n)),
      check: (reply) => checkPageReply(reply, { lesson, language }),
    });
  }
  await askAll(run, 'stage3', jobs);
  return { outputs: [] };
}
