/** input/lead.json: the row as it was when the run began. */
import { z } from 'zod';
import { readRecorded, type RunContext } from '../run-context.ts';

const leadInput = z.looseObject({ description: z.string() });

export async function leadDescription(run: RunContext): Promise<string> {
  return leadInput.parse(JSON.parse(await readRecorded(run, 'input/lead.json'))).description;
}
