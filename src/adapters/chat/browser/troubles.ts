/** Trouble on the page → the driver's errors, with what the session knows. */
import { ChatError } from '../../../core/errors.ts';
import type { Notice, NoticeKind } from '../page/notices.ts';
import { challengeError, chatErrorOf, loginError } from '../page/trouble.ts';
import type { PageFacts } from './facts.ts';
import { doorOn, noticeOn } from './readings.ts';
import type { Session } from './session.ts';

/** The error of a notice; counts how often the page throttles in a row. */
export function errorOf(session: Session, notice: Notice): ChatError {
  const { clock, timeZone } = session;
  if (notice.kind === 'throttled') session.throttles += 1;
  const here = { nowMs: clock.now(), timeZone, throttles: session.throttles };
  const error = chatErrorOf(notice, here);
  if (notice.kind === 'suspicious_activity') session.alarm = error.message;
  return error;
}

const OF_THE_ACCOUNT: ReadonlySet<NoticeKind> = new Set([
  'suspicious_activity',
  'logged_out',
  'challenge',
]);
const OF_SENDING: ReadonlySet<NoticeKind> = new Set([...OF_THE_ACCOUNT, 'plan_cap', 'throttled']);

function noticeError(
  session: Session,
  facts: PageFacts,
  kinds: ReadonlySet<NoticeKind>,
): ChatError | null {
  const door = doorOn(facts);
  if (door !== null) return door === 'login' ? loginError() : challengeError();
  const notice = noticeOn(facts);
  return notice !== null && kinds.has(notice.kind) ? errorOf(session, notice) : null;
}

/** What only the operator can settle, wherever it is shown; null when there is nothing. */
export function accountError(session: Session, facts: PageFacts): ChatError | null {
  return noticeError(session, facts, OF_THE_ACCOUNT);
}

/** What speaks against sending anything now. */
export function sendingError(session: Session, facts: PageFacts): ChatError | null {
  return noticeError(session, facts, OF_SENDING);
}

/** What the page shows in place of a prompt that it has not taken. */
export function refusalError(session: Session, facts: PageFacts): ChatError | null {
  const notice = noticeOn(facts);
  return accountError(session, facts) ?? (notice === null ? null : errorOf(session, notice));
}

/** The page is not what the driver knows how to use. */
export function strangeError(session: Session, facts: PageFacts): ChatError {
  const { host } = new URL(facts.url);
  const wanted = new URL(session.chatUrl).host;
  if (host !== wanted) {
    return new ChatError(
      'needs_operator',
      `The ChatGPT tab shows ${host} instead of ${wanted}. Look at the window and settle what it asks, or run: planline chat login`,
    );
  }
  const what = facts.generation === null ? 'no page that planline knows' : 'no composer';
  return new ChatError(
    'needs_operator',
    `ChatGPT shows ${what}. Look at the window; planline doctor tells what is missing.`,
  );
}
