/** Runs of which only the zip is to be had: where is it? */
import type { StoredEvent } from '../../core/events.ts';
import { sinceErasure } from '../../core/erasure.ts';
import { isPlanlineError } from '../../core/errors.ts';
import type { LeadFiles, RunFiles } from '../../ports.ts';
import { NOTHING, note, problem, together, type Findings } from './findings.ts';

async function hasZip(files: RunFiles): Promise<boolean> {
  try {
    return (await files.readZip()) !== null;
  } catch (error) {
    // Told where zips are looked at.
    if (isPlanlineError(error, 'corrupt')) return true;
    throw error;
  }
}

/** `daemon`: whose machine this is. */
export async function prunedFindings(
  events: readonly StoredEvent[],
  files: LeadFiles,
  daemon: string | undefined,
): Promise<Findings> {
  const findings: Findings[] = [];
  for (const event of sinceErasure(events)) {
    if (event.type !== 'run.pruned' || event.run_id === null) continue;
    if (await hasZip(files.run(event.run_id))) continue;
    const what = `run ${event.run_id} was pruned, and its zip is not on this disk`;
    findings.push(
      event.actor === daemon
        ? problem(`${what}, where it was checked: put it back, or mount COLD_STORAGE_DIR`)
        : note(`${what}: ${event.actor} has it`),
    );
  }
  return findings.length === 0 ? NOTHING : together(findings);
}
