/**
 * `planline chat`: prompts of a folder asked one after the other, with the pipeline's own pace,
 * repairs and retries. What is under way is noted in `sent/`, so that a crash asks nothing twice.
 */
import { z } from 'zod';
import { ChatError, messageOf } from '../core/errors.ts';
import { sentRef, type SentRef } from '../core/events.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import { jsonText } from '../core/json-text.ts';
import { normalizeReply } from '../core/reply/normalize.ts';
import { ok, refuse, type Result } from '../core/result.ts';
import { backoffMs } from '../core/retry.ts';
import { repairPrompt } from '../core/reply/repair.ts';
import { checkLesson } from '../steps/stage2.ts';
import { checkPageReply } from '../steps/stage3.ts';
import type {
  ChatDriver,
  ChatExchange,
  ChatPhase,
  ChatReply,
  ChatRequest,
  Clock,
  Folder,
  Log,
  Random,
} from '../ports.ts';
import { isWithPerson, type ChatAccount } from './chat-account.ts';

export interface AskFolderDeps {
  readonly driver: ChatDriver;
  readonly account: ChatAccount;
  readonly output: Folder;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly maxRetries: number;
  readonly maxRepairs: number;
  readonly retryBaseMs: number;
  /** Ends what is under way. */
  readonly abort: AbortSignal;
  /** Ends waiting for the account's turn or for the next attempt. */
  readonly stopping: AbortSignal;
  readonly onPhase: (name: string, phase: ChatPhase) => void;
  readonly onWait: (untilMs: number, reason: string) => void;
}

export interface FolderAsker {
  /**
   * The reply's text, or a refusal once every retry is spent. Throws ChatError `needs_operator`, and
   * any ChatError once it is told to stop.
   */
  ask(text: string, name: string): Promise<Result<string>>;
  /** Where the last reply to a prompt came from, for its `.meta.json`. */
  facts(name: string): Readonly<Record<string, unknown>>;
}

const PAGE_PROMPT = /^parthtml\d+\.txt$/;
const BLOCK_PROMPT = /^prompt_block_(\d+)\.txt$/;
/** A folder tells neither the lead's language nor which lesson a page is made from. */
const CHECKS = {
  stage2: (reply: string): Result<unknown> => checkLesson(reply, null),
  stage3: (reply: string): Result<unknown> =>
    checkPageReply(reply, { lesson: null, language: null }),
} as const;

/** `prompt_block_3.txt` → `part3.txt`; any other name stays. */
export function replyNameOf(name: string): string {
  const n = BLOCK_PROMPT.exec(name)?.[1];
  return n === undefined ? name : `part${n}.txt`;
}

function stepOf(name: string): keyof typeof CHECKS {
  return PAGE_PROMPT.test(name) ? 'stage3' : 'stage2';
}

/** A prompt that was sent, or was about to be; its answer may be there. */
const sentNote = z.object({
  request_id: z.string(),
  prompt_sha256: z.string(),
  driver: z.string(),
  ref: sentRef.nullable(),
});
type SentNote = z.infer<typeof sentNote>;

const sentNoteText = jsonText(sentNote);

interface Asked {
  readonly checked: Result<unknown>;
  readonly text: string;
  readonly reply: ChatReply;
}

/** What one prompt of the folder is asked with. */
interface Asking {
  readonly deps: AskFolderDeps;
  readonly name: string;
  readonly prompt: string;
  /** Conversations whose answers were of no use. */
  readonly spent: SentRef[];
}

const notePath = (name: string): string => `sent/${name.replace(/\.[^./]+$/, '')}.json`;

async function writeNote({ deps, name }: Asking, note: SentNote): Promise<void> {
  await deps.output.write(notePath(name), `${JSON.stringify(note, null, 2)}\n`);
}

async function readNote({ deps, name, prompt }: Asking): Promise<SentNote | null> {
  const text = await deps.output.read(notePath(name));
  const note = sentNoteText.safeParse(text ?? '');
  const isSame = note.success && note.data.prompt_sha256 === sha256Hex(prompt);
  return isSame && note.data.driver === deps.driver.name ? note.data : null;
}

/** Waits until the account may be asked. Throws ChatError when a person is needed or on a stop. */
async function takeTurn({ account, clock, stopping, onWait }: AskFolderDeps): Promise<void> {
  for (;;) {
    const turn = await account.reserve(stopping);
    if (stopping.aborted) throw new ChatError('retryable', 'Stopped before the prompt was sent.');
    if (turn.ready) return;
    if (isWithPerson(account.state())) throw new ChatError('needs_operator', turn.reason);
    onWait(turn.untilMs, turn.reason);
    await clock.sleep(turn.untilMs - clock.now(), stopping);
  }
}

/** Another process may have had the screen for minutes since `takeTurn`. */
async function mayStillSend({ account, stopping }: AskFolderDeps): Promise<void> {
  const standing = await account.standing();
  if (stopping.aborted) throw new ChatError('retryable', 'Stopped before the prompt was sent.');
  if (standing.ready) return;
  const { untilMs, reason } = standing;
  if (isWithPerson(account.state())) throw new ChatError('needs_operator', reason);
  throw new ChatError('rate_limited', reason, { untilMs });
}

