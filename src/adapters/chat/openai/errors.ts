/** What the SDK throws → ChatError. Messages are for the operator: no key, no prompt text. */
import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { ChatError, messageOf } from '../../../core/errors.ts';
import { retryWaitMs } from './retry-after.ts';
import { scrubServerText, type Secrets } from './scrub.ts';

/** A used-up account gives no reset time: it is probed again after this long. */
const QUOTA_PROBE_MS = 3_600_000;

export interface ErrorContext extends Secrets {
  readonly model: string;
  readonly api: 'responses' | 'chat';
  /** The server's host, for messages. */
  readonly host: string;
  readonly nowMs: number;
}

/** `instanceof` alone would leave the status and the body untyped. */
export function isApiError(error: unknown): error is APIError {
  return error instanceof APIError;
}

/** What is known about a refusal, whether it came as an HTTP status or inside a stream. */
export interface Refused {
  readonly status: number | undefined;
  readonly code: string;
  readonly param: string;
  /** Scrubbed. */
  readonly message: string;
  readonly headers: Headers | undefined;
}

const QUOTA_CODES = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  'insufficient_balance',
]);
const TOO_LONG_CODES = new Set(['context_length_exceeded', 'string_above_max_length']);
const TOO_LONG_TEXT =
  /context length|context window|context size|maximum.{0,20}length|(?:string|prompt|input) (?:is )?too long|request too large/i;
const POLICY_CODES = new Set(['invalid_prompt', 'bio_policy', 'misalignment_policy_violation']);

/** The words of an error body: `{message}`, or the `{detail: [{loc, msg}]}` of a FastAPI server. */
function bodyMessage(error: APIError): string {
  const body: unknown = error.error;
  if (typeof body === 'object' && body !== null && 'detail' in body && Array.isArray(body.detail)) {
    return body.detail.map(detailLine).join('; ');
  }
  return error.message.replace(/^\d{3} /, '');
}

/** `loc` and `msg` only: such a server repeats the whole input beside them. */
function detailLine(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return '';
  const loc = 'loc' in detail && Array.isArray(detail.loc) ? detail.loc.join('.') : '';
  return `${loc}: ${'msg' in detail && typeof detail.msg === 'string' ? detail.msg : ''}`;
}

/** The status; inside a stream some compatible servers give it as a numeric code instead. */
function statusOf(error: APIError): number | undefined {
  const code = Number(error.code ?? NaN);
  return error.status ?? (code >= 400 && code < 600 ? code : undefined);
}

