/** What is read of the server's replies. Compatible servers leave much out, so little is demanded. */
import { z } from 'zod';

const text = z.string().nullish();

const content = z.object({ type: z.string(), text, refusal: text });
const outputItem = z.object({
  type: z.string(),
  phase: text,
  content: z.array(content).nullish(),
});

export const responseShape = z.object({
  id: z.string().min(1),
  status: text,
  model: text,
  background: z.boolean().nullish(),
  error: z.object({ code: text, message: text }).nullish(),
  incomplete_details: z.object({ reason: text }).nullish(),
  // Items of other kinds have forms of their own, and hold no words of the answer.
  output: z.array(outputItem.catch({ type: 'other' })).nullish(),
});
export type ResponseShape = z.infer<typeof responseShape>;

export const responseEvent = z.object({
  type: z.string(),
  delta: z.unknown().optional(),
  response: responseShape.nullish(),
});

export const chatChunk = z.object({
  id: text,
  model: text,
  choices: z
    .array(
      z.object({
        delta: z.object({ content: text, refusal: text }).nullish(),
        finish_reason: text,
      }),
    )
    .nullish(),
});
