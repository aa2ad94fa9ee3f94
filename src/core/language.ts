/** Languages as chat models name them: `sk`, `Slovak`, `slovenčina`, `Slovak (sk-SK)`. */

/** ISO 639-1. */
const CODES = (
  'af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fil fr ga gl gu he hi hr hu hy id ' +
  'is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru rw si ' +
  'sk sl sq sr sv sw ta te tg th tl tr uk ur uz vi zh zu'
).split(' ');

/** Locales in whose words a language is likely to be named, besides its own. */
const NAMED_IN = ['en', 'sk', 'cs', 'de', 'hu', 'pl', 'uk'];

function simple(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

function namesIn(locale: string): Intl.DisplayNames {
  return new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' });
}

function namedCodes(): Map<string, string> {
  const codes = new Map<string, string>();
  const name = (names: Intl.DisplayNames, code: string): void => {
    const found = names.of(code);
    if (found !== undefined) codes.set(simple(found), code);
  };
  for (const locale of NAMED_IN) {
    const names = namesIn(locale);
    for (const code of CODES) name(names, code);
  }
  for (const code of CODES) name(namesIn(code), code);
  return codes;
}

let codeOfName: ReadonlyMap<string, string> | null = null;

/** Made when it is first asked for: ICU takes its time over so many languages. */
function codeNamed(name: string): string | undefined {
  codeOfName ??= namedCodes();
  return codeOfName.get(name);
}

/** `Slovak` for `sk`; null for what is no known code. */
export function languageName(code: string): string | null {
  return CODES.includes(code) ? (namesIn('en').of(code) ?? null) : null;
}

/** Adjectives and adverbs of Slovak and Czech (`po slovensky`, `v angličtine`), without diacritics. */
const STEMS: readonly (readonly [RegExp, string])[] = [
  [/^slovinsk/, 'sl'],
  [/^sloven(?:sk|cin)/, 'sk'],
  [/^(?:cesk|cestin)/, 'cs'],
  [/^(?:anglick|anglictin)/, 'en'],
  [/^(?:nemeck|nemecky|nemcin)/, 'de'],
  [/^(?:madarsk|madarcin|madarstin)/, 'hu'],
  [/^(?:polsk|polstin)/, 'pl'],
  [/^(?:ukrajinsk|ukrajincin|ukrajinstin)/, 'uk'],
  [/^(?:rusky|rustin)/, 'ru'],
  [/^(?:spanielsk|spanielcin|spanelsk|spanelstin)/, 'es'],
  [/^(?:francuzsk|francuzstin|francouzsk|francouzstin)/, 'fr'],
  [/^(?:taliansk|taliancin|italsk|italstin)/, 'it'],
];

function codeOfWord(word: string): string | null {
  const [, code] = /^([a-z]{2})-[a-z]{2,4}$/.exec(word) ?? [];
  if (code !== undefined && CODES.includes(code)) return code;
  return codeNamed(word) ?? STEMS.find(([stem]) => stem.test(word))?.[1] ?? null;
}

/** `EN (mother tongue Slovak)`: a code that stands for itself. In brackets it may be a region, as in `English (UK)`. */
const LEADING_CODE = /^([a-z]{2})(?=\s*[([,;:/|–—-]\s*)/u;
const CODE_IN_BRACKETS = /[([]\s*([a-z]{2})\s*[)\]]/u;

function codeBy(pattern: RegExp, text: string): string[] {
  const [, code] = pattern.exec(text) ?? [];
  return code !== undefined && CODES.includes(code) ? [code] : [];
}

/**
 * The ISO 639-1 code in what a model or a person called a language; null when none is certain: where
 * two are named, as in `Slovak, lessons in English`, nobody but a reader knows which one is meant.
 */
export function languageCode(text: string | null): string | null {
  if (text === null) return null;
  const words = simple(text);
  const tag = /^([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*$/.exec(words)?.[1];
  if (tag !== undefined && CODES.includes(tag)) return tag;
  const whole = codeNamed(words);
  if (whole !== undefined) return whole;
  const named = words.split(/[^\p{L}_-]+/u).map(codeOfWord);
  const said = [...named.filter((code) => code !== null), ...codeBy(LEADING_CODE, words)];
  const codes = new Set(said.length > 0 ? said : codeBy(CODE_IN_BRACKETS, words));
  const [only] = codes;
  return codes.size === 1 && only !== undefined ? only : null;
}
