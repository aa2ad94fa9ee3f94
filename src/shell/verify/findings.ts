/** What a check of a lead found. */
export interface Findings {
  /** Two places that contradict each other. */
  readonly problems: readonly string[];
  /** What is unusual and explained: nothing is lost and nothing has to be done. */
  readonly notes: readonly string[];
}

export const NOTHING: Findings = { problems: [], notes: [] };

export function problem(text: string): Findings {
  return { problems: [text], notes: [] };
}

export function note(text: string): Findings {
  return { problems: [], notes: [text] };
}

export function together(parts: readonly Findings[]): Findings {
  return {
    problems: parts.flatMap(({ problems }) => problems),
    notes: parts.flatMap(({ notes }) => notes),
  };
}
