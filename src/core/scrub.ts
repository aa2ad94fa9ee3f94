/** Takes secrets and personal data out of what is logged or sent to the operator. */
import { type Plain, plain } from './plain.ts';
import {
  isSecretKey,
  NAME,
  scrubPersonalPatterns,
  scrubSecretPatterns,
  SECRET,
} from './scrub-patterns.ts';

/** Shorter ones would be found in ordinary words. */
const MIN_SECRET_LENGTH = 6;
const MIN_NAME_LENGTH = 3;

export interface Scrubber {
  /**
   * The text without known secrets, keys, tokens, passwords in URLs, e-mail addresses, telephone
   * numbers, known names and control characters.
   */
  text(text: string): string;
  /** A copy as plain JSON data, scrubbed at every depth; errors with their causes. */
  value(value: unknown): Plain;
  /**
   * A personal value, such as a client's name, to be removed from now on wherever it stands as words
   * of its own. Of several words each is removed by itself too. Returns what forgets it again.
   */
  add(value: string): () => void;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** Longest first, so that no part of a longer one is left over. Null when there are none. */
function anyOf(values: Iterable<string>, wrap: (source: string) => string): RegExp | null {
  const sources = [...values].toSorted((a, b) => b.length - a.length).map(escapeRegExp);
  return sources.length === 0 ? null : new RegExp(wrap(sources.join('|')), 'gu');
}

/** The secret as it may stand in a URL; of a URL its password, and a webhook's path. */
function formsOfSecret(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret.toWellFormed())];
  if (URL.canParse(secret)) {
    const { password, protocol, pathname } = new URL(secret);
    forms.push(password, unescaped(password));
    if (protocol === 'https:' || protocol === 'http:') forms.push(pathname);
  }
  return forms.filter((form) => form.length >= MIN_SECRET_LENGTH);
}

function unescaped(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** A name as it is written, with its accents apart, and without them. */
function spellings(name: string): string[] {
  const apart = name.normalize('NFD');
  return [name.normalize('NFC'), apart, apart.replace(/\p{M}/gu, '')];
}

/** The value and each of its words that begins like a name: "von" alone is nobody's. */
function namesIn(value: string): Set<string> {
  const whole = value.trim();
  const words = whole.split(/[\s,;]+/).filter((word) => /^[\p{Lu}\p{Lt}\p{Lo}]/u.test(word));
  const names = [whole, ...words].filter((name) => name.length >= MIN_NAME_LENGTH);
  return new Set(names.flatMap(spellings));
}

function asWords(source: string): string {
  return String.raw`(?<![\p{L}\p{M}\p{N}_])(?:${source})(?![\p{L}\p{M}\p{N}_])`;
}

export function createScrubber(secrets: readonly string[]): Scrubber {
  const secretPattern = anyOf(new Set(secrets.flatMap(formsOfSecret)), (source) => source);
  /** How often each name was added: two leads may bear the same. */
  const names = new Map<string, number>();
  let namePattern: RegExp | null = null;

  const count = (name: string, change: 1 | -1): void => {
    const total = (names.get(name) ?? 0) + change;
    if (total > 0) names.set(name, total);
    else names.delete(name);
  };
  const change = (added: ReadonlySet<string>, by: 1 | -1): void => {
    for (const name of added) count(name, by);
    namePattern = anyOf(names.keys(), asWords);
  };

  const text = (original: string): string => {
    const known = secretPattern === null ? original : original.replace(secretPattern, SECRET);
    const keyless = scrubSecretPatterns(known);
    const nameless = namePattern === null ? keyless : keyless.replace(namePattern, NAME);
    return scrubPersonalPatterns(nameless);
  };

  return {
    text,
    value: (value) => plain(value, { text, hidden: isSecretKey, hiddenMark: SECRET }),
    add(value) {
      const added = namesIn(value);
      change(added, 1);
      return () => {
        change(added, -1);
        added.clear();
      };
    },
  };
}
