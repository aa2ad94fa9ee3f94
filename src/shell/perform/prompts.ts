/**
 * The prompts of a chat step. Each is journaled: staged, send intended, sent, answered, saved. A reply
 * that is on disk, or that the provider still has, is never asked for again.
 */
import { z } from 'zod';
import { ChatError, isPlanlineError, messageOf, PlanlineError } from '../../core/errors.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { effectKey, type PromptState } from '../../core/lead-state.ts';
import type { ChatStep } from '../../core/lifecycle.ts';
import { normalizeReply } from '../../core/reply/normalize.ts';
import type { Result } from '../../core/result.ts';
import type { ChatReply, ChatRequest } from '../../ports.ts';
import { recordFailure } from '../attempts.ts';
import type { Fact } from '../lead-stream.ts';
import { Block, Park } from '../outcomes.ts';
import { progressOf, refOf, writeArtifact, type RunContext } from '../run-context.ts';

export interface PromptJob {
  readonly n: number;
  readonly promptPath: string;
  readonly replyPath: string;
  readonly text: string;
  /** Is the reply usable? A refusal is a failed attempt. */
  readonly check: (reply: string) => Result<unknown>;
}

/** `<name>.meta.json`: where a reply comes from. */
const replyMeta = z.object({
  prompt_sha256: z.string(),
  reply_sha256: z.string(),
  request_id: z.string(),
  driver: z.string(),
  model: z.string().nullable(),
  ref: z.object({ kind: z.string(), id: z.string() }).nullable(),
  capture: z.string(),
  complete: z.boolean(),
  asked_at: z.string(),
  answered_at: z.string(),
  duration_ms: z.int(),
});
type ReplyMeta = z.infer<typeof replyMeta>;

/** Pause after a limit that is over by the time it is noted. */
const LIMIT_OVER_MS = 1_000;

interface Asking {
  readonly run: RunContext;
  readonly step: ChatStep;
  readonly job: PromptJob;
  readonly sha256: string;
}

export function metaPathOf(replyPath: string): string {
  return `${replyPath.replace(/\.[^./]+$/, '')}.meta.json`;
}

function promptState({ run, step, job }: Asking): PromptState | undefined {
  return run.run().prompts.get(effectKey(step, job.n));
}

function isSaved(asking: Asking): boolean {
  const known = promptState(asking);
  return known?.phase === 'saved' && known.prompt?.sha256 === asking.sha256;
}

function reportPrompts(run: RunContext, step: ChatStep, total: number): void {
  const saved = [...run.run().prompts.values()].filter(
    (prompt) => prompt.step === step && prompt.phase === 'saved',
  );
  run.deps.progress({ kind: 'prompts', leadId: run.leadId, step, done: saved.length, total });
}

/** Records a reply that is on disk: the events that are missing, and its files. */
async function recordSaved(asking: Asking, reply: string, meta: ReplyMeta): Promise<void> {
  const { run, step, job } = asking;
  const replyFile = await writeArtifact(run, job.replyPath, reply);
  const metaFile = await writeArtifact(
    run,
    metaPathOf(job.replyPath),
    `${JSON.stringify(meta, null, 2)}\n`,
  );
  const answered: Fact = {
    type: 'prompt.answered',
    data: {
      step,
      n: job.n,
      request_id: meta.request_id,
      reply_sha256: meta.reply_sha256,
      chars: reply.length,
      capture: meta.capture,
      complete: meta.complete,
      duration_ms: meta.duration_ms,
    },
  };
  const saved: Fact = {
    type: 'prompt.saved',
    data: { step, n: job.n, reply: refOf(replyFile), meta: refOf(metaFile) },
  };
  // Another prompt's failure stays on the row until that prompt is answered.
  const key = effectKey(step, job.n);
  const othersFail = [...run.run().failures.keys()].some((failing) => failing !== key);
  await run.stream.append([answered, saved], {
    artifacts: [replyFile, metaFile],
    patch: {
      ...(othersFail ? {} : { retry_count: 0, last_error: null }),
      pipeline_progress: progressOf(run.run(), step),
    },
  });
}

