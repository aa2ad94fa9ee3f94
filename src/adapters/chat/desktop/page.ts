/** What can be done with the page by keys alone. Every step reads back what it did. */
import { randomUUID } from 'node:crypto';
import { compareTexts, isBlank } from '../page/text-compare.ts';
import { type Address, addressOf } from './address.ts';
import type { Clipboard } from './clipboard-hold.ts';
import { isStill } from './answer-watch.ts';
import { Interruption } from './interruption.ts';
import type { Job } from './job.ts';

/** What select all and copy give within the composer. */
export type Draft = { readonly kind: 'empty' } | { readonly kind: 'text'; readonly text: string };

/** A busy page holds keys up, so that the ones that follow overtake them. */
const ADDRESS_TRIES = 3;

export async function readAddress(job: Job, clipboard: Clipboard): Promise<Address> {
  const { desk, session } = job;
  let address: Address = { kind: 'none' };
  for (let tries = 0; tries < ADDRESS_TRIES && address.kind === 'none'; tries += 1) {
    await desk.press('addressBar');
    if (tries > 0) await dropTyped(job);
    const copied = await clipboard.copy('copy', session.timings.copyMs);
    // The page must have the focus again: without it, its own copying is refused.
    await desk.clickMargin();
    address = addressOf(copied, session.settings.chatUrl);
  }
  return address;
}

/** What somebody has typed into the bar stands there instead of the address, until Escape. */
async function dropTyped({ desk }: Job): Promise<void> {
  await desk.press('escape');
  await desk.press('addressBar');
}

/** Opens an address in the tab that is shown. Enter is pressed only in a bar that holds it. */
export async function openAddress(job: Job, clipboard: Clipboard, url: string): Promise<void> {
  const { desk, session } = job;
  await desk.press('addressBar');
  await paste(job, clipboard, url);
  await desk.press('selectAll');
  const shown = await clipboard.copy('copy', session.timings.copyMs);
  if (shown?.trim() !== url) throw new Interruption('other_text');
  await desk.press('enter');
  await waitForRest(job);
  await desk.clickMargin();
}

/** A page that still loads leaves its keys to the browser. */
async function waitForRest({ desk, session }: Job): Promise<void> {
  const { timings } = session;
  const { clock } = session.settings;
  await desk.pause(timings.pasteMs);
  const untilMs = clock.now() + timings.loadRestMs;
  let movedMs = clock.now();
  while (clock.now() - movedMs < timings.restMs && clock.now() < untilMs) {
    const glance = await desk.glance();
    if (glance === null || !isStill(glance)) movedMs = clock.now();
    await desk.pause(timings.pollMs);
  }
}

/** The text of the whole page; empty when there is none. */
export async function readPage(job: Job, clipboard: Clipboard): Promise<string> {
  const { desk, session } = job;
  await desk.clickMargin();
  await desk.press('selectAll');
  const text = await clipboard.copy('copy', session.timings.copyMs);
  await desk.clickMargin();
  return text ?? '';
}

/**
 * Puts the focus into the composer. A page that does not take these keys leaves them to the browser,
 * which opens its task manager: another window in front, which the next key finds out.
 */
export async function focusComposer(job: Job): Promise<void> {
  await job.desk.clickMargin();
  await job.desk.press('focusComposer');
  await job.desk.checkInFront();
}

export async function paste(job: Job, clipboard: Clipboard, text: string): Promise<void> {
  const { desk, session } = job;
  const { pasteMs, pastePerThousandMs } = session.timings;
  await clipboard.write(text);
  await desk.press('paste');
  // The browser fetches the text when it gets to it; what is written before that is pasted instead.
  await desk.pause(pasteMs + (text.length / 1_000) * pastePerThousandMs);
}

/** Selects all of the composer on the way. */
export async function readDraft(job: Job, clipboard: Clipboard): Promise<Draft> {
  await job.desk.press('selectAll');
  const text = await clipboard.copy('copy', job.session.timings.copyMs);
  return text === null || isBlank(text) ? { kind: 'empty' } : { kind: 'text', text };
}

export type ComposerProof =
  | 'proved'
  /** It is a composer, with somebody's words in it, which are gone now. */
  | 'draft_cleared'
  /** The focus is somewhere else, or the page is not ready. */
  | 'not_there';

/**
 * Two lines that nobody can have written, pasted and read back. Fields of one line lose the line end,
 * a page that is not editable gives all of its own text: only the composer gives back both lines.
 * Leaves them selected, so that the next paste replaces them.
 */
export async function proveComposer(job: Job, clipboard: Clipboard): Promise<ComposerProof> {
  await focusComposer(job);
  const sentinel = `planline ${randomUUID()}\nplanline ${randomUUID()}`;
  await paste(job, clipboard, sentinel);
  const draft = await readDraft(job, clipboard);
  if (draft.kind === 'empty') return 'not_there';
  if (compareTexts(sentinel, draft.text) !== 'different') return 'proved';
  if (!holdsLines(draft.text, sentinel)) return 'not_there';
  await job.desk.press('delete');
  return 'draft_cleared';
}

function holdsLines(text: string, sentinel: string): boolean {
  const lines = text.split('\n');
  return sentinel
    .split('\n')
    .every((line) => lines.some((one) => one.endsWith(line) || one.startsWith(line)));
}
