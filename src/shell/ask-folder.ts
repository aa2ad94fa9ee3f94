/** `planline chat`: prompts of a folder asked one after the other, with the pipeline's own retries. */
import { ChatError } from '../core/errors.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import { normalizeReply } from '../core/reply/normalize.ts';
import { ok, refuse, type Result } from '../core/result.ts';
import { backoffMs } from '../core/retry.ts';
import { checkPart } from '../steps/stage2.ts';
import { checkHtmlReply } from '../steps/stage3.ts';
import type { ChatDriver, ChatReply, Clock, Log, Random } from '../ports.ts';

export interface AskDeps {
  readonly driver: ChatDriver;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly maxRetries: number;
  readonly retryBaseMs: number;
  readonly signal: AbortSignal;
}

const PAGE_PROMPT = /^parthtml\d+\.txt$/;
const BLOCK_PROMPT = /^prompt_block_(\d+)\.txt$/;

/** `prompt_block_3.txt` → `part3.txt`; any other name stays. */
export function replyNameOf(name: string): string {
  const n = BLOCK_PROMPT.exec(name)?.[1];
  return n === undefined ? name : `part${n}.txt`;
}

async function askOnce(deps: AskDeps, name: string, text: string): Promise<Result<ChatReply>> {
  const isPage = PAGE_PROMPT.test(name);
  const reply = await deps.driver.ask(
    {
      requestId: deps.random.uuid(),
      step: isPage ? 'stage3' : 'stage2',
      n: Number(/\d+/.exec(name)?.[0] ?? 1),
      text,
      sha256: sha256Hex(text),
      spent: [],
      follows: null,
    },
    { sent: () => Promise.resolve(), phase: () => undefined },
    deps.signal,
  );
  const checked = (isPage ? checkHtmlReply : checkPart)(normalizeReply(reply.text));
  return checked.ok ? ok(reply) : checked;
}

/**
 * The reply's text, or a refusal once every retry is spent. Throws ChatError for what stops the
 * whole folder: a limit of the account, a person who is needed.
 */
export async function askWithRetries(
  deps: AskDeps,
  name: string,
  text: string,
): Promise<Result<string>> {
  for (let attempt = 1; ; attempt += 1) {
    let reason: string;
    try {
      const asked = await askOnce(deps, name, text);
      if (asked.ok) return ok(normalizeReply(asked.value.text));
      ({ reason } = asked.error);
    } catch (error) {
      if (!(error instanceof ChatError) || deps.signal.aborted) throw error;
      if (error.code === 'permanent') return refuse(error.message);
      if (error.code !== 'retryable') throw error;
      reason = error.message;
    }
    if (attempt > deps.maxRetries) return refuse(reason);
    const waitMs = backoffMs(attempt, deps.retryBaseMs, deps.random.fraction());
    deps.log.warn({ name, attempt, waitMs, reason }, 'Asking again');
    await deps.clock.sleep(waitMs, deps.signal);
  }
}
