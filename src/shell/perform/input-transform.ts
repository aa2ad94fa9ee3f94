/** The lead's description → the profile. */
import { inputTransformPrompt, parseProfile } from '../../steps/input-transform.ts';
import { templatePath } from '../begin.ts';
import { readRecorded, type RunContext } from '../run-context.ts';
import { askAll } from '../ask/ask-all.ts';
import { leadDescription } from './lead-input.ts';
import type { StepOutcome } from './outcome.ts';
import { PATHS } from './paths.ts';
import { readProfile } from './profile.ts';
import { accepted } from './refused.ts';

export async function performInputTransform(run: RunContext): Promise<StepOutcome> {
  const template = await readRecorded(run, templatePath('input_transform'));
  const description = await leadDescription(run);
  const text = accepted(inputTransformPrompt(template, description), 'The input_transform prompt');
  await askAll(run, 'input_transform', [
    {
      n: 1,
      promptPath: PATHS.inputTransformPrompt,
      replyPath: PATHS.profileReply,
      text,
      check: parseProfile,
    },
  ]);
  return { outputs: [], patch: { input_transform: await readProfile(run) } };
}
