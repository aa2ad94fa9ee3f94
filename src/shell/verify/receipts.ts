/** What a run's receipt says of its zip, as far as it can be read. */
import { z } from 'zod';
import { ARCHIVE_RECEIPT } from '../../core/archive-receipt.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { jsonText } from '../../core/json-text.ts';
import type { RecordedRun } from '../../core/recorded.ts';
import type { EventStore } from '../../ports.ts';

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

/** Of every zip that was recorded of a run, oldest first; one whose text is not as recorded is left out. */
export async function recordedReceipts(
  leadId: string,
  { runId, versions }: RecordedRun,
  store: Pick<EventStore, 'artifact'>,
): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const ref of versions) {
    if (ref.path !== ARCHIVE_RECEIPT) continue;
    const text = await store.artifact(leadId, runId, ref);
    const isRecorded = text !== null && sha256Hex(text) === ref.sha256;
    const receipt = isRecorded ? parsedReceipt(text) : null;
    if (receipt !== null) receipts.push(receipt);
  }
  return receipts;
}
