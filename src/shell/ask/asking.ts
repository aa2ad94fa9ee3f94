/** One prompt of a chat step being asked, and what the stream knows of it. */
import { z } from 'zod';
import { effectKey, type PromptState } from '../../core/lead-state.ts';
import type { ChatStep } from '../../core/lifecycle.ts';
import type { Result } from '../../core/result.ts';
import type { ChatRequest } from '../../ports.ts';
import { readRecorded, type RunContext } from '../run-context.ts';

export interface PromptJob {
  readonly n: number;
  readonly promptPath: string;
  readonly replyPath: string;
  readonly text: string;
  /** Is the reply usable? A refusal is sent back to be mended, then a failed attempt. */
  readonly check: (reply: string) => Result<unknown>;
}

export interface Asking {
  readonly run: RunContext;
  readonly step: ChatStep;
  readonly job: PromptJob;
  readonly sha256: string;
}

/** `<name>.meta.json`: where a reply comes from. */
export const replyMeta = z.object({
  prompt_sha256: z.string(),
  reply_sha256: z.string(),
  request_id: z.string(),
  driver: z.string(),
  model: z.string().nullable(),
  ref: z.object({ kind: z.string(), id: z.string() }).nullable(),
  capture: z.string(),
  complete: z.boolean(),
  /** Answers before this one that were sent back. */
  repairs: z.int().nonnegative().default(0),
  asked_at: z.string(),
  answered_at: z.string(),
  duration_ms: z.int(),
});
export type ReplyMeta = z.infer<typeof replyMeta>;

export function metaPathOf(replyPath: string): string {
  return `${replyPath.replace(/\.[^./]+$/, '')}.meta.json`;
}

/** Undefined when nothing is known of this very text: a prompt that was changed is another one. */
export function promptState({ run, step, job, sha256 }: Asking): PromptState | undefined {
  const known = run.run().prompts.get(effectKey(step, job.n));
  return known?.prompt?.sha256 === sha256 ? known : undefined;
}

export function isSaved(asking: Asking): boolean {
  return promptState(asking)?.phase === 'saved';
}

/** The prompt as it goes to the driver: the job's text, or the repair of its last answer. */
export async function requestOf(asking: Asking, requestId: string): Promise<ChatRequest> {
  const { run, step, job, sha256 } = asking;
  const known = promptState(asking);
  const spent = known?.spent ?? [];
  const repair = known?.repair ?? null;
  if (repair === null) {
    return { requestId, step, n: job.n, text: job.text, sha256, spent, follows: null };
  }
  return {
    requestId,
    step,
    n: job.n,
    text: await readRecorded(run, repair.prompt.path),
    sha256: repair.prompt.sha256,
    spent,
    follows: {
      ref: repair.ref,
      prompt: job.text,
      reply: await readRecorded(run, repair.reply.path),
    },
  };
}
