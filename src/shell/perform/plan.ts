/** The profile → the plan in blocks. */
import { parsePlan, planPrompt } from '../../steps/plan.ts';
import { templatePath } from '../begin.ts';
import { readRecorded, writeKeeping, type RunContext } from '../run-context.ts';
import { askAll } from '../ask/ask-all.ts';
import type { StepOutcome } from './outcome.ts';
import { PATHS } from './paths.ts';
import { readProfile } from './profile.ts';
import { accepted } from './refused.ts';

export async function performPlan(run: RunContext): Promise<StepOutcome> {
  const { blockCount } = run.run();
  const profile = await readProfile(run);
  const template = await readRecorded(run, templatePath('init_plan'));
  const text = accepted(planPrompt(template, profile, blockCount), 'The plan prompt');
  const profileFile = await writeKeeping(
    run,
    PATHS.profile,
    `${JSON.stringify(profile, null, 2)}\n`,
  );
  await askAll(run, 'plan', [
    {
      n: 1,
      promptPath: PATHS.planPrompt,
      replyPath: PATHS.plan,
      text,
      check: (reply) => parsePlan(reply, blockCount),
    },
  ]);
  return { outputs: [profileFile], patch: { plan: await readRecorded(run, PATHS.plan) } };
}
