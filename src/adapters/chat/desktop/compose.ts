/** A proved, empty composer, then the prompt in it, read back and compared. */
import { ChatError } from '../../../core/errors.ts';
import { compareTexts } from '../page/text-compare.ts';
import type { Address } from './address.ts';
import type { Clipboard } from './clipboard-hold.ts';
import type { Job } from './job.ts';
import { Interruption } from './interruption.ts';
import {
  focusComposer,
  openAddress,
  paste,
  proveComposer,
  readAddress,
  readDraft,
  readPage,
} from './page.ts';
import { piecesOf } from './pieces.ts';
import { otherSiteError, troubleBefore } from './trouble.ts';

const RETRY_MS = 250;
/** So often the composer is read until it counts as different from what was pasted. */
const READS = 3;
/** So often a composer is not found until the page is loaded anew. */
const RELOAD_AFTER = 3;
/** Below this, pieces do not get smaller: it is not their size that is wrong. */
const MIN_PIECE_CHARS = 500;

/** Opens where the prompt belongs and proves the composer. */
export async function openComposer(job: Job, clipboard: Clipboard): Promise<void> {
  const home = homeOf(job);
  const { memory } = job.session;
  if (memory.reloadFirst) {
    await chatAddress(job, clipboard);
    await openAddress(job, clipboard, home);
    memory.reloadFirst = false;
  } else if (home === job.session.settings.chatUrl) await openNewChat(job, clipboard);
  else await openConversation(job, clipboard, home);
  await waitForComposer(job, clipboard);
}

async function openConversation(job: Job, clipboard: Clipboard, url: string): Promise<void> {
  const address = await chatAddress(job, clipboard);
  if (address.kind === 'conversation' && address.url === url) return;
  await openAddress(job, clipboard, url);
}

async function openNewChat(job: Job, clipboard: Clipboard): Promise<void> {
  const { desk, session } = job;
  const before = await chatAddress(job, clipboard);
  if (before.kind === 'home') return;
  if (before.kind === 'conversation') {
    await desk.press('newChat');
    await desk.checkInFront();
    const after = await readAddress(job, clipboard);
    if (after.kind === 'home') return;
    // The page did not take the keys, and the browser opened its bookmarks in a tab of their own.
    if (after.kind === 'browser') await desk.press('closeTab');
  }
  await openAddress(job, clipboard, session.settings.chatUrl);
}

/** What the window shows; throws when it is none of our business. */
export async function chatAddress(job: Job, clipboard: Clipboard): Promise<Address> {
  const address = await readAddress(job, clipboard);
  if (address.kind === 'none') throw new Interruption('other_text');
  if (address.kind === 'other_site') throw otherSiteError();
  return address;
}

async function waitForComposer(job: Job, clipboard: Clipboard): Promise<void> {
  const { clock, log } = job.session.settings;
  const untilMs = clock.now() + job.session.timings.pageLoadMs;
  for (let failures = 0; ;) {
    const proof = job.suspect ? 'not_there' : await proveComposer(job, clipboard);
    if (proof === 'proved') return;
    if (proof === 'draft_cleared') log.info({}, 'A draft was left in the composer and is cleared');
    else {
      failures += 1;
      const trouble = troubleBefore(job, await readPage(job, clipboard));
      if (trouble !== null && job.reloaded) throw trouble;
      // What it shows may be over since it was loaded; and a page that has crashed shows nothing.
      const stale = trouble !== null || failures === RELOAD_AFTER;
      if (stale) await reload(job, clipboard);
      job.suspect = false;
    }
    if (clock.now() >= untilMs) throw noComposerError();
    await job.desk.pause(RETRY_MS);
  }
}

async function reload(job: Job, clipboard: Clipboard): Promise<void> {
  job.reloaded = true;
  await openAddress(job, clipboard, homeOf(job));
}

/** Where this prompt belongs. */
export function homeOf({ goesOnIn, session }: Job): string {
  return goesOnIn ?? session.settings.chatUrl;
}

/**
 * Replaces what is selected in the proved composer. The address is looked at once more when all is
 * written: a tab may go to another conversation by itself, and a composer looks the same in each.
 */
export async function writePrompt(job: Job, clipboard: Clipboard): Promise<void> {
  for (const piece of piecesOf(job.prompt, job.pieceChars)) await paste(job, clipboard, piece);
  if (!isWhereItBelongs(job, await chatAddress(job, clipboard)))
    throw new Interruption('other_text');
  for (let reads = 0; reads < READS; reads += 1) {
    await focusComposer(job);
    if (await holdsPrompt(job, clipboard)) return await job.desk.press('toEnd');
    // A busy page takes the last piece late.
    await job.desk.pause(RETRY_MS);
  }
  await rewriteSmaller(job, clipboard);
}

function isWhereItBelongs({ goesOnIn }: Job, address: Address): boolean {
  if (goesOnIn === null) return address.kind === 'home';
  return address.kind === 'conversation' && address.url === goesOnIn;
}

async function holdsPrompt(job: Job, clipboard: Clipboard): Promise<boolean> {
  const draft = await readDraft(job, clipboard);
  return draft.kind === 'text' && compareTexts(job.prompt, draft.text) !== 'different';
}

/** A piece that became an attachment is missing from the text. A page that loads anew drops both. */
async function rewriteSmaller(job: Job, clipboard: Clipboard): Promise<void> {
  const { session } = job;
  if (job.pieceChars / 2 < MIN_PIECE_CHARS) throw notTakenError();
  job.pieceChars = Math.ceil(job.pieceChars / 2);
  session.settings.log.info({ pieceChars: job.pieceChars }, 'The composer lacks a piece: again');
  await job.desk.press('delete');
  await openAddress(job, clipboard, homeOf(job));
  throw new Interruption('other_text');
}

function noComposerError(): ChatError {
  return new ChatError(
    'needs_operator',
    'The window shows ChatGPT, but its composer could not be found. Look at the window, close what ' +
      'covers the page, and check that you are logged in.',
  );
}

function notTakenError(): ChatError {
  return new ChatError(
    'retryable',
    'The composer does not keep the prompt as it is written, so nothing was sent.',
  );
}
