/** A prompt to be asked for the first time, which nothing comes before. */
import { sha256Hex } from '../../src/core/hash-chain.ts';
import type { ChatRequest } from '../../src/ports.ts';

export function firstRequest(
  requestId: string,
  text: string,
  { step, n }: Pick<ChatRequest, 'step' | 'n'> = { step: 'stage2', n: 1 },
): ChatRequest {
  return { requestId, step, n, text, sha256: sha256Hex(text), spent: [], follows: null };
}
