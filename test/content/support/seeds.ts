/** Whole replies to begin from: what the rehearsal answers, in every language that it knows. */
import { readFileSync } from 'node:fs';
import { rehearsalAnswer } from '../../../src/adapters/chat/rehearsal/answer.ts';
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

/** The rehearsal's replies to the four templates, for one lead. */
export function rehearsalReplies(language: string, description: string): Replies {
  const profile = rehearsalAnswer(
    'input_transform',
    valueOf(inputTransformPrompt(shippedTemplate('input_transform'), description)),
  );
  const parsed = valueOf(parseProfile(profile));
  const plan = rehearsalAnswer(
    'plan',
    valueOf(planPrompt(shippedTemplate('init_plan'), parsed, BLOCKS)),
  );
  const lessons = valueOf(parsePlan(plan, BLOCKS)).map((blok, index) =>
    rehearsalAnswer(
      'stage2',
      valueOf(blockPrompt(shippedTemplate('block'), { n: index + 1, blok, profile: parsed, plan })),
    ),
  );
  const pages = lessons.map((content, index) =>
    rehearsalAnswer(
      'stage3',
      valueOf(htmlPrompt(shippedTemplate('html_transform'), { n: index + 1, content, language })),
    ),
  );
  return { language, profile, plan, lessons, pages };
}

export function allRehearsalReplies(): Replies[] {
  return Object.entries(DESCRIPTIONS).map(([language, text]) => rehearsalReplies(language, text));
}
