/** The run's folder → a zip that was read back and compared. */
import { z } from 'zod';
import { ARCHIVE_RECEIPT } from '../../core/archive-receipt.ts';
import { readRecorded, writeArtifact, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';

const receipt = z.object({ path: z.string(), sha256: z.string(), bytes: z.int(), files: z.int() });

export async function performArchive(run: RunContext): Promise<StepOutcome> {
  // The zip is compared with the folder, which another machine may have filled in part only.
  for (const path of run.run().artifacts.keys()) await readRecorded(run, path);
  const zip = await run.runFiles.archive();
  return {
    outputs: [await writeArtifact(run, ARCHIVE_RECEIPT, `${JSON.stringify(zip, null, 2)}\n`)],
  };
}

/** Where the zip of this run is, and what it must hash to. */
export async function readReceipt(run: RunContext): Promise<z.infer<typeof receipt>> {
  return receipt.parse(JSON.parse(await readRecorded(run, ARCHIVE_RECEIPT)));
}
