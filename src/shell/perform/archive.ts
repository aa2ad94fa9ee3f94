/** The run's folder → a zip that was read back and compared. */
import { z } from 'zod';
import { ARCHIVE_RECEIPT, receiptText } from '../../core/archive-receipt.ts';
import type { Artifact } from '../../ports.ts';
import { fetchRecorded, readRecorded, writeArtifact, type RunContext } from '../run-context.ts';
import type { StepOutcome } from './outcome.ts';

const receipt = z.object({
  path: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  files: z.int(),
  /** Who made the zip, and so on which machine it is; receipts of earlier versions do not say. */
  daemon: z.string().optional(),
});
type Receipt = z.infer<typeof receipt>;

async function archive(run: RunContext): Promise<{ zip: Receipt; file: Artifact }> {
  // The zip is compared with the folder, which another machine may have filled in part only.
  await fetchRecorded(run);
  const zip = { ...(await run.runFiles.archive()), daemon: run.deps.options.daemon };
  const file = await writeArtifact(run, ARCHIVE_RECEIPT, receiptText(zip));
  return { zip, file };
}

export async function performArchive(run: RunContext): Promise<StepOutcome> {
  return { outputs: [(await archive(run)).file] };
}

/**
 * The zip of the run. It is made anew when it does not keep all that this machine's folder holds, as when
 * another machine made it, which wrote logs of its own; when it is not what was made; and when it is not
 * to be had here: the machine that made it may be gone, and its disk with it. One of our own in cold
 * storage is not made anew then: that disk may only not be mounted.
 */
export async function zipOfRun(run: RunContext): Promise<{ zip: Receipt; outputs: Artifact[] }> {
  const known = receipt.parse(JSON.parse(await readRecorded(run, ARCHIVE_RECEIPT)));
  const { daemon = run.deps.options.daemon } = known;
  const state = await run.runFiles.stateOfZip(known);
  const isOursInCold =
    daemon === run.deps.options.daemon && !known.path.startsWith(run.files.directory);
  if (state === 'keeps_all' || (state === 'not_there' && isOursInCold)) {
    return { zip: known, outputs: [] };
  }
  if (state === 'changed') {
    run.deps.log.warn(
      { leadId: run.leadId, path: known.path },
      'The zip of a run was changed since it was made; it is made anew, and what has its name is kept aside',
    );
  }
  const { zip, file } = await archive(run);
  return { zip, outputs: [file] };
}
