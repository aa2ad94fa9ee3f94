/** A profile → the plan, one `<blok-n>` a block. */
import { guessLanguage, languageNamed } from './language.ts';
import { PHRASES, type Language, type Phrases, type Theme } from './phrases/index.ts';

/** What of a profile the rehearsal's texts use; anything may be missing. */
export interface Person {
  readonly language: Language;
  readonly role: string | null;
  readonly skill: string | null;
  readonly interest: string | null;
  readonly weeklyHours: number;
}

const DEFAULT_HOURS = 5;

function textIn(value: unknown): string | null {
  if (Array.isArray(value)) return textIn(value[0]);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** From a profile as it stands in a prompt; `context` is the text beside it, for the language. */
export function personOf(profile: Readonly<Record<string, unknown>>, context: string): Person {
  const named = languageNamed(textIn(profile['language']) ?? '');
  const hours = Number(profile['weekly_hours'] ?? NaN);
  return {
    language: named ?? guessLanguage(context) ?? 'en',
    role: textIn(profile['target_role']) ?? textIn(profile['goals']),
    skill: textIn(profile['skills']) ?? textIn(profile['strengths']),
    interest: textIn(profile['interests']),
    weeklyHours: hours >= 1 && hours <= 80 ? hours : DEFAULT_HOURS,
  };
}

/** Fills the slots in one pass: what a person wrote is never looked at again. */
export function fill(text: string, person: Person, phrases: Phrases): string {
  const { defaults, quote } = phrases;
  const quoted = (words: string | null) => (words === null ? null : quote.join(words));
  const values: Readonly<Record<string, string>> = {
    role: quoted(person.role) ?? defaults.role,
    skill: quoted(person.skill) ?? defaults.skill,
    interest: quoted(person.interest) ?? defaults.interest,
  };
  return text.replace(/\{(role|skill|interest)\}/g, (slot, name: string) => values[name] ?? slot);
}

/** The theme of block n of `count`: all of them in order, spread out when there are fewer blocks. */
function themeOf(
  n: number,
  count: number,
  themes: readonly Theme[],
): { theme: Theme; round: number } {
  const last = themes.length - 1;
  const spread = count > 1 ? Math.round(((n - 1) * last) / (count - 1)) : 0;
  const index = count <= themes.length ? spread : (n - 1) % themes.length;
  const theme = themes[index];
  if (theme === undefined) throw new RangeError(`there is no block ${n} of ${count}`);
  return { theme, round: count <= themes.length ? 1 : Math.floor((n - 1) / themes.length) + 1 };
}

function block(n: number, count: number, person: Person): string {
  const phrases = PHRASES[person.language];
  const { labels } = phrases;
  const { theme, round } = themeOf(n, count, phrases.themes);
  const title = round > 1 ? `${theme.title} (${labels.part} ${round})` : theme.title;
  const lines = [
    title,
    `${labels.aim}: ${theme.aim}`,
    `${labels.time}: ${person.weeklyHours} h`,
    `${labels.steps}:`,
    ...theme.steps.map((step) => `- ${step}`),
    `${labels.exercise}: ${theme.exercise}`,
    `${labels.evidence}: ${theme.evidence}`,
  ].map((line) => fill(line, person, phrases));
  return `<blok-${n}>\n${[...lines, phrases.notice].join('\n')}\n</blok-${n}>`;
}

export function planReply(person: Person, count: number): string {
  return Array.from({ length: count }, (_, i) => block(i + 1, count, person)).join('\n\n');
}
