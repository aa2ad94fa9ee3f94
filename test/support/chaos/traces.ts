/** The instants that undisturbed runs pass: what the matrix kills at. */
import { parseKill, SCENARIOS, type Traces } from './cells.ts';
import { trace } from './kill.ts';
import type { Site } from './site.ts';

export async function tracesOf(site: Site): Promise<Traces> {
  const one = async (name: keyof typeof SCENARIOS, env = SCENARIOS[name].env) => {
    const { mood, command } = SCENARIOS[name];
    site.feel(mood(null));
    const lines = await trace(site, await site.machine(env), command, await site.addLead());
    return lines.map(parseKill);
  };
  // Telling comes first: later on there are other leads to be told of as well.
  const telling = await one('telling');
  return {
    telling,
    plain: await one('plain'),
    single: await one('plain', { BLOCK_COUNT: '1' }),
    sloppy: await one('sloppy'),
    failing: await one('failing'),
    limited: await one('limited'),
  };
}
