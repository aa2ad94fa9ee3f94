/** Two copies of one event. */
import type { StoredEnvelope } from './events.ts';
import { sameJson } from './same-json.ts';

/** Names of the fields in which two events differ. */
export function differingFields(one: StoredEnvelope, other: StoredEnvelope): string[] {
  const fields = new Map(Object.entries(other));
  return Object.entries(one)
    .filter(([name, value]) => !sameJson(value, fields.get(name)))
    .map(([name]) => name);
}
