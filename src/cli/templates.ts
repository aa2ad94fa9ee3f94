import type { Config } from '../config.ts';
import { PlanlineError } from '../core/errors.ts';
import type { Templates } from '../ports.ts';
import { openTemplates } from '../wire.ts';

/** The templates of PROMPTS_DIR; for a command a wrong one is a wrong setting. */
export async function loadTemplates(config: Config): Promise<Templates> {
  try {
    return await openTemplates(config).load();
  } catch (error) {
    if (error instanceof PlanlineError)
      throw new PlanlineError('config', error.message, { cause: error });
    throw error;
  }
}
