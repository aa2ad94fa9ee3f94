/** Trouble that the page shows → the ChatError that the shell understands. */
import { ChatError } from '../../../core/errors.ts';
import { type Here, parseResetMs, throttleRestMs } from './limits.ts';
import type { Notice } from './notices.ts';

export interface TroubleContext extends Here {
  /** How often the page has throttled in a row, this time included. */
  readonly throttles: number;
}

/** A notice's own words stay out of the message: they may name the account. */
export function chatErrorOf({ kind, text }: Notice, context: TroubleContext): ChatError {
  switch (kind) {
    case 'suspicious_activity':
      return new ChatError(
        'needs_operator',
        'ChatGPT reports suspicious activity on the account and nothing more is sent. ' +
          'Look at the window, settle it by hand, then run: planline chat resume',
        { untilPerson: true },
      );
    case 'plan_cap': {
      const untilMs = parseResetMs(text, context);
      const when = untilMs === null ? 'does not say when that ends' : 'says when that ends';
      return new ChatError('plan_cap', `The plan's limit is reached; the page ${when}.`, {
        untilMs,
      });
    }
    case 'throttled': {
      const restMs = throttleRestMs(context.throttles);
      const message = `ChatGPT says "too many requests": the account rests for ${restMs / 60_000} minutes.`;
      return new ChatError('rate_limited', message, { untilMs: context.nowMs + restMs });
    }
    case 'too_long':
      return new ChatError(
        'permanent',
        "ChatGPT refuses the prompt as too long: shorten the lead's description or the template.",
      );
    case 'logged_out':
      return loginError();
    case 'challenge':
      return challengeError();
    case 'conversation_missing':
      return new ChatError('retryable', 'ChatGPT cannot load the conversation.');
    case 'thinking_failed':
      return new ChatError('retryable', 'ChatGPT stopped with "thinking failed".');
    case 'network':
      return new ChatError('retryable', 'ChatGPT reports that it lost its connection.');
    case 'answer_failed':
      return new ChatError('retryable', 'ChatGPT ended the answer with an error.');
  }
}

export function loginError(): ChatError {
  return new ChatError(
    'needs_operator',
    'ChatGPT is not logged in. Log in in the window of the chat profile, or run: planline chat login',
  );
}

export function challengeError(): ChatError {
  return new ChatError(
    'needs_operator',
    'ChatGPT asks whether a person is there. Answer it by hand in the window of the chat profile; planline then goes on by itself.',
  );
}
