/** What one look at the page tells, as plain data. */
import { z } from 'zod';

const turnFacts = z.object({
  /** Changes when the page draws the turn anew. */
  key: z.string(),
  role: z.enum(['user', 'assistant']),
  /** The prompt as it is shown, or the answer's own text. */
  text: z.string(),
  /** What the interface says in the turn, beside the answer: an error, "Thought for 5 s". */
  aside: z.string(),
  /** The words of the thinking sign; null when there is none. */
  thinking: z.string().nullable(),
  /** The button that copies the answer is there. */
  copyable: z.boolean(),
  /** A button that asks again is there, which only a failed turn has. */
  retryable: z.boolean(),
});
export type TurnFacts = z.infer<typeof turnFacts>;

const composerFacts = z.object({
  /** A line for each paragraph. */
  text: z.string(),
  files: z.int(),
  sendable: z.boolean(),
});

export const pageFacts = z.object({
  url: z.string(),
  title: z.string(),
  /** The generation's name; null when the page shows no mark of any. */
  generation: z.string().nullable(),
  /** Null when none is shown. */
  composer: composerFacts.nullable(),
  stop: z.boolean(),
  continues: z.boolean(),
  /** In order; not all of a long conversation need be there. */
  turns: z.array(turnFacts),
  /** Texts of dialogs, banners and toasts. */
  notices: z.array(z.string()),
  login: z.boolean(),
  challenge: z.boolean(),
});
export type PageFacts = z.infer<typeof pageFacts>;
