/** One prompt from its first key to its reply, whoever comes in between. */
import { ChatError } from '../../../core/errors.ts';
import type { ChatJournal, ChatReply } from '../../../ports.ts';
import { awaitAnswer } from './await-answer.ts';
import { Interruption } from './interruption.ts';
import { atTheDesk, type Job, refOf } from './job.ts';
import { findOutWhetherSent, writeAndSend } from './send.ts';
import { isBrowserTitle } from './windows.ts';

/** A helper that is lost so often in one prompt does not run on this machine. */
const MAX_HELPERS_LOST = 4;

/**
 * Sends once and waits. An interruption begins the phase again: before Enter from an empty composer,
 * after it from a look at what Enter did, after that from the conversation.
 */
export async function ask(job: Job, journal: ChatJournal): Promise<ChatReply> {
  try {
    await untilSent(job);
  } catch (error) {
    throw wasInUse(job) ? inUseError(error) : error;
  }
  job.reloaded = false;
  const ref = refOf(job);
  if (ref !== null) await journal.sent(ref);
  return await insist(job, () => awaitAnswer(job));
}

export async function untilSent(job: Job): Promise<void> {
  while (job.sent !== 'yes') {
    await insist(job, () =>
      atTheDesk(job, async (clipboard) => {
        if (job.sent === 'no') await writeAndSend(job, clipboard);
        if (job.sent === 'maybe') await findOutWhetherSent(job, clipboard);
      }),
    );
  }
}

/** Runs `work` again after each interruption. */
export async function insist<T>(job: Job, work: () => Promise<T>): Promise<T> {
  let lost = 0;
  let interruption: Interruption | null = null;
  for (;;) {
    try {
      if (interruption !== null) await stepBack(job, interruption);
      interruption = null;
      return await work();
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      if (error.disturbance === 'helper_lost') lost += 1;
      if (lost >= MAX_HELPERS_LOST) throw helperError(error);
      interruption = error;
    }
  }
}

async function stepBack(job: Job, { disturbance }: Interruption): Promise<void> {
  const { settings, memory, timings } = job.session;
  settings.log.info({ disturbance, sent: job.sent }, 'Disturbed at the desk: stepping back');
  await job.desk.pause(timings.pollMs);
  if (disturbance === 'helper_lost') return;
  job.disturbed = true;
  // Whoever has the desk now is waited for: it is not as we left it.
  memory.pointer = null;
  if (disturbance === 'other_window') await closeTaskManager(job);
}

/** A window of its own that Chromium opens on Shift+Escape when the page does not take it. It holds nothing to lose. */
const TASK_MANAGER = /^(?:Task Manager|Task-Manager|Správca úloh|Správce úloh) [-–—] .+$/;

async function closeTaskManager(job: Job): Promise<void> {
  const { session } = job;
  const { windows } = session;
  if (windows === null) return;
  const { windowId } = await session.helper.call('scene', {});
  const front = (await windows.list()).find(({ id }) => id === windowId);
  // Another program's window of that name is left alone; the browser's own has no class.
  if (front === undefined || !isBrowserTitle(front.title)) return;
  if (!TASK_MANAGER.test(front.title)) return;
  await windows.close(front.id);
  job.suspect = true;
}

/** A person who is at work all the time is not a failure of the prompt. */
function wasInUse({ watch, sent, disturbed }: Job): boolean {
  return watch.timedOut() && sent === 'no' && disturbed;
}

function inUseError(cause: unknown): ChatError {
  return new ChatError(
    'needs_operator',
    'Keyboard, mouse or windows of this screen were in use all the time, so nothing was sent. ' +
      'Leave the screen alone, or give planline a screen of its own.',
    { cause },
  );
}

function helperError(cause: Interruption): ChatError {
  const why = cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
  return new ChatError(
    'needs_operator',
    `The process that drives keyboard and screen keeps failing${why}. Run: planline doctor`,
    { cause },
  );
}
