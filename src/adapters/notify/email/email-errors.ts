/** What went wrong with SMTP, as a NotifyError: neither password nor address is in any of them. */
import type { NodemailerError } from 'nodemailer';
import { NotifyError } from '../../../core/errors-notify.ts';
import type { Scrubber } from '../../../core/scrub.ts';
import { errorCode, safeCause } from '../safe-cause.ts';

const MAX_ANSWER_CHARS = 160;

/** nodemailer throws these before it asks anybody. */
const WRONG_SETTINGS: ReadonlySet<string> = new Set([
  'ECONFIG',
  'EREQUIRETLS',
  'ENOAUTH',
  'EOAUTH2',
]);

function isSmtp(error: unknown): error is NodemailerError {
  return error instanceof Error;
}

/** A reply of 5yz is final, but 503 speaks of the session, not of the message (RFC 5321 4.2.1). */
function isFinal(responseCode: number): boolean {
  return responseCode >= 500 && responseCode !== 503;
}

function refusalOf(code: string | null): string {
  switch (code) {
    case 'EAUTH':
      return 'The mail server refused the user or the password in SMTP_URL. Set it anew';
    case 'EENVELOPE':
      return 'The mail server refused the sender or a recipient. Check EMAIL_FROM and EMAIL_TO';
    default:
      return 'The mail server refused the message';
  }
}

export function emailError(error: unknown, scrubber: Scrubber): NotifyError {
  const cause = safeCause(error, scrubber);
  const code = errorCode(error);
  const { responseCode, response = '' } = isSmtp(error) ? error : {};
  const answer = scrubber.text(response).replace(/\s+/g, ' ').trim().slice(0, MAX_ANSWER_CHARS);

  if (responseCode !== undefined && isFinal(responseCode)) {
    return new NotifyError(`${refusalOf(code)} (${answer}).`, { retryable: false, cause });
  }
  if (responseCode !== undefined) {
    return new NotifyError(`The mail server cannot take mail just now (${answer}).`, {
      retryable: true,
      cause,
    });
  }
  if (code !== null && WRONG_SETTINGS.has(code)) {
    return new NotifyError(`SMTP_URL cannot be used (${code}: ${cause.message}). Check it.`, {
      retryable: false,
      cause,
    });
  }
  return new NotifyError(`The mail server cannot be reached (${code ?? cause.message}).`, {
    retryable: true,
    cause,
  });
}
