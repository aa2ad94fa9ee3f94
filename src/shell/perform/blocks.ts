/** The plan → one prompt a block. */
import { blockPrompt } from '../../steps/blocks.ts';
import { parsePlan } from '../../steps/plan.ts';
import { templatePath } from '../begin.ts';
import { readRecorded, writeArtifacts, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';
import { PATHS } from './paths.ts';
import { readProfile } from './profile.ts';
import { accepted } from './refused.ts';

export async function performBlocks(run: RunContext): Promise<StepOutcome> {
  const plan = await readRecorded(run, PATHS.plan);
  const bloks = accepted(parsePlan(plan, run.run().blockCount), 'The plan');
  const template = await readRecorded(run, templatePath('block'));
  const profile = await readProfile(run);
  const files = bloks.map((blok, index) => {
    const n = index + 1;
    const prompt = blockPrompt(template, { n, blok, profile, plan });
    return [PATHS.blockPrompt(n), accepted(prompt, `The prompt of block ${n}`)] as const;
  });
  return { outputs: await writeArtifacts(run, files) };
}
