/** The third step: every block of the plan becomes a prompt of its own. */
import type { Profile } from '../core/profile.ts';
import type { Result } from '../core/result.ts';
import { fillTemplate } from '../core/template.ts';
import { profileText } from './profile-text.ts';

export interface BlockInput {
  /** From 1. */
  readonly n: number;
  /** The block's own text in the plan. */
  readonly blok: string;
  readonly profile: Profile;
  /** The whole plan, so that lessons build on each other and do not repeat. */
  readonly plan: string;
}

export function blockPrompt(template: string, input: BlockInput): Result<string> {
  return fillTemplate('block', template, {
    BLOK_N: String(input.n),
    BLOK: input.blok,
    PROFILE: profileText(input.profile),
    PLAN: input.plan,
  });
}
