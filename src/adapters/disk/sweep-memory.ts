/** SweepMemory as one small file of PLANLINE_HOME: an instant, as people write it. */
import { PlanlineError } from '../../core/errors.ts';
import type { SweepMemory } from '../../ports.ts';
import { onDisk } from './disk-error.ts';
import { readIfThere, writeFileWhole } from './durable.ts';

export function createSweepMemory(path: string): SweepMemory {
  return {
    load: () =>
      onDisk('Reading', path, async () => {
        const text = (await readIfThere(path))?.toString('utf8').trim();
        if (text === undefined) return null;
        const ms = Date.parse(text);
        if (!Number.isNaN(ms)) return ms;
        throw new PlanlineError(
          'config',
          `${path} does not hold the time of the last daily sweep any more. It is written anew.`,
        );
      }),
    save: (ms) =>
      onDisk('Writing', path, () => writeFileWhole(path, `${new Date(ms).toISOString()}\n`)),
  };
}
