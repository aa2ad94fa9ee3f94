/** A tab that was lost, found or opened again. */
import { ChatError } from '../../../core/errors.ts';
import { throwIfStopped } from '../stopped.ts';
import type { Session } from './session.ts';
import { type Tab, TabLost } from './tab.ts';

/** More often than this in one prompt is no accident. */
const MOST_LOSSES = 4;

function lossError(lost: TabLost): ChatError {
  if (lost.loss === 'disconnected') {
    return new ChatError(
      'needs_operator',
      'The Chrome for ChatGPT went away in the middle of a prompt. To start it again, run: planline chat login',
      { cause: lost },
    );
  }
  return new ChatError('retryable', `The ChatGPT tab was lost again and again (${lost.loss}).`, {
    cause: lost,
  });
}

async function waitForTab(session: Session, lost: TabLost, signal: AbortSignal): Promise<void> {
  const { clock, timings } = session;
  const untilMs = clock.now() + timings.reconnectMs;
  for (;;) {
    throwIfStopped(signal);
    try {
      await session.tab();
      return;
    } catch (error) {
      const away = error instanceof TabLost || error instanceof ChatError;
      if (!away || clock.now() >= untilMs) throw away ? lossError(lost) : error;
    }
    await clock.sleep(timings.pollMs, signal);
  }
}

/**
 * Does the work with our tab; when the tab is lost meanwhile, once more with another, as often as it may
 * take. The work must know by itself what it has done already.
 */
export async function withTab<T>(
  session: Session,
  signal: AbortSignal,
  work: (tab: Tab, losses: number) => Promise<T>,
): Promise<T> {
  for (let losses = 0; ; losses += 1) {
    throwIfStopped(signal);
    const tab = await session.tab();
    try {
      return await work(tab, losses);
    } catch (error) {
      if (!(error instanceof TabLost)) throw error;
      session.log.warn({ loss: error.loss, losses }, 'The ChatGPT tab was lost');
      if (losses >= MOST_LOSSES) throw lossError(error);
      if (error.loss === 'moved') continue;
      await session.drop(tab);
      await waitForTab(session, error, signal);
    }
  }
}
