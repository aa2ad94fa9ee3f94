/** From a prompt that was sent to its reply: wait until the page rests, copy, and believe little. */
import { ChatError } from '../../../core/errors.ts';
import type { ChatReply } from '../../../ports.ts';
import {
  type AnswerWatch,
  beginWatch,
  copied,
  diagnosed,
  glanced,
  nextLook,
  verdictOf,
} from './answer-watch.ts';
import type { Clipboard } from './clipboard-hold.ts';
import { copyAnswer } from './copy-answer.ts';
import { atTheDesk, type Job, refOf } from './job.ts';
import { chatAddress } from './compose.ts';
import { openAddress, readPage } from './page.ts';
import { troubleAfter } from './trouble.ts';

/** Throws ChatError for what the page says, and Interruption when somebody disturbs. */
export async function awaitAnswer(job: Job): Promise<ChatReply> {
  const { clock } = job.session.settings;
  const { timings } = job.session;
  let watch = beginWatch(clock.now(), job.stopSignMs);
  for (;;) {
    await job.desk.pause(timings.pollMs);
    watch = glanced(watch, clock.now(), await job.desk.glance());
    job.stopSignMs = watch.stopSignMs;
    job.answering = watch.stopSign;
    const next = nextLook(watch, clock.now(), timings);
    if (next === 'wait') {
      job.phase('answering');
      continue;
    }
    watch = next === 'copy' ? await look(job, watch) : await diagnose(job, watch);
    const reply = replyFrom(job, watch, verdictOf(watch, clock.now(), timings));
    if (reply !== null) return reply;
  }
}

async function look(job: Job, watch: AnswerWatch): Promise<AnswerWatch> {
  job.phase('copying');
  const unframed = await atTheDesk(job, async (clipboard) => {
    if (job.suspect) await readForTrouble(job, clipboard, null);
    return await copyAnswer(job, clipboard);
  });
  // What our own keys have changed on the screen is no sign of life.
  await job.desk.glance();
  return copied(watch, job.session.settings.clock.now(), unframed);
}

/**
 * There is no answer, and nothing has come for long: the page may say why. Else something may cover it
 * or hold up its copying, which Escape and a page that is loaded anew put right.
 */
async function diagnose(job: Job, watch: AnswerWatch): Promise<AnswerWatch> {
  const { clock } = job.session.settings;
  await atTheDesk(job, async (clipboard) => {
    const unframed = watch.copy?.unframed ?? { kind: 'foreign' };
    const answer = unframed.kind === 'foreign' ? null : unframed.text;
    await readForTrouble(job, clipboard, answer);
    // While the page writes, Escape might end that.
    if (!watch.stopSign) await job.desk.press('escape');
    if (watch.diagnoses > 0 || watch.stopSign) await reopen(job, clipboard);
  });
  return { ...diagnosed(watch, clock.now()), movedMs: clock.now() };
}

async function readForTrouble(
  job: Job,
  clipboard: Clipboard,
  answer: string | null,
): Promise<void> {
  await chatAddress(job, clipboard);
  const page = await readPage(job, clipboard);
  const trouble = troubleAfter(job, page, answer);
  if (trouble.kind === 'failed') throw trouble.error;
  if (trouble.kind === 'reopen') await reopen(job, clipboard);
  job.suspect = false;
}

async function reopen(job: Job, clipboard: Clipboard): Promise<void> {
  if (job.url === null) return;
  job.reloaded = true;
  await openAddress(job, clipboard, job.url);
}

function replyFrom(
  job: Job,
  { copy }: AnswerWatch,
  verdict: ReturnType<typeof verdictOf>,
): ChatReply | null {
  if (verdict === 'nothing_came') throw nothingCameError();
  if (verdict === 'going' || copy === null || copy.unframed.kind === 'foreign') return null;
  const { text } = copy.unframed;
  if (text.trim() === '') throw new ChatError('retryable', 'The answer was empty.');
  return {
    text,
    capture: 'clipboard',
    complete: verdict === 'complete',
    ref: refOf(job),
    model: null,
  };
}

function nothingCameError(): ChatError {
  return new ChatError(
    'retryable',
    'The page has stopped answering, but what can be copied is not an answer to this prompt.',
  );
}
