/** What a person calls a lead. */
import type { LeadRow } from '../../ports.ts';

/** Of the profile that was made of the description; null before that, and for a person who was forgotten. */
export function nameOf({ raw }: Pick<LeadRow, 'raw'>): string | null {
  const profile = raw['input_transform'];
  const name: unknown =
    typeof profile === 'object' && profile !== null ? Reflect.get(profile, 'name') : null;
  return typeof name === 'string' && name.trim() !== '' ? name : null;
}
