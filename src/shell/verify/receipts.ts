/** What a run's receipt says of its zip, as far as it can be read. */
import { z } from 'zod';
import { jsonText } from '../../core/json-text.ts';

const receiptText = jsonText(
  z.looseObject({
    sha256: z.string(),
    /** Absolute, on the machine that made the zip. */
    path: z.string().optional(),
    daemon: z.string().optional(),
  }),
);
export type Receipt = z.infer<typeof receiptText>;

export function parsedReceipt(text: string | null): Receipt | null {
  return text === null ? null : (receiptText.safeParse(text).data ?? null);
}
