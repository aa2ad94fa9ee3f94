/** The second step: a profile becomes a plan of blocks. */
import { extractBloks } from '../core/reply/extract-bloks.ts';
import type { Profile } from '../core/profile.ts';
import type { Result } from '../core/result.ts';
import { fillTemplate } from '../core/template.ts';
import { fieldText, profileText } from './profile-text.ts';

export function planPrompt(template: string, profile: Profile, blockCount: number): Result<string> {
  return fillTemplate('init_plan', template, {
    PROFILE: profileText(profile),
    NAME: fieldText(profile.name),
    AGE: fieldText(profile.age),
    LANGUAGE: fieldText(profile.language),
    SITUATION: fieldText(profile.situation),
    EDUCATION: fieldText(profile.education),
    EXPERIENCE: fieldText(profile.experience),
    SKILLS: fieldText(profile.skills),
    INTERESTS: fieldText(profile.interests),
    STRENGTHS: fieldText(profile.strengths),
    CONSTRAINTS: fieldText(profile.constraints),
    GOALS: fieldText(profile.goals),
    TARGET_ROLE: fieldText(profile.target_role),
    WEEKLY_HOURS: fieldText(profile.weekly_hours),
    NOTES: fieldText(profile.notes),
    BLOCK_COUNT: String(blockCount),
  });
}

/** The texts of the plan's blocks, in order. */
export function parsePlan(reply: string, blockCount: number): Result<string[]> {
  return extractBloks(reply, blockCount);
}
