/** The words of the rehearsal in one language. `{role}`, `{skill}` and `{interest}` are slots. */

export const LANGUAGES = ['sk', 'cs', 'en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a block of the plan is about. */
export interface Theme {
  readonly title: string;
  readonly aim: string;
  readonly steps: readonly string[];
  readonly exercise: string;
  readonly evidence: string;
}

export interface Phrases {
  /** Stands on every page. */
  readonly notice: string;
  /** Around a person's own words. */
  readonly quote: readonly [string, string];
  readonly labels: {
    readonly block: string;
    readonly aim: string;
    readonly steps: string;
    readonly exercise: string;
    readonly evidence: string;
    readonly time: string;
    readonly forYou: string;
    readonly fromPlan: string;
    readonly howTo: string;
    readonly week: string;
    readonly day: string;
    readonly work: string;
    readonly minutes: string;
    readonly tip: string;
    readonly mistakes: string;
    readonly questions: string;
    readonly checklist: string;
    readonly part: string;
  };
  readonly defaults: {
    readonly role: string;
    readonly skill: string;
    readonly interest: string;
    readonly title: string;
    readonly step: string;
  };
  readonly intro: readonly string[];
  readonly forYou: string;
  /** Follow each step in turn. */
  readonly howTo: readonly string[];
  readonly days: readonly string[];
  /** What is done on each of the days. */
  readonly dayWork: readonly string[];
  readonly tips: readonly string[];
  readonly mistakes: readonly string[];
  readonly questions: readonly string[];
  readonly checklist: readonly string[];
  readonly closing: string;
  readonly themes: readonly Theme[];
}
