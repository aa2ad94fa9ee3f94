/** A torn end of events.jsonl is mended only by a rebuild that was asked for, which holds the home's lock. */
import type { LeadFiles } from '../../ports.ts';
import type { LogSide } from '../verify/sides.ts';

/** Returns what was done, in words for the report. */
export async function mendLog(
  files: Pick<LeadFiles, 'readEvents'>,
  { isTorn }: Pick<LogSide, 'isTorn'>,
): Promise<string[]> {
  if (!isTorn) return [];
  // Reading for work mends; the events are known already.
  await files.readEvents();
  return ['events.jsonl: its torn end was cut off and is kept as events.torn.<time>.jsonl'];
}
