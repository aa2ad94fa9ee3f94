/** What is known of one generation of the page's markup, as data. */

/** An element by its CSS selector and, where the markup alone does not tell, one of its labels. */
export interface Target {
  readonly css: string;
  readonly labels?: readonly string[];
}

export interface Generation {
  /** As `doctor` names it. */
  readonly name: string;
  readonly about: string;
  /** Any of these shows that the page is of this generation. */
  readonly marks: readonly string[];

  /** The composer; a hidden second one may be about. */
  readonly form: string;
  /** Within the form. */
  readonly editor: string;
  readonly send: readonly Target[];
  readonly stop: readonly Target[];
  readonly removeFile: readonly Target[];

  /** A turn, or a pair of prompt and answer: what an action bar stands under. */
  readonly turn: string;
  readonly turnKey: string;
  /** Of the turn, or within it. */
  readonly user: string;
  readonly userText: string;
  readonly assistant: string;
  /** The answer's own text, within the assistant's part. */
  readonly answer: string;
  readonly thinking: string;
  /** Within the turn, but not within the user's part or the answer. */
  readonly copy: readonly Target[];
  readonly retry: readonly Target[];
}

/** What `doctor` looks for, in its words. */
export const PART_NAMES = {
  form: 'the composer',
  editor: 'its editor',
  send: 'its send button',
  turn: 'turns',
  turnKey: 'the key of a turn',
  user: "the prompt's part of a turn",
  userText: "the prompt's text",
  assistant: "the answer's part of a turn",
  answer: "the answer's text",
  copy: 'the button that copies an answer',
} as const satisfies Partial<Record<keyof Generation, string>>;
export type PartName = keyof typeof PART_NAMES;

/** A part with its selector, as a person needs both who looks for it on the page. */
export function describePart(generation: Generation, part: PartName): string {
  const by = generation[part];
  const selector = typeof by === 'string' ? by : by.map(({ css }) => css).join(' or ');
  return `${PART_NAMES[part]} (${selector})`;
}
