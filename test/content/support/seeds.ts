/** Whole replies to begin from: what the rehearsal answers, in every language that it knows. */
import { readFileSync } from 'node:fs';
import { rehearsalAnswer } from '../../../src/adapters/chat/rehearsal/answer.ts';
import type { ChatStep } from '../../../src/core/lifecycle.ts';
import type { Result } from '../../../src/core/result.ts';
import { TEMPLATES } from '../../../src/core/template.ts';
import type { TemplateName } from '../../../src/core/template.ts';
import { blockPrompt } from '../../../src/steps/blocks.ts';
import { inputTransformPrompt, parseProfile } from '../../../src/steps/input-transform.ts';
import { parsePlan, planPrompt } from '../../../src/steps/plan.ts';
import { htmlPrompt } from '../../../src/steps/prepare-html.ts';

export const BLOCKS = 3;

/** Nobody real. */
export const DESCRIPTIONS: Readonly<Record<string, string>> = {
  sk:
    'Volám sa Žofia, mám 24 rokov a pracujem ako čašníčka. Chcem sa stať testerkou softvéru. Mám 8 hodín ' +
    'týždenne, rada kreslím a hrám šach. Neviem programovať, ľudia hovoria, že som dôkladná.',
  cs:
    'Jmenuji se Jiří, je mi 30 let a dělám řidiče. Chtěl bych se stát správcem sítí. Mám 6 hodin týdně, ' +
    'rád opravuji kola a učím se nové věci, jen si málo věřím.',
  en: 'My name is Tom, I am 31 and drive a van. I want to become a data analyst and have 10 hours a week.',
  de:
    'Ich heiße Jürgen, bin 29 und arbeite im Lager. Ich möchte Webentwickler werden und habe 7 Stunden ' +
    'in der Woche. Ich koche gern und bin geduldig.',
};

export interface Replies {
  readonly language: string;
  readonly prompts: Readonly<Record<ChatStep, string>>;
  readonly profile: string;
  readonly plan: string;
  readonly lessons: readonly string[];
  readonly pages: readonly string[];
}

export function shippedTemplate(name: TemplateName): string {
  return readFileSync(new URL(`../../../prompts/${TEMPLATES[name].file}`, import.meta.url), 'utf8');
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

/** The rehearsal's replies to the four templates, for one lead; prompts are those of the first block. */
export function rehearsalReplies(language: string, description: string): Replies {
  const inputTransform = valueOf(
    inputTransformPrompt(shippedTemplate('input_transform'), description),
  );
  const profile = rehearsalAnswer('input_transform', inputTransform);
  const parsed = valueOf(parseProfile(profile));
  const planned = valueOf(planPrompt(shippedTemplate('init_plan'), parsed, BLOCKS));
  const plan = rehearsalAnswer('plan', planned);
  const blocks = valueOf(parsePlan(plan, BLOCKS)).map((blok, index) =>
    valueOf(blockPrompt(shippedTemplate('block'), { n: index + 1, blok, profile: parsed, plan })),
  );
  const lessons = blocks.map((prompt) => rehearsalAnswer('stage2', prompt));
  const transforms = lessons.map((content, index) =>
    valueOf(htmlPrompt(shippedTemplate('html_transform'), { n: index + 1, content, language })),
  );
  const pages = transforms.map((prompt) => rehearsalAnswer('stage3', prompt));
  const prompts = {
    input_transform: inputTransform,
    plan: planned,
    stage2: blocks[0] ?? '',
    stage3: transforms[0] ?? '',
  };
  return { language, prompts, profile, plan, lessons, pages };
}

export function allRehearsalReplies(): Replies[] {
  return Object.entries(DESCRIPTIONS).map(([language, text]) => rehearsalReplies(language, text));
}
