/** A profile as it stands in prompts. */
import type { Profile } from '../core/profile.ts';

/** The whole profile as indented JSON. */
export function profileText(profile: Profile): string {
  return JSON.stringify(profile, null, 2);
}

/** One field: a list as bullets, what is not known as the words `not stated`. */
export function fieldText(value: string | number | readonly string[] | null): string {
  if (value === null) return 'not stated';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return value.length === 0 ? 'not stated' : value.map((item) => `- ${item}`).join('\n');
}