/** A crash between "reply on disk" and its event left a reply that only needs to be recorded. */
async function adoptFromDisk(asking: Asking): Promise<boolean> {
  const { run, job } = asking;
  const [reply, metaText] = await Promise.all([
    run.runFiles.read(job.replyPath),
    run.runFiles.read(metaPathOf(job.replyPath)),
  ]);
  if (reply === null || metaText === null) return false;
  const meta = replyMeta.safeParse(parseJson(metaText));
  if (!meta.success || meta.data.prompt_sha256 !== asking.sha256) return false;
  if (meta.data.reply_sha256 !== sha256Hex(reply) || !job.check(reply).ok) return false;
  await recordSaved(asking, reply, meta.data);
  return true;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A meta file that is not JSON proves nothing; the reply beside it is asked for again.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function requestOf(asking: Asking, requestId: string): ChatRequest {
  const { step, job, sha256 } = asking;
  return { requestId, step, n: job.n, text: job.text, sha256, spent: [], follows: null };
}

/** Prompt file first, then the intent to send: a crash after this knows that it may have been sent. */
async function stage(asking: Asking, requestId: string): Promise<void> {
  const { run, step, job, sha256 } = asking;
  const known = promptState(asking);
  const facts: Fact[] = [];
  const file = await writeArtifact(run, job.promptPath, job.text);
  if (known?.prompt?.sha256 !== sha256) {
    facts.push({ type: 'prompt.staged', data: { step, n: job.n, prompt: refOf(file) } });
  }
  facts.push({
    type: 'prompt.send_intended',
    data: {
      step,
      n: job.n,
      request_id: requestId,
      prompt_sha256: sha256,
      driver: run.deps.driver.name,
    },
  });
  await run.stream.append(facts, { artifacts: [file] });
}

/** Nothing is claimed while the account rests, so the lead is given back without a date of its own. */
async function takeTurn({ deps, signals }: RunContext): Promise<void> {
  const turn = await deps.account.reserve(AbortSignal.any([signals.abort, signals.stopping]));
  if (signals.stopping.aborted) throw new Park('stopping', null);
  if (!turn.ready) throw new Park(`the chat account rests: ${turn.reason}`, null);
}

/** Asks the provider for an answer to what a crashed process sent; null when it has to be asked. */
async function recoverReply(
  asking: Asking,
): Promise<{ reply: ChatReply; requestId: string } | null> {
  const { run } = asking;
  const known = promptState(asking);
  if (known?.phase !== 'send_intended' && known?.phase !== 'sent') return null;
  if (known.prompt?.sha256 !== asking.sha256 || known.requestId === null) return null;
  const request = requestOf(asking, known.requestId);
  const found = await run.deps.driver.recover(request, known.ref, run.signals.abort);
  run.deps.log.info(
    { leadId: run.leadId, step: asking.step, n: asking.job.n, found: found.kind },
    'Looked for a prompt whose answer was not recorded',
  );
  return found.kind === 'answered' ? { reply: found.reply, requestId: known.requestId } : null;
}

async function sendPrompt(asking: Asking): Promise<{ reply: ChatReply; requestId: string }> {
  const { run, step, job } = asking;
  await takeTurn(run);
  const requestId = run.deps.random.uuid();
  await stage(asking, requestId);
  const journal = {
    sent: (ref: { kind: string; id: string }) =>
      run.stream.append([
        { type: 'prompt.sent', data: { step, n: job.n, request_id: requestId, ref } },
      ]),
    phase: () => undefined,
  };
  const reply = await run.deps.driver.ask(requestOf(asking, requestId), journal, run.signals.abort);
  return { reply, requestId };
}

async function keepRejected(asking: Asking, reply: string): Promise<string> {
  const { run, step, job } = asking;
  const taken = (await run.runFiles.list('rejected')).length;
  const path = `rejected/${step}_${job.n}_${taken + 1}.txt`;
  await run.runFiles.write(path, reply);
  return path;
}

/** The answer is there and cannot be used: asking the provider for it again would bring the same. */
class RefusedReply extends ChatError {
  constructor(reason: string) {
    super('retryable', reason);
  }
}

/** One attempt: recover or send, check, save. */
async function attempt(asking: Asking): Promise<void> {
  const { run, job } = asking;
  const { clock, driver } = run.deps;
  const askedMs = clock.now();
  const { reply, requestId } = (await recoverReply(asking)) ?? (await sendPrompt(asking));
  const text = normalizeReply(reply.text);
  const checked = job.check(text);
  if (!checked.ok) {
    const path = await keepRejected(asking, text);
    throw new RefusedReply(`${checked.error.reason} (the reply is kept as ${path})`);
  }
  const answeredMs = clock.now();
  await recordSaved(asking, text, {
    prompt_sha256: asking.sha256,
    reply_sha256: sha256Hex(text),
    request_id: requestId,
    driver: driver.name,
    model: reply.model,
    ref: reply.ref,
    capture: reply.capture,
    complete: reply.complete,
    asked_at: new Date(askedMs).toISOString(),
    answered_at: new Date(answeredMs).toISOString(),
    duration_ms: answeredMs - askedMs,
  });
  await run.deps.account.succeeded();
}

/** What a driver's error means for this prompt: park, a spent attempt, or a block. */
async function settleError(asking: Asking, error: unknown): Promise<never> {
  const { run, step, job } = asking;
  if (run.signals.abort.aborted) throw new Park('stopping', null);
  if (!(error instanceof ChatError)) throw error;
  await run.deps.account.note(error);
  if (error.code !== 'retryable' && error.code !== 'permanent') {
    const turn = await run.deps.account.turn(run.signals.abort);
    // A limit may be over by now; no attempt is spent on it all the same.
    const untilMs = turn.ready ? run.deps.clock.now() + LIMIT_OVER_MS : null;
    throw new Park(`the chat account rests: ${error.message}`, untilMs);
  }
  const retryAtMs = await recordFailure(run, {
    step,
    n: job.n,
    code: error.code,
    reason: error.message,
    final: error.code === 'permanent',
    keepsRequest: error.code === 'retryable' && !(error instanceof RefusedReply),
    cause: error,
  });
  throw new Park(error.message, retryAtMs);
}

async function logAttempt(asking: Asking, startedMs: number, error: unknown): Promise<void> {
  const { run, step, job } = asking;
  await run.runFiles.appendLog(step, {
    prompt: job.promptPath,
    response: error === null ? job.replyPath : null,
    started: new Date(startedMs).toISOString(),
    duration_ms: run.deps.clock.now() - startedMs,
    retries: run.run().failures.get(effectKey(step, job.n))?.count ?? 0,
    driver: run.deps.driver.name,
    error: error === null ? null : messageOf(error),
  });
}

async function askOne(asking: Asking): Promise<void> {
  const { run, step, job } = asking;
  if (isSaved(asking) || (await adoptFromDisk(asking))) return;
  if (run.signals.stopping.aborted) throw new Park('stopping', null);
  const retryAt = run.run().failures.get(effectKey(step, job.n))?.retryAt ?? null;
  if (retryAt !== null && Date.parse(retryAt) > run.deps.clock.now()) {
    throw new Park('waiting for the next attempt', Date.parse(retryAt));
  }
  const startedMs = run.deps.clock.now();
  try {
    await attempt(asking);
    await logAttempt(asking, startedMs, null);
  } catch (error) {
    if (error instanceof Park || error instanceof PlanlineError) throw error;
    await logAttempt(asking, startedMs, error);
    await settleError(asking, error);
  }
}

/** A block outweighs everything, a lost lease everything but a block, then the earliest park. */
function throwWorst(errors: readonly Error[]): void {
  const weight = (error: Error): number => {
    if (isPlanlineError(error, 'stale_lease') || isPlanlineError(error, 'lead_moved')) return 0;
    if (error instanceof Block) return 1;
    return error instanceof Park ? 3 : 2;
  };
  const until = (error: Error): number => (error instanceof Park ? (error.untilMs ?? 0) : 0);
  const [worst] = errors.toSorted((a, b) => weight(a) - weight(b) || until(a) - until(b));
  if (worst !== undefined) throw worst;
}

/**
 * Asks every prompt of a step that is not answered yet, at most `chatConcurrency` at a time. Others
 * go on when one fails. Throws Park, Block, `stale_lease`, `lead_moved`.
 */
export async function askAll(
  run: RunContext,
  step: ChatStep,
  jobs: readonly PromptJob[],
): Promise<void> {
  const waiting = [...jobs];
  const errors: Error[] = [];
  reportPrompts(run, step, jobs.length);
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      try {
        await askOne({ run, step, job, sha256: sha256Hex(job.text) });
        reportPrompts(run, step, jobs.length);
      } catch (error) {
        errors.push(error instanceof Error ? error : new Error(String(error), { cause: error }));
        // Only a failed attempt leaves the other prompts their turn.
        if (!(error instanceof Park)) return;
      }
    }
  };
  const workers = Math.min(run.deps.options.chatConcurrency, jobs.length);
  await Promise.all(Array.from({ length: workers }, worker));
  throwWorst(errors);
}