function requestOf(
  { name, spent }: Asking,
  requestId: string,
  text: string,
  follows: ChatExchange | null,
): ChatRequest {
  const n = Number(/\d+/.exec(name)?.[0] ?? 1);
  const sha256 = sha256Hex(text);
  return { requestId, step: stepOf(name), n, text, sha256, spent: [...spent], follows };
}

async function send(asking: Asking, text: string, follows: ChatExchange | null) {
  const { deps, name } = asking;
  await takeTurn(deps);
  const request = requestOf(asking, deps.random.uuid(), text, follows);
  const note: SentNote = {
    request_id: request.requestId,
    prompt_sha256: request.sha256,
    driver: deps.driver.name,
    ref: null,
  };
  await writeNote(asking, note);
  const journal = {
    begin: () => mayStillSend(deps),
    failed: (error: ChatError) => deps.account.note(error),
    sent: (ref: SentRef) => writeNote(asking, { ...note, ref }),
    phase: (phase: ChatPhase) => deps.onPhase(name, phase),
  };
  return deps.driver.ask(request, journal, deps.abort);
}

/** The answer to what an earlier process sent; null when it has to be asked. */
async function recover(asking: Asking): Promise<ChatReply | null> {
  const note = await readNote(asking);
  if (note === null || asking.spent.some((ref) => ref.id === note.ref?.id)) return null;
  const request = requestOf(asking, note.request_id, asking.prompt, null);
  asking.deps.onPhase(asking.name, 'looking');
  const found = await asking.deps.driver.recover(request, note.ref, asking.deps.abort);
  return found.kind === 'answered' ? found.reply : null;
}

function check({ name }: Asking, reply: ChatReply): Asked {
  const text = normalizeReply(reply.text);
  return { checked: CHECKS[stepOf(name)](text), text, reply };
}

/** An answer that cannot be used is sent back `maxRepairs` times before the attempt has failed. */
async function askWithRepairs(asking: Asking): Promise<Asked> {
  const { deps, name, prompt } = asking;
  let asked = check(asking, (await recover(asking)) ?? (await send(asking, prompt, null)));
  for (let repairs = 0; repairs < deps.maxRepairs && !asked.checked.ok; repairs += 1) {
    const { reason } = asked.checked.error;
    deps.log.info({ name, reason }, 'An answer is sent back to be mended');
    const follows = { ref: asked.reply.ref, prompt, reply: asked.text };
    const reply = await send(asking, repairPrompt(stepOf(name), reason), follows);
    asked = check(asking, reply);
  }
  if (asked.reply.ref !== null) asking.spent.push(asked.reply.ref);
  await deps.account.succeeded();
  return asked;
}

/** Pictures of what went wrong, beside the replies. */
async function keepEvidence({ deps, name }: Asking, error: ChatError): Promise<void> {
  const stem = `failures/${name.replace(/\.[^./]+$/, '')}`;
  for (const { name: ending, content } of error.evidence()) {
    await deps.output.snapshot(`${stem}.${ending}`);
    await deps.output.write(`${stem}.${ending}`, content);
  }
}

/** The reason of a failed attempt; null when it was the account's and none is spent. */
async function failedBecause(asking: Asking, error: unknown): Promise<string | null> {
  const { abort, stopping, account } = asking.deps;
  if (!(error instanceof ChatError) || abort.aborted || stopping.aborted) throw error;
  await account.note(error);
  await keepEvidence(asking, error);
  if (error.code === 'needs_operator') throw error;
  return error.code === 'rate_limited' || error.code === 'plan_cap' ? null : error.message;
}

async function askWithRetries(asking: Asking): Promise<Result<Asked>> {
  const { deps, name } = asking;
  const { clock, log, random, maxRetries, retryBaseMs, stopping } = deps;
  for (let attempt = 1; ;) {
    let reason: string | null;
    try {
      const asked = await askWithRepairs(asking);
      if (asked.checked.ok) return ok(asked);
      ({ reason } = asked.checked.error);
    } catch (error) {
      reason = await failedBecause(asking, error);
      if (error instanceof ChatError && error.code === 'permanent') return refuse(messageOf(error));
    }
    if (reason === null) continue;
    if (attempt > maxRetries) return refuse(reason);
    const waitMs = backoffMs(attempt, retryBaseMs, random.fraction());
    log.warn({ name, attempt, waitMs, reason }, 'Asking again');
    await clock.sleep(waitMs, stopping);
    attempt += 1;
  }
}

export function createFolderAsker(deps: AskFolderDeps): FolderAsker {
  const provenance = new Map<string, Readonly<Record<string, unknown>>>();
  return {
    async ask(prompt, name) {
      const asked = await askWithRetries({ deps, name, prompt, spent: [] });
      if (!asked.ok) return asked;
      const { reply, text } = asked.value;
      const { ref, model, capture, complete } = reply;
      provenance.set(name, { driver: deps.driver.name, model, ref, capture, complete });
      return ok(text);
    },
    facts: (name) => provenance.get(name) ?? {},
  };
}
