/** What went wrong with a webhook, as a NotifyError: the URL is a secret and in none of them. */
import { IncomingWebhookHTTPError, IncomingWebhookRequestError } from '@slack/webhook';
import { NotifyError } from '../../../core/errors-notify.ts';
import type { Scrubber } from '../../../core/scrub.ts';
import { errorCode, safeCause } from '../safe-cause.ts';

const MAX_ANSWER_CHARS = 120;

/** A Retry-After in seconds as milliseconds; null when it is missing or a date. */
export function retryAfterMs(header: string | null): number | null {
  return header !== null && /^\d{1,7}$/.test(header.trim()) ? Number(header) * 1_000 : null;
}

function refused(
  { statusCode, body }: IncomingWebhookHTTPError,
  retryAfter: string | null,
  scrubber: Scrubber,
): NotifyError {
  const answer = scrubber.text(body).replace(/\s+/g, ' ').trim().slice(0, MAX_ANSWER_CHARS);
  const said = answer === '' ? String(statusCode) : `${statusCode} ${answer}`;
  if (statusCode === 429 || statusCode === 408 || statusCode >= 500) {
    return new NotifyError(
      `Slack cannot take messages just now (${said}); it will be told later.`,
      {
        retryable: true,
        retryAfterMs: retryAfterMs(retryAfter),
      },
    );
  }
  if (statusCode === 400 || statusCode === 413) {
    return new NotifyError(`Slack refused the message (${said}).`, { retryable: false });
  }
  return new NotifyError(
    `Slack refused the webhook (${said}): it was removed, or belongs to a channel that is gone. ` +
      'Make a new incoming webhook and set SLACK_WEBHOOK_URL.',
    { retryable: false },
  );
}

export function slackError(
  error: unknown,
  retryAfter: string | null,
  scrubber: Scrubber,
): NotifyError {
  if (error instanceof IncomingWebhookHTTPError) return refused(error, retryAfter, scrubber);
  const cause = safeCause(error, scrubber);
  if (error instanceof IncomingWebhookRequestError) {
    const why =
      cause.name === 'TimeoutError'
        ? 'it did not answer in time'
        : (errorCode(cause) ?? cause.message);
    return new NotifyError(`Slack cannot be reached (${why}); it will be told later.`, {
      retryable: true,
      cause,
    });
  }
  return new NotifyError(`The message could not be sent to Slack: ${cause.message}`, {
    retryable: false,
    cause,
  });
}
