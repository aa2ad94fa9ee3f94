/** What the parts of the driver share: the SDK's client, the settings and error mapping. */
import OpenAI from 'openai';
import type { ChatError } from '../../../core/errors.ts';
import type { Clock, Log } from '../../../ports.ts';
import { toChatError, type ErrorContext } from './errors.ts';

export interface OpenAiSettings {
  readonly apiKey: string;
  /** Of a compatible server, usually ending with /v1; OpenAI itself when it is left out. */
  readonly baseUrl?: string;
  readonly model: string;
  readonly api: 'responses' | 'chat';
  /** For one answer from sending to its last word. */
  readonly timeoutMs: number;
  /** The longest silence within a stream; by default just under the five minutes of Node's fetch. */
  readonly idleMs?: number;
  /** Between two looks at a response that is still being made. */
  readonly pollMs?: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Session {
  readonly sdk: OpenAI;
  readonly model: string;
  readonly api: 'responses' | 'chat';
  readonly host: string;
  readonly timeoutMs: number;
  readonly idleMs: number;
  readonly pollMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** For an error that concerns a prompt; its text is kept out of messages. */
  errorContext(prompt: string): ErrorContext;
  toError(error: unknown, prompt: string): ChatError;
}

const OPENAI_URL = 'https://api.openai.com/v1';
const IDLE_MS = 290_000;
const POLL_MS = 2_000;

export function createSession(settings: OpenAiSettings): Session {
  const { apiKey, model, api, timeoutMs, clock, log } = settings;
  const baseURL = settings.baseUrl ?? OPENAI_URL;
  const host = new URL(baseURL).host;
  const errorContext = (prompt: string): ErrorContext => ({
    apiKey,
    prompt,
    model,
    api,
    host,
    nowMs: clock.now(),
  });
  return {
    // The nulls keep the SDK from reading the environment: config.ts alone does that. Retries are
    // the shell's, and the SDK's own logging could write prompts to the console.
    sdk: new OpenAI({
      apiKey,
      baseURL,
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      maxRetries: 0,
      timeout: timeoutMs,
      logLevel: 'off',
    }),
    model,
    api,
    host,
    timeoutMs,
    idleMs: Math.min(settings.idleMs ?? IDLE_MS, timeoutMs),
    pollMs: settings.pollMs ?? POLL_MS,
    clock,
    log,
    errorContext,
    toError: (error, prompt) => toChatError(error, errorContext(prompt)),
  };
}
