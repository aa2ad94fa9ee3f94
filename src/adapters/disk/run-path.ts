/** Paths inside a run: they come from stored events too, which another machine wrote. */
import { join } from 'node:path';
import { PlanlineError } from '../../core/errors.ts';

/** YYYYMMDD_HHMMSS. */
export const RUN_ID = /^\d{8}_\d{6}$/;

/** No separator, no device letter, nothing hidden, nothing that Windows changes silently. */
const SEGMENT = /^(?!\.)[^\\/:*?"<>|\p{Cc}]{1,200}(?<![. ])$/u;

/** The absolute path. Throws `corrupt` when it is absolute, empty, or leads out of the folder. */
export function insideRun(folder: string, path: string): string {
  const segments = path.split('/');
  if (!segments.every((segment) => SEGMENT.test(segment))) {
    throw new PlanlineError(
      'corrupt',
      `${JSON.stringify(path)} is not a path inside the run ${folder}: it must be relative, with ` +
        'forward slashes and plain names. Nothing was read or written.',
    );
  }
  return join(folder, ...segments);
}

export function checkedRunId(runId: string): string {
  if (RUN_ID.test(runId)) return runId;
  throw new PlanlineError(
    'corrupt',
    `${JSON.stringify(runId)} is not the id of a run: YYYYMMDD_HHMMSS was expected.`,
  );
}
