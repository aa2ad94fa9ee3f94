/** The client's profile: the reply to the input transform. */
import { z } from 'zod';

/** What models write where they know nothing. */
const UNKNOWN =
  /^(?:null|undefined|n\/?a|unknown|not (?:specified|provided|given|stated|known|mentioned)|neuvedené|neuvedený|neuvedená|nezn[aá]m[eyáé]|neuvedeno|[-–—?.…])$/iu;

type Plain = string | number | boolean;

function isPlain(value: unknown): value is Plain {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function members(value: unknown): [string, unknown][] {
  return value !== null && typeof value === 'object' ? Object.entries(value) : [];
}

/** One line for any JSON value, so that nothing the model said is lost. */
function asText(value: unknown): string | null {
  if (isPlain(value)) {
    const text = String(value).trim();
    return text === '' || UNKNOWN.test(text) ? null : text;
  }
  if (Array.isArray(value)) return joined(value.map(asText), '; ');
  return joined(
    members(value).map(([key, member]) => {
      const text = asText(member);
      return text === null ? null : `${key.replaceAll('_', ' ')}: ${text}`;
    }),
    '; ',
  );
}

function joined(parts: readonly (string | null)[], separator: string): string | null {
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.join(separator).trim();
}

/** A text is a list where it has lines, bullets or semicolons; a comma may be part of one wish. */
function asList(value: unknown): string[] {
  if (typeof value === 'string') {
    return value
      .split(/\n|;|(?:^|\s)[•▪‣]\s/)
      .map((item) => asText(item.replace(/^\s*(?:[-*•▪‣]|\d{1,2}[.)])\s+/, '')))
      .filter((item) => item !== null);
  }
  if (Array.isArray(value)) return value.map(itemText).filter((item) => item !== null);
  return members(value)
    .map(([key, member]) => (member === true ? asText(key) : asText({ [key]: member })))
    .filter((item) => item !== null);
}

/** `{"name": "SQL", "level": "basic"}` reads as `SQL, basic`. */
function itemText(item: unknown): string | null {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return asText(item);
  return joined(
    members(item).map(([, member]) => asText(member)),
    ', ',
  );
}

/** A text with one number in it is that number; `10–15 hours` stays what it is. */
function asNumber(value: unknown): number | string | null {
  if (typeof value === 'number') return value;
  const text = asText(value);
  const numbers = text?.match(/\d+(?:[.,]\d+)?/g) ?? [];
  const [only] = numbers;
  return text === null || only === undefined || numbers.length > 1
    ? text
    : Number(only.replace(',', '.'));
}

const text = z.preprocess((value) => asText(value), z.string().nullable());
const list = z.preprocess((value) => asList(value), z.array(z.string()));
const number = z.preprocess(
  (value) => asNumber(value),
  z.union([z.number(), z.string()]).nullable(),
);

/** Unknown texts and numbers are null, unknown lists are empty; keys of the model's own are kept. */
export const profile = z.looseObject({
  name: text,
  age: number,
  language: text,
  situation: text,
  education: text,
  experience: text,
  skills: list,
  interests: list,
  strengths: list,
  constraints: list,
  goals: list,
  target_role: text,
  weekly_hours: number,
  notes: text,
});
export type Profile = z.infer<typeof profile>;

export const PROFILE_KEYS: readonly string[] = Object.keys(profile.shape);

/** `targetRole`, `Target role` and `target-role` are `target_role`. */
function canonicalKey(key: string): string {
  const snake = key
    .trim()
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();
  return PROFILE_KEYS.includes(snake) ? snake : key;
}

/** How many of the keys that were asked for an object has. */
export function knownKeys(value: object): number {
  return new Set(
    Object.keys(value)
      .map(canonicalKey)
      .filter((key) => PROFILE_KEYS.includes(key)),
  ).size;
}

/** The object with the known keys spelled as asked for and all of them there; others as they are. */
export function withCanonicalKeys(value: object): Record<string, unknown> {
  const given = Object.entries(value);
  const exact = given.filter(([key]) => PROFILE_KEYS.includes(key));
  const renamed = given.map(([key, member]): [string, unknown] => [canonicalKey(key), member]);
  const absent = PROFILE_KEYS.map((key): [string, unknown] => [key, null]);
  return Object.fromEntries([...absent, ...renamed, ...exact]);
}
