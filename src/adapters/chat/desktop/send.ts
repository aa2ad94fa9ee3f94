/** The one key that cannot be taken back, and how it is found out what it did. */
import { ChatError } from '../../../core/errors.ts';
import { compareTexts } from '../page/text-compare.ts';
import type { Address } from './address.ts';
import type { Clipboard } from './clipboard-hold.ts';
import { chatAddress, homeOf, openComposer, writePrompt } from './compose.ts';
import { copyAnswer } from './copy-answer.ts';
import type { Job } from './job.ts';
import { focusComposer, openAddress, readDraft, readPage } from './page.ts';
import { showsToken } from './page-reading.ts';
import { searchConversation } from './search.ts';
import { troubleBefore } from './trouble.ts';

/** Enter that does nothing may be pressed again; a page where it never does is not waited for. */
const MAX_SENDS = 3;
const LOOK_MS = 300;

/** Opens, writes and sends. Leaves `sent` at `maybe`: only a look at the page tells. */
export async function writeAndSend(job: Job, clipboard: Clipboard): Promise<void> {
  if (job.sends > 0 && (await wasSentLate(job, clipboard))) return;
  // A person at the desk may have been waited for.
  await job.begin();
  job.phase('opening');
  await openComposer(job, clipboard);
  job.phase('writing');
  await writePrompt(job, clipboard);
  // A person may have come since the last key; the helper looks once more as it presses.
  await job.desk.checkInFront();
  job.phase('sending');
  job.sends += 1;
  job.disturbed = false;
  job.sent = 'maybe';
  await job.desk.press('enter');
  await noteStopSign(job);
}

/** The page may have been busy when Enter seemed to do nothing. */
async function wasSentLate(job: Job, clipboard: Clipboard): Promise<boolean> {
  const address = await chatAddress(job, clipboard);
  if (address.kind === 'pending') job.sent = 'maybe';
  if (address.kind !== 'conversation' || job.goesOnIn !== null) return address.kind === 'pending';
  if (!showsToken(await readPage(job, clipboard), job.frame)) return false;
  job.url = address.url;
  job.sent = 'yes';
  return true;
}

/**
 * Settles a `maybe`. Sent is what has a conversation's address and shows our request or a reply to it.
 * Not sent is what still lies whole in the composer, or can be found nowhere. Throws ChatError for what
 * the page says, and `retryable` when it cannot be told.
 */
export async function findOutWhetherSent(job: Job, clipboard: Clipboard): Promise<void> {
  const { clock } = job.session.settings;
  const { timings } = job.session;
  const untilMs = clock.now() + timings.addressMs;
  let draftSinceMs: number | null = null;
  for (;;) {
    const seen = await lookOnce(job, clipboard);
    await noteStopSign(job);
    if (seen === 'sent') return void (job.sent = 'yes');
    draftSinceMs = seen === 'draft' ? (draftSinceMs ?? clock.now()) : null;
    if (draftSinceMs !== null && clock.now() - draftSinceMs >= timings.sendMs) return takeBack(job);
    // A page that was loaded anew shows at once whether the draft is still there.
    const waited = clock.now() >= untilMs || (seen === 'gone' && job.reloaded);
    if (waited && seen !== 'draft') return await searchConversation(job, clipboard);
    if (seen === 'lost') await reload(job, clipboard);
    await job.desk.pause(LOOK_MS);
  }
}

/** An answer may be over before it is waited for. */
async function noteStopSign(job: Job): Promise<void> {
  const glance = await job.desk.glance();
  if (glance?.stopSign === true) job.stopSignMs = job.session.settings.clock.now();
}

type Sight =
  | 'sent'
  /** Our prompt lies in the composer, whole. */
  | 'draft'
  /** It does not, and the page has not gone on to a conversation of ours. */
  | 'gone'
  /** The address is on its way. */
  | 'pending'
  /** The tab shows no chat at all. */
  | 'lost';

async function lookOnce(job: Job, clipboard: Clipboard): Promise<Sight> {
  const address = await chatAddress(job, clipboard);
  if (address.kind === 'pending') return 'pending';
  if (address.kind !== 'home' && address.kind !== 'conversation') return 'lost';
  const page = await readPage(job, clipboard);
  // Only a new chat gets its address by our sending; that of another one was there before.
  const mayHoldDraft = address.kind === 'home' || job.goesOnIn !== null;
  if (!mayHoldDraft && showsToken(page, job.frame)) return sentTo(job, address);
  const trouble = troubleBefore(job, page);
  if (trouble !== null) throw trouble;
  if (job.suspect) return 'lost';
  await focusComposer(job);
  const draft = await readDraft(job, clipboard);
  if (draft.kind === 'text' && isPrompt(job, draft.text)) return 'draft';
  if (address.kind === 'home') return 'gone';
  if (draft.kind === 'empty' && showsToken(page, job.frame)) return sentTo(job, address);
  // A long prompt is not drawn while it is out of sight; its reply is copied all the same.
  const reply = await copyAnswer(job, clipboard);
  return reply.kind === 'foreign' ? 'gone' : sentTo(job, address);
}

function sentTo(job: Job, address: Address): Sight {
  job.url = address.kind === 'conversation' ? address.url : null;
  return 'sent';
}

async function reload(job: Job, clipboard: Clipboard): Promise<void> {
  job.reloaded = true;
  job.suspect = false;
  await openAddress(job, clipboard, homeOf(job));
}

function isPrompt(job: Job, text: string): boolean {
  return compareTexts(job.prompt, text) !== 'different';
}

function takeBack(job: Job): void {
  job.sent = 'no';
  if (job.sends >= MAX_SENDS) throw ignoredError();
  job.session.settings.log.info(
    { sends: job.sends },
    'Enter did nothing: the prompt is sent again',
  );
}

function ignoredError(): ChatError {
  return new ChatError('retryable', 'The page does not send the prompt. It was not taken.');
}