/** Codes are texts by the SDK's types, but compatible servers send numbers too. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function refusedBy(error: APIError, secrets: Secrets): Refused {
  return {
    status: statusOf(error),
    code: textOf(error.code ?? error.type),
    param: textOf(error.param),
    message: scrubServerText(bodyMessage(error), secrets),
    headers: error.headers,
  };
}

function isQuota({ status, code, message }: Refused): boolean {
  return (
    status === 402 || QUOTA_CODES.has(code) || /insufficient.?(?:quota|balance)/i.test(message)
  );
}

function isTooLong({ status, code, message }: Refused): boolean {
  return status === 413 || TOO_LONG_CODES.has(code) || TOO_LONG_TEXT.test(message);
}

function isUnknownModel({ status, code, param, message }: Refused): boolean {
  if (code === 'model_not_found' || (status === 400 && param === 'model')) return true;
  return status === 404 && /\bmodel\b/i.test(message);
}

function isBadKey({ status, code, message }: Refused): boolean {
  return (
    status === 401 || code === 'invalid_api_key' || (status === 400 && /api key/i.test(message))
  );
}

function said(refused: Refused): string {
  return refused.message === '' ? '' : ` The server says: ${refused.message}`;
}

function needsOperator(refused: Refused, context: ErrorContext): string | null {
  const { host, model, api } = context;
  if (isUnknownModel(refused)) {
    return `${host} has no model "${model}" for this key: set OPENAI_MODEL to one that it has.`;
  }
  if (isBadKey(refused)) {
    const why = /scope|permission/i.test(refused.message) ? said(refused) : '';
    return `${host} did not accept the key: check OPENAI_API_KEY.${why}`;
  }
  if (refused.status === 403) {
    return `${host} does not allow this account to do this: check what the key in OPENAI_API_KEY may do.${said(refused)}`;
  }
  if (refused.status === 404 || refused.status === 405) {
    const other = api === 'responses' ? 'chat' : 'responses';
    return (
      `${host} does not know the address of the ${api} API: check OPENAI_BASE_URL ` +
      `(it usually ends with /v1), or set OPENAI_API=${other}.`
    );
  }
  return null;
}

/** The ChatError for a refusal; `cause` must be free of keys and prompt text already. */
export function chatErrorOf(refused: Refused, context: ErrorContext, cause?: unknown): ChatError {
  const { host, nowMs } = context;
  if (isQuota(refused)) {
    return new ChatError(
      'plan_cap',
      `The account at ${host} has no quota left: check its plan and billing. It is tried again in an hour.`,
      { untilMs: nowMs + QUOTA_PROBE_MS, cause },
    );
  }
  // Before the rate limit: a prompt above the limit of a whole minute comes as 429, and waiting
  // would not make it fit.
  if (isTooLong(refused)) {
    return new ChatError(
      'permanent',
      `The prompt is too long for ${context.model}: shorten the lead's description or the template, ` +
        'or set OPENAI_MODEL to a model with a larger context.',
      { cause },
    );
  }
  if (refused.status === 429 || refused.code === 'rate_limit_exceeded') {
    const waitMs = retryWaitMs(refused.headers, refused.message, nowMs);
    const seconds = Math.ceil(waitMs / 1_000);
    return new ChatError(
      'rate_limited',
      `${host} asks to wait ${seconds} s before the next prompt.`,
      {
        untilMs: nowMs + waitMs,
        cause,
      },
    );
  }
  const operator = needsOperator(refused, context);
  if (operator !== null) return new ChatError('needs_operator', operator, { cause });
  if (POLICY_CODES.has(refused.code)) {
    return new ChatError('permanent', `${host} refuses this prompt.${said(refused)}`, { cause });
  }
  return ordinaryError(refused, context, cause);
}

function ordinaryError(refused: Refused, { host }: ErrorContext, cause: unknown): ChatError {
  const { status, code } = refused;
  const passing = status === undefined || status >= 500 || status === 408 || status === 409;
  if (passing) {
    const what = status === undefined ? code || 'an error' : `status ${status}`;
    return new ChatError('retryable', `${host} failed with ${what}.${said(refused)}`, { cause });
  }
  return new ChatError(
    'permanent',
    `${host} does not accept the request (status ${status}).${said(refused)}`,
    { cause },
  );
}

/** An Error that may be logged: the SDK's own holds the server's words as they came. */
function cleanCause(error: unknown, secrets: Secrets): Error {
  const status = isApiError(error) ? error.status : undefined;
  const text = scrubServerText(messageOf(error), secrets);
  const clean = new Error(status === undefined ? text : `status ${status}: ${text}`);
  clean.name = error instanceof Error ? error.constructor.name : 'Error';
  if (error instanceof Error && error.cause instanceof Error) {
    clean.cause = cleanCause(error.cause, secrets);
  }
  return clean;
}

/** Any error of a call through the SDK. Whoever aborted the call says so before asking here. */
export function toChatError(error: unknown, context: ErrorContext): ChatError {
  if (error instanceof ChatError) return error;
  const cause = cleanCause(error, context);
  if (error instanceof APIConnectionTimeoutError) {
    return new ChatError('retryable', `${context.host} did not reply in time.`, { cause });
  }
  if (error instanceof APIUserAbortError) {
    return new ChatError('retryable', 'The request was stopped.', { cause });
  }
  if (isApiError(error) && wasSpoken(error)) {
    return chatErrorOf(refusedBy(error, context), context, cause);
  }
  return new ChatError(
    'retryable',
    `The connection to ${context.host} failed (${cause.message}): check the network and OPENAI_BASE_URL.`,
    { cause },
  );
}

/** Did the server itself say so, as against a connection that broke? */
export function wasSpoken(error: unknown): boolean {
  return isApiError(error) && (error.status !== undefined || error.error !== undefined);
}
