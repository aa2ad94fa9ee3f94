/** What can go wrong at the chat server, by name. */

/** Faults that refuse the request before anything is generated. */
export const REFUSALS = [
  'rate_limit',
  'quota',
  'server_error',
  'overloaded',
  'bad_key',
  'forbidden',
  'unknown_model',
  'too_long',
  'too_large',
  'bad_request',
  'no_background',
  'unknown_parameter',
] as const;
export type RefusalName = (typeof REFUSALS)[number];

/** Faults of the answer itself. */
export const ENDINGS = ['empty', 'length', 'refusal', 'content_filter', 'failed'] as const;
export type EndingName = (typeof ENDINGS)[number];

/**
 * Faults of the connection: reset before or after the first event, silence after the first words
 * (`freeze`: and the answer never ends either), a stream that ends halfway, data that is not JSON.
 */
export const BREAKS = [
  'reset_before',
  'reset_after_created',
  'stall',
  'freeze',
  'cut',
  'malformed',
] as const;
export type BreakName = (typeof BREAKS)[number];

export type FaultName = RefusalName | EndingName | BreakName | 'slow';

export interface FaultDetails {
  readonly name: FaultName;
  /** `slow`: before the first word; 1 s by default. */
  readonly delayMs?: number;
  /** Headers of a refusal, in place of its own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The refusal's message, in place of its own. */
  readonly message?: string;
  /** `unknown_parameter`: which one. */
  readonly param?: string;
}
export type Fault = FaultName | FaultDetails;

export function detailsOf(fault: Fault): FaultDetails {
  return typeof fault === 'string' ? { name: fault } : fault;
}

export function isRefusal(name: FaultName): name is RefusalName {
  return REFUSALS.some((refusal) => refusal === name);
}

export function isBreak(name: FaultName): name is BreakName {
  return BREAKS.some((broken) => broken === name);
}

export function isEnding(name: FaultName): name is EndingName {
  return ENDINGS.some((ending) => ending === name);
}

export interface RefusalReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly error: {
      readonly message: string;
      readonly type: string;
      readonly code: string | null;
      readonly param: string | null;
    };
  };
}

interface Asked {
  readonly model: string;
  readonly prompt: string;
  readonly authorization: string;
}

interface RefusalRow {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message: (asked: Asked) => string;
}

const ROWS: Readonly<Record<RefusalName, RefusalRow>> = {
  rate_limit: {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    headers: { 'retry-after': '7' },
    message: ({ model }) => `Rate limit reached for ${model} on requests per min (RPM).`,
  },
  quota: {
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: () => 'The quota of this account is used up; see its plan and billing details.',
  },
  server_error: {
    status: 500,
    type: 'server_error',
    code: null,
    message: () => 'The server had an error while processing the request.',
  },
  overloaded: {
    status: 503,
    type: 'service_unavailable_error',
    code: 'server_overloaded',
    message: () => 'The servers are overloaded or not ready yet.',
  },
  // Servers do repeat what they were given: a driver must not pass that on.
  bad_key: {
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message: ({ authorization }) => `Incorrect API key provided: ${authorization}.`,
  },
  forbidden: {
    status: 403,
    type: 'request_forbidden',
    code: 'unsupported_country_region_territory',
    message: () => 'Country, region, or territory not supported',
  },
  unknown_model: {
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    param: 'model',
    message: ({ model }) => `The model '${model}' does not exist or you do not have access to it.`,
  },
  too_long: {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'input',
    message: () => 'Your input exceeds the context window of this model.',
  },
  too_large: {
    status: 413,
    type: 'invalid_request_error',
    code: null,
    message: () => 'Payload too large',
  },
  bad_request: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'input',
    message: ({ prompt, authorization }) =>
      `Invalid value for input: "${prompt}" (${authorization})`,
  },
  no_background: {
    status: 400,
    type: 'invalid_request_error',
    code: 'unknown_parameter',
    param: 'background',
    message: () => "Unknown parameter: 'background'.",
  },
  unknown_parameter: {
    status: 400,
    type: 'invalid_request_error',
    code: 'unknown_parameter',
    message: () => 'Unknown parameter.',
  },
};

export function refusalReply(
  fault: FaultDetails & { name: RefusalName },
  asked: Asked,
): RefusalReply {
  const row = ROWS[fault.name];
  const { status, type, code } = row;
  const message = fault.message ?? row.message(asked);
  const param = fault.param ?? row.param ?? null;
  const headers = fault.headers ?? row.headers ?? {};
  return { status, headers, body: { error: { message, type, code, param } } };
}
