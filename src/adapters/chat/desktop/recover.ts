/** After a crash: is there an answer to what may have been sent? */
import { ChatError } from '../../../core/errors.ts';
import type { SentRef } from '../../../core/events.ts';
import type { ChatRecovery } from '../../../ports.ts';
import { noticeKindOf } from '../page/notices.ts';
import { insist } from './ask.ts';
import { awaitAnswer } from './await-answer.ts';
import { conversationOf } from './address.ts';
import type { Clipboard } from './clipboard-hold.ts';
import { chatAddress } from './compose.ts';
import { atTheDesk, type Job } from './job.ts';
import { openAddress, readPage } from './page.ts';
import { showsToken } from './page-reading.ts';
import { searchConversation } from './search.ts';

const LOOK_MS = 300;

export async function recover(job: Job, ref: SentRef | null): Promise<ChatRecovery> {
  job.phase('looking');
  const url = conversationOf(ref, job.session.settings.chatUrl);
  const found = await insist(job, () =>
    atTheDesk(job, (clipboard) =>
      url === null ? lookFor(job, clipboard) : openKnown(job, clipboard, url),
    ),
  );
  if (!found) return { kind: 'not_sent' };
  job.sent = 'yes';
  try {
    return { kind: 'answered', reply: await insist(job, () => awaitAnswer(job)) };
  } catch (error) {
    if (isOver(job, error)) return { kind: 'not_sent' };
    throw error;
  }
}

/** False when the conversation is gone. */
async function openKnown(job: Job, clipboard: Clipboard, url: string): Promise<boolean> {
  job.url = url;
  const { clock } = job.session.settings;
  await chatAddress(job, clipboard);
  await openAddress(job, clipboard, url);
  const untilMs = clock.now() + job.session.timings.pageLoadMs;
  for (;;) {
    const page = await readPage(job, clipboard);
    // A turn that is not drawn while it is out of sight is no reason to give up.
    if (showsToken(page, job.frame) || clock.now() >= untilMs) return true;
    if (isMissing(page)) return false;
    await job.desk.pause(LOOK_MS);
  }
}

function isMissing(page: string): boolean {
  return page.split('\n').some((line) => noticeKindOf(line) === 'conversation_missing');
}

/** On the page that is shown, else by the page's search. */
async function lookFor(job: Job, clipboard: Clipboard): Promise<boolean> {
  const address = await chatAddress(job, clipboard);
  if (address.kind === 'conversation' && showsToken(await readPage(job, clipboard), job.frame)) {
    job.url = address.url;
    return true;
  }
  if (address.kind !== 'conversation' && address.kind !== 'home') {
    await openAddress(job, clipboard, job.session.settings.chatUrl);
  }
  await searchConversation(job, clipboard);
  return job.sent === 'yes';
}

/**
 * The answer ended without being one, or the whole time passed and the page showed no sign of making
 * one: nothing is lost by asking again.
 */
function isOver({ watch, answering }: Job, error: unknown): boolean {
  if (!(error instanceof ChatError) || error.code !== 'retryable') return false;
  return watch.timedOut() ? !answering : watch.error() === null;
}
