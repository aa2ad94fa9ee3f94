/** Looks for a prompt of ours among all conversations, by the page's own search. */
import { ChatError } from '../../../core/errors.ts';
import { conversationOf } from './address.ts';
import type { Clipboard } from './clipboard-hold.ts';
import { chatAddress } from './compose.ts';
import type { Job } from './job.ts';
import { openAddress, paste, readDraft, readPage } from './page.ts';
import { showsToken } from './page-reading.ts';

const LOOK_MS = 300;
const SEARCH_TRIES = 3;

/**
 * Sets `sent` by what is found. Throws ChatError `retryable` when the page has no such search: then it
 * cannot be told, and nothing may be sent again.
 */
export async function searchConversation(job: Job, clipboard: Clipboard): Promise<void> {
  await proveSearch(job, clipboard);
  await typeIntoSearch(job, clipboard);
  // What is found is shown a moment later, and Enter opens the first of it.
  await job.desk.pause(job.session.timings.searchMs);
  await job.desk.press('enter');
  const url = await openedConversation(job, clipboard);
  await job.desk.press('escape');
  job.url = url;
  job.sent = url === null ? 'no' : 'yes';
}

async function typeIntoSearch(job: Job, clipboard: Clipboard): Promise<void> {
  await job.desk.press('search');
  await job.desk.checkInFront();
  await paste(job, clipboard, job.frame.token);
}

/**
 * A busy page is slow to show its search, and what is left in the tab of a challenge or a login that is
 * over has none: only a page that was opened anew and never shows one counts as without.
 */
async function proveSearch(job: Job, clipboard: Clipboard): Promise<void> {
  for (let tries = 0; tries < SEARCH_TRIES; tries += 1) {
    if (await pageTakesSearch(job, clipboard)) return;
    await job.desk.pause(job.session.timings.searchMs);
    await openAddress(job, clipboard, job.session.settings.chatUrl);
  }
  throw cannotTellError();
}

/** A page that does not take the keys leaves them to the browser, which searches the web instead. */
async function pageTakesSearch(job: Job, clipboard: Clipboard): Promise<boolean> {
  const { desk, session } = job;
  await typeIntoSearch(job, clipboard);
  const field = await readDraft(job, clipboard);
  await desk.press('addressBar');
  const bar = await clipboard.copy('copy', session.timings.copyMs);
  // Twice: what was typed into the bar goes first.
  await desk.press('escape');
  await desk.press('escape');
  await desk.clickMargin();
  const typed = field.kind === 'text' && field.text.trim() === job.frame.token;
  return typed && bar !== null && !bar.includes(job.frame.token);
}

async function openedConversation(job: Job, clipboard: Clipboard): Promise<string | null> {
  const { clock } = job.session.settings;
  const untilMs = clock.now() + job.session.timings.searchMs * 2;
  for (;;) {
    const address = await chatAddress(job, clipboard);
    if (address.kind === 'conversation') {
      const found = showsToken(await readPage(job, clipboard), job.frame);
      if (found) return isSpent(job, address.url) ? null : address.url;
    }
    if (clock.now() >= untilMs) return null;
    await job.desk.pause(LOOK_MS);
  }
}

function isSpent({ request, session }: Job, url: string): boolean {
  return request.spent.some((ref) => conversationOf(ref, session.settings.chatUrl) === url);
}

function cannotTellError(): ChatError {
  return new ChatError(
    'retryable',
    'It cannot be told whether the prompt was sent, as the page takes no search. Nothing was sent again.',
  );
}
