/** One attempt at a prompt: recover or send, check, have it mended, save. */
import { ChatError } from '../../core/errors.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import { elapsedMs } from '../../core/instant.ts';
import { normalizeReply } from '../../core/reply/normalize.ts';
import type { ChatReply } from '../../ports.ts';
import { repairPrompt } from '../../core/reply/repair.ts';
import { Park } from '../outcomes.ts';
import type { RunContext } from '../run-context.ts';
import { promptState, requestOf, type Asking } from './asking.ts';
import { freeName, journalOf, recordRefused, recordSaved, stage } from './journal.ts';

interface Answer {
  readonly reply: ChatReply;
  readonly requestId: string;
}

/** The answer is there and cannot be used: asking the provider for it again would bring the same. */
export class RefusedReply extends ChatError {
  constructor(reason: string) {
    super('retryable', reason);
  }
}

/** Nothing is claimed while the account rests, so the lead is given back without a date of its own. */
async function takeTurn({ deps, signals }: RunContext): Promise<void> {
  const turn = await deps.account.reserve(AbortSignal.any([signals.abort, signals.stopping]));
  if (signals.stopping.aborted) throw new Park('stopping', null);
  if (!turn.ready) throw new Park(`the chat account rests: ${turn.reason}`, null);
}

/** Asks the provider for an answer to what a crashed process sent; null when it has to be asked. */
async function recoverAnswer(asking: Asking): Promise<Answer | null> {
  const { run, step, job } = asking;
  const known = promptState(asking);
  if (known?.phase !== 'send_intended' && known?.phase !== 'sent') return null;
  const { requestId, ref } = known;
  if (requestId === null) return null;
  const request = await requestOf(asking, requestId);
  run.deps.progress({ kind: 'phase', leadId: run.leadId, phase: 'looking' });
  const found = await run.deps.driver.recover(request, ref, run.signals.abort);
  run.deps.log.info(
    { leadId: run.leadId, step, n: job.n, found: found.kind },
    'Looked for a prompt whose answer was not recorded',
  );
  if (found.kind !== 'answered') return null;
  run.deps.crash.reached('answer_recovered');
  return { reply: found.reply, requestId };
}

async function send(asking: Asking): Promise<Answer> {
  const { run } = asking;
  await takeTurn(run);
  const requestId = run.deps.random.uuid();
  await stage(asking, requestId);
  const request = await requestOf(asking, requestId);
  const journal = journalOf(asking, request);
  const reply = await run.deps.driver.ask(request, journal, run.signals.abort);
  run.deps.crash.reached('answered');
  return { reply, requestId };
}

/** Notes what is to be sent back. Throws RefusedReply once that was done often enough. */
async function sendBack(
  asking: Asking,
  { requestId }: Answer,
  reply: string,
  reason: string,
): Promise<void> {
  const { run, step, job } = asking;
  if ((promptState(asking)?.repair?.count ?? 0) >= run.deps.options.maxRepairs) {
    const path = `${await freeName(asking, 'rejected')}.txt`;
    await run.runFiles.write(path, reply);
    throw new RefusedReply(`${reason} (the reply is kept as ${path})`);
  }
  await recordRefused(asking, { requestId, reply, reason, repair: repairPrompt(step, reason) });
  run.deps.log.info(
    { leadId: run.leadId, step, n: job.n, reason },
    'An answer is sent back to be mended',
  );
}

/** Throws Park, ChatError, and what the stream throws. */
export async function attempt(asking: Asking): Promise<void> {
  const { run, job } = asking;
  const { clock, driver, account } = run.deps;
  const askedMs = clock.now();
  let answer = (await recoverAnswer(asking)) ?? (await send(asking));
  let text = normalizeReply(answer.reply.text);
  await account.succeeded();
  for (let checked = job.check(text); !checked.ok; checked = job.check(text)) {
    await sendBack(asking, answer, text, checked.error.reason);
    answer = await send(asking);
    text = normalizeReply(answer.reply.text);
  }
  const { reply, requestId } = answer;
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
    repairs: promptState(asking)?.repair?.count ?? 0,
    asked_at: new Date(askedMs).toISOString(),
    answered_at: new Date(answeredMs).toISOString(),
    duration_ms: elapsedMs(askedMs, answeredMs),
  });
}
