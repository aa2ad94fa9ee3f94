/** What the page shows → the ChatError that the shell understands. */
import { ChatError } from '../../../core/errors.ts';
import type { Notice } from '../page/notices.ts';
import { chatErrorOf as chatErrorOfNotice } from '../page/trouble.ts';
import type { Job } from './job.ts';
import {
  noticeAfter,
  noticeBefore,
  showsContinue,
  showsLogin,
  showsToken,
} from './page-reading.ts';

const WINDOW = 'in the browser window that planline drives; planline then goes on by itself.';

export function loginError(): ChatError {
  return new ChatError('needs_operator', `ChatGPT is not logged in. Log in ${WINDOW}`);
}

function challengeError(): ChatError {
  return new ChatError(
    'needs_operator',
    `ChatGPT asks whether a person is there. Answer it by hand ${WINDOW}`,
  );
}

/** Which site it is stays out of the message: it is the operator's own affair. */
export function otherSiteError(): ChatError {
  return new ChatError(
    'needs_operator',
    `The browser window shows another site, or ChatGPT's login page. Open ChatGPT and log in ${WINDOW}`,
  );
}

function errorOf(job: Job, notice: Notice): ChatError {
  const { settings, memory } = job.session;
  if (notice.kind === 'logged_out') return loginError();
  if (notice.kind === 'challenge') return challengeError();
  if (notice.kind === 'throttled') memory.throttles += 1;
  return chatErrorOfNotice(notice, {
    nowMs: settings.clock.now(),
    timeZone: settings.timeZone,
    throttles: memory.throttles,
  });
}

/** The trouble that keeps a prompt from being sent, or null. */
export function troubleBefore(job: Job, page: string): ChatError | null {
  const { prompt, request } = job;
  // A conversation that goes on shows what was said before as well.
  const ours = [prompt, request.follows?.prompt, request.follows?.reply].join('\n');
  const notice = noticeBefore(page, ours);
  if (notice !== null) return errorOf(job, notice);
  return showsLogin(page) ? loginError() : null;
}

export type AnswerTrouble =
  | { readonly kind: 'none' }
  /** The page has lost its connection, not the answer: that is made without the page as well. */
  | { readonly kind: 'reopen' }
  | { readonly kind: 'failed'; readonly error: ChatError };

/** What keeps an answer from coming. */
export function troubleAfter(job: Job, page: string, answer: string | null): AnswerTrouble {
  const { frame, prompt, url, reloaded } = job;
  const notice = noticeAfter(page, { frame, prompt, answer });
  if (notice?.kind === 'network' && url !== null && !reloaded) return { kind: 'reopen' };
  if (notice !== null) return { kind: 'failed', error: errorOf(job, notice) };
  if (showsLogin(page)) return { kind: 'failed', error: loginError() };
  if (showsContinue(page)) return { kind: 'failed', error: cutError() };
  // Somebody has gone elsewhere in our tab, or it has lost what it showed.
  return { kind: showsToken(page, frame) ? 'none' : 'reopen' };
}

function cutError(): ChatError {
  return new ChatError('retryable', 'The answer was cut at the limit of its length.');
}
