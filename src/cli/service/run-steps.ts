import type { ServiceStep } from '../../core/service/step.ts';
import type { Clock } from '../../ports.ts';
import type { ServiceHost } from '../../wire.ts';

const MOST_TRIES = 10;
const PAUSE_MS = 500;

export interface StepsFailed {
  /** The one that failed, and those after it. */
  readonly left: readonly [ServiceStep, ...ServiceStep[]];
  readonly output: string;
}

type Runner = Pick<ServiceHost, 'run'>;
type Sleeper = Pick<Clock, 'sleep'>;

async function runPatiently(
  { words: [program, ...args], notYet = [] }: ServiceStep,
  host: Runner,
  clock: Sleeper,
) {
  let ran = await host.run(program, args);
  for (let tries = 1; tries < MOST_TRIES; tries += 1) {
    if (ran.code === null || !notYet.includes(ran.code)) break;
    await clock.sleep(PAUSE_MS);
    ran = await host.run(program, args);
  }
  return ran;
}

function isFine(code: number | null, { fine = [] }: ServiceStep): boolean {
  if (code === 0 || fine === null) return true;
  return code !== null && fine.includes(code);
}

/** Runs the commands in order, up to the first that fails; null when none does. */
export async function runSteps(
  steps: readonly ServiceStep[],
  host: Runner,
  clock: Sleeper,
): Promise<StepsFailed | null> {
  for (const [index, step] of steps.entries()) {
    const { code, output } = await runPatiently(step, host, clock);
    if (!isFine(code, step)) return { left: [step, ...steps.slice(index + 1)], output };
  }
  return null;
}
