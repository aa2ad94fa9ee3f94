/** The first step: a lead's own words become a profile. */
import { extractJson } from '../core/reply/extract-json.ts';
import { normalizeReply } from '../core/reply/normalize.ts';
import { knownKeys, profile, withCanonicalKeys } from '../core/profile.ts';
import type { Profile } from '../core/profile.ts';
import { ok, refuse } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { fillTemplate } from '../core/template.ts';

/** Characters; some 25,000 tokens, which every model that planline drives still reads as a whole. */
export const MAX_DESCRIPTION_CHARS = 100_000;

/** The description as it goes into the prompt, or why it cannot: empty, or too long. */
export function checkDescription(description: string | null): Result<string> {
  const text = normalizeReply(description ?? '');
  if (!/[^\s\u200B\u200C\u2060\uFEFF\u200D]/u.test(text)) {
    return refuse(
      'the description is empty; write into it who the client is, what they can do and what they ' +
        'want, then set the status to flagged again',
    );
  }
  if (text.length > MAX_DESCRIPTION_CHARS) {
    return refuse(
      `the description has ${text.length} characters, at most ${MAX_DESCRIPTION_CHARS} can be read; ` +
        'shorten it to what a career plan needs, then set the status to flagged again',
    );
  }
  return ok(text);
}

export function inputTransformPrompt(template: string, description: string): Result<string> {
  return fillTemplate('input_transform', template, { VSTUP: description });
}

/** The object that holds the profile: the reply's own, or the one inside a single wrapper. */
function findProfile(value: object): object | null {
  if (knownKeys(value) > 0) return value;
  const members: unknown[] = Object.values(value);
  const inner = members.filter(isRecord).filter((member) => knownKeys(member) > 0);
  return inner.length === 1 ? (inner[0] ?? null) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** An object with a profile's keys outweighs any other, also where it wraps the profile. */
function profileWeight(value: object): number {
  const found = findProfile(value);
  return Object.keys(value).length + 1_000 * (found === null ? 0 : knownKeys(found));
}

function saysSomething(found: Profile): boolean {
  return Object.values(found).some(
    (value) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
}

/** The profile of a reply; unknown values are null or [], keys of the model's own are kept. */
export function parseProfile(reply: string): Result<Profile> {
  const extracted = extractJson(reply, profileWeight);
  if (!extracted.ok) return extracted;
  const { value } = extracted;
  const found = value !== null && typeof value === 'object' ? findProfile(value) : null;
  if (found === null) {
    return refuse(
      'the JSON has none of the keys of a profile; name, goals, skills … were asked for',
    );
  }
  const parsed = profile.safeParse(withCanonicalKeys(found));
  if (!parsed.success) {
    const keys = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
    return refuse(`the profile has values of the wrong kind at: ${keys.join(', ')}`);
  }
  return saysSomething(parsed.data)
    ? ok(parsed.data)
    : refuse('the profile is empty: every value is null; the description says more than that');
}
