/** The profile as the later steps read it. */
import { parseProfile } from '../../steps/input-transform.ts';
import type { Profile } from '../../core/profile.ts';
import { readRecorded, type RunContext } from '../run-context.ts';
import { PATHS } from './paths.ts';
import { accepted } from './refused.ts';

export async function readProfile(run: RunContext): Promise<Profile> {
  const profile = accepted(
    parseProfile(await readRecorded(run, PATHS.profileReply)),
    'The profile',
  );
  run.keepOut(profile.name);
  return profile;
}
