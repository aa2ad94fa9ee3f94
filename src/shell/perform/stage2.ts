/** A prompt a block → the lessons. */
import { checkLesson } from '../../steps/stage2.ts';
import { readRecorded, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { blockNumbers, PATHS } from './paths.ts';
import { readProfile } from './profile.ts';
import { askAll } from '../ask/ask-all.ts';
import type { PromptJob } from '../ask/asking.ts';

export async function performStage2(run: RunContext): Promise<StepOutcome> {
  const { language } = await readProfile(run);
  const jobs: PromptJob[] = [];
  for (const n of blockNumbers(run.run().blockCount)) {
    jobs.push({
      n,
      promptPath: PATHS.blockPrompt(n),
      replyPath: PATHS.part(n),
      text: await readRecorded(run, PATHS.blockPrompt(n)),
      check: (reply) => checkLesson(reply, language),
    });
  }
  await askAll(run, 'stage2', jobs);
  return { outputs: [] };
}
