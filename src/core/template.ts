/** The four prompt templates: which placeholders they know, and filling them in one pass. */
import { normalizeReply } from './reply/normalize.ts';
import { ok, refuse } from './result.ts';
import type { Refusal, Result } from './result.ts';

/** The fields of a profile that a plan template may name one by one. */
const PROFILE_FIELDS = [
  'NAME',
  'AGE',
  'LANGUAGE',
  'SITUATION',
  'EDUCATION',
  'EXPERIENCE',
  'SKILLS',
  'INTERESTS',
  'STRENGTHS',
  'CONSTRAINTS',
  'GOALS',
  'TARGET_ROLE',
  'WEEKLY_HOURS',
  'NOTES',
] as const;

/**
 * `placeholders` are all that a template may hold. `required` are those without which its prompt has
 * nothing to work on; of each group one is enough.
 */
export const TEMPLATES = {
  input_transform: {
    file: 'input_transform.txt',
    placeholders: ['VSTUP'],
    required: [['VSTUP']],
  },
  init_plan: {
    file: 'init_plan.txt',
    placeholders: ['PROFILE', ...PROFILE_FIELDS, 'BLOCK_COUNT'],
    required: [['PROFILE', ...PROFILE_FIELDS]],
  },
  block: {
    file: 'block.txt',
    placeholders: ['BLOK_N', 'BLOK', 'PROFILE', 'PLAN'],
    required: [['BLOK']],
  },
  html_transform: {
    file: 'html_transform.txt',
    placeholders: ['BLOK_N', 'OBSAH', 'LANGUAGE'],
    required: [['OBSAH']],
  },
} as const;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = ['input_transform', 'init_plan', 'block', 'html_transform'] as const;
export type Placeholder<N extends TemplateName> = (typeof TEMPLATES)[N]['placeholders'][number];
export type TemplateValues<N extends TemplateName> = Readonly<Record<Placeholder<N>, string>>;

/** Two characters at least, so that a ticked box `[X]` stays text. */
const PLACEHOLDER = /\[(\p{Lu}[\p{Lu}\p{N}_]+)\]/gu;

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** How many single letters two names are apart. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function suggestion(unknown: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, apart: distance(unknown, name) }))
    .toSorted((a, b) => a.apart - b.apart)[0];
  return near !== undefined && near.apart <= Math.ceil(unknown.length / 3)
    ? `did you mean [${near.name}]?`
    : `this template knows ${known.map((name) => `[${name}]`).join(' ')}`;
}

/** Everything that keeps a template from being used, each with file and line; empty when it is fine. */
export function checkTemplate(name: TemplateName, text: string): Refusal[] {
  const { file } = TEMPLATES[name];
  const known: readonly string[] = TEMPLATES[name].placeholders;
  const required: readonly (readonly string[])[] = TEMPLATES[name].required;
  if (text.trim() === '') return [{ reason: `${file} is empty; write the prompt into it` }];
  const used = [...text.matchAll(PLACEHOLDER)].map((match) => ({
    name: match[1] ?? '',
    line: lineOf(text, match.index),
  }));
  const unknown = used
    .filter((placeholder) => !known.includes(placeholder.name))
    .map(({ name: wrong, line }) => ({
      reason: `${file}, line ${line}: [${wrong}] is not a placeholder; ${suggestion(wrong, known)}`,
    }));
  const missing = required
    .filter((group) => !used.some((placeholder) => group.includes(placeholder.name)))
    .map((group) => ({
      reason:
        `${file}, line ${lineOf(text, text.length)} (its end): the placeholder [${group[0] ?? ''}] ` +
        'is missing, so the prompt would have nothing to work on; put it where the text belongs',
    }));
  return [...unknown, ...missing];
}

/**
 * The lines around placeholders that stand alone on theirs: the frames by which a template tells the
 * model where foreign text begins and ends, such as `<plan>` and `</plan>`.
 */
function findFrames(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const around = lines.flatMap((line, index) =>
    /^\[\p{Lu}[\p{Lu}\p{N}_]+\]$/u.test(line) ? [lines[index - 1], lines[index + 1]] : [],
  );
  const frames = around.filter(
    (line) => line !== undefined && /^[<=\-#*{~|/]+\s?\p{L}{3}/u.test(line),
  );
  return [...new Set(frames)].filter((line) => line !== undefined);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Foreign text cannot close its frame: a space is put into what looks like the frame's line. */
function keepInside(value: string, frames: readonly string[]): string {
  return frames.reduce(
    (kept, frame) =>
      kept.replace(
        new RegExp(escapeRegExp(frame), 'giu'),
        (hit) => `${hit.slice(0, 1)} ${hit.slice(1)}`,
      ),
    value,
  );
}

/**
 * The prompt. One pass: what is filled in is never scanned for placeholders, and cannot close the
 * frame that the template puts around it. Refused with every fault of the template.
 */
export function fillTemplate<N extends TemplateName>(
  name: N,
  text: string,
  values: TemplateValues<N>,
): Result<string> {
  const faults = checkTemplate(name, text);
  // Editors leave a byte order mark; the prompt is also stored as text of PostgreSQL.
  const source = normalizeReply(text).replace(/^\uFEFF/, '');
  if (faults.length > 0) return refuse(faults.map((fault) => fault.reason).join('\n'));
  const frames = findFrames(source);
  const byName: ReadonlyMap<string, unknown> = new Map(Object.entries(values));
  const unfilled: string[] = [];
  const filled = source.replace(PLACEHOLDER, (whole, placeholder: string, offset: number) => {
    const value = byName.get(placeholder);
    if (typeof value === 'string') return keepInside(value, frames);
    unfilled.push(`${TEMPLATES[name].file}, line ${lineOf(source, offset)}: ${whole} has no value`);
    return whole;
  });
  return unfilled.length === 0 ? ok(filled) : refuse(unfilled.join('\n'));
}
