import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toChatError, type ErrorContext } from '../../../src/adapters/chat/openai/errors.ts';
import { parseDurationMs, retryWaitMs } from '../../../src/adapters/chat/openai/retry-after.ts';
import { scrubServerText } from '../../../src/adapters/chat/openai/scrub.ts';

const NOW_MS = Date.parse('2026-11-23T10:00:00.000Z');
const PROMPT = 'Volám sa Ľudmila Skúšobná a pracujem\nv sklade, chcem robiť grafiku.';
const API_KEY = 'sk-live-ABCDEFGHIJKLMNOP';
const context: ErrorContext = {
  apiKey: API_KEY,
  prompt: PROMPT,
  model: 'gpt-x',
  api: 'responses',
  host: 'api.example',
  nowMs: NOW_MS,
};

function refusal(
  status: number | undefined,
  error: Record<string, unknown>,
  headers: Record<string, string> = {},
): APIError {
  return new APIError(status, error, undefined, new Headers(headers));
}

describe('parseDurationMs', () => {
  it.each([
    ['1m30s', 90_000],
    ['6ms', 6],
    ['2h0m0.5s', 7_200_500],
    ['1d', 86_400_000],
    ['59.7s', 59_700],
    ['20', 20_000],
  ])('reads %s', (text, ms) => expect(parseDurationMs(text)).toBe(ms));

  it.each(['', 'soon', '1x', '-3s', '1m 30s', 's'])('does not read %j', (text) =>
    expect(parseDurationMs(text)).toBeNull(),
  );
});

describe('retryWaitMs', () => {
  const wait = (headers: Record<string, string>, message = '') =>
    retryWaitMs(new Headers(headers), message, NOW_MS);

  it('prefers the exact header, then seconds, then resets, then the words, then a minute', () => {
    const all = {
      'retry-after-ms': '1200',
      'retry-after': '3',
      'x-ratelimit-reset-requests': '8s',
    };
    expect(wait(all)).toBe(1_200);
    expect(wait({ ...all, 'retry-after-ms': '' })).toBe(3_000);
    expect(wait({ 'x-ratelimit-reset-requests': '8s' }, 'Please try again in 4s.')).toBe(8_000);
    expect(wait({}, 'Please try again in 1m4.5s.')).toBe(64_500);
    expect(wait({}, 'Slow down.')).toBe(60_000);
    expect(retryWaitMs(undefined, '', NOW_MS)).toBe(60_000);
  });

  it('measures an HTTP date by the server clock when the reply has one, else by ours', () => {
    const at = 'Mon, 23 Nov 2026 10:01:00 GMT';
    expect(wait({ 'retry-after': at })).toBe(60_000);
    expect(wait({ 'retry-after': at, date: 'Mon, 23 Nov 2026 10:00:50 GMT' })).toBe(10_000);
  });

  it('waits for the limit that is used up, not for the other one', () => {
    const resets = { 'x-ratelimit-reset-requests': '2s', 'x-ratelimit-reset-tokens': '6m0s' };
    expect(wait({ ...resets, 'x-ratelimit-remaining-requests': '0' })).toBe(2_000);
    expect(wait(resets)).toBe(360_000);
  });

  it('never waits less than a second', () => {
    expect(wait({ 'retry-after': '0' })).toBe(1_000);
    expect(wait({ 'retry-after': 'Mon, 23 Nov 2020 10:00:00 GMT' })).toBe(1_000);
  });

  it('gives a finite time for any header', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, reset) => {
        const headers = { get: (name: string) => (name === 'retry-after' ? value : reset) };
        const ms = retryWaitMs(headers, value, NOW_MS);
        expect(Number.isFinite(ms) && ms >= 1_000).toBe(true);
      }),
    );
  });
});

describe('scrubServerText', () => {
  const secrets = { apiKey: 'my-own-secret', prompt: PROMPT };

  it('takes out keys, known and unknown ones', () => {
    const text =
      'bad my-own-secret, sk-proj-abc_DEF-123456, Bearer abc.def, sk-ab***********yz12, my-o*****ret';
    expect(scrubServerText(text, secrets)).toBe('bad [key], [key], [key], [key], [key]');
  });

  it('takes out what was echoed of the prompt, escaped or not', () => {
    const echoed = `Invalid: "${PROMPT}" and ${JSON.stringify({ input: PROMPT })}`;
    const clean = scrubServerText(echoed, secrets);
    expect(clean).not.toMatch(/Ľudmila|sklade|grafiku/);
    expect(clean).toContain('Invalid');
  });

  it('keeps what a server says by itself', () => {
    const said = 'Unsupported value: temperature does not support 0.2 with this model.';
    expect(scrubServerText(said, secrets)).toBe(said);
  });

  it('gives one line of at most 400 characters, whole characters only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), (text) => {
        const clean = scrubServerText(`${text}😀`.repeat(3), secrets);
        expect(clean.length).toBeLessThanOrEqual(400);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('toChatError', () => {
  it.each([
    ['connection', new APIConnectionError({ message: 'Connection error.' }), 'retryable'],
    ['timeout', new APIConnectionTimeoutError(), 'retryable'],
    ['a cut stream', new TypeError('terminated'), 'retryable'],
    ['408', refusal(408, { message: 'timeout' }), 'retryable'],
    ['409', refusal(409, { message: 'conflict' }), 'retryable'],
    ['500', refusal(500, { message: 'oops' }), 'retryable'],
    ['503', refusal(503, { message: 'overloaded' }), 'retryable'],
    ['429', refusal(429, { message: 'slow down', code: 'rate_limit_exceeded' }), 'rate_limited'],
    [
      '429 as a numeric code in a stream',
      refusal(undefined, { message: 'slow', code: 429 }),
      'rate_limited',
    ],
    [
      '502 as a numeric code in a stream',
      refusal(undefined, { message: 'bad', code: 502 }),
      'retryable',
    ],
    ['429 without quota', refusal(429, { message: '', code: 'insufficient_quota' }), 'plan_cap'],
    ['402', refusal(402, { message: 'Insufficient Balance' }), 'plan_cap'],
    ['400 at the billing limit', refusal(400, { code: 'billing_hard_limit_reached' }), 'plan_cap'],
    ['401', refusal(401, { message: 'no' }), 'needs_operator'],
    ['403', refusal(403, { message: 'no' }), 'needs_operator'],
    ['404 of a model', refusal(404, { message: 'The model `x` does not exist' }), 'needs_operator'],
    ['404 of an address', refusal(404, { message: 'Not Found' }), 'needs_operator'],
    ['400 about the model', refusal(400, { message: 'bad', param: 'model' }), 'needs_operator'],
    ['400 about the key', refusal(400, { message: 'API key not valid.' }), 'needs_operator'],
    ['400 too long', refusal(400, { code: 'context_length_exceeded' }), 'permanent'],
    [
      '400 too long in words',
      refusal(400, { message: 'string too long. Expected …' }),
      'permanent',
    ],
    ['413', refusal(413, { message: 'too large' }), 'permanent'],
    ['400', refusal(400, { message: 'temperature is wrong' }), 'permanent'],
    ['422', refusal(422, { message: 'unprocessable' }), 'permanent'],
    [
      'a refused prompt',
      refusal(undefined, { code: 'invalid_prompt', message: 'no' }),
      'permanent',
    ],
  ] as const)('%s', (_name, error, code) => {
    const mapped = toChatError(error, context);
    expect(mapped.code).toBe(code);
    const rests = code === 'rate_limited' || code === 'plan_cap';
    expect(mapped.untilMs === null).toBe(!rests);
  });

  it('does not wait for a prompt that never fits the limit of a minute', () => {
    const message =
      'Request too large for gpt-x on tokens per min (TPM): Limit 10000, Requested 20000.';
    const mapped = toChatError(refusal(429, { message, code: 'rate_limit_exceeded' }), context);
    expect(mapped.code).toBe('permanent');
    expect(mapped.message).toMatch(/too long/);
  });

  it('names what a FastAPI server objects to, without the input that it repeats', () => {
    const detail = [{ loc: ['body', 'input'], msg: 'Field required', input: { input: PROMPT } }];
    const mapped = toChatError(refusal(422, { detail }), context);
    expect(mapped.message).toContain('body.input: Field required');
    expect(mapped.message).not.toContain('Ľudmila');
  });

  it('keeps key and prompt out of the message and of the whole chain of causes', () => {
    const inner = new Error(`connect failed with Bearer ${API_KEY}`);
    const error = new APIConnectionError({ message: `sending ${PROMPT}`, cause: inner });
    const mapped = toChatError(error, context);
    const chain: string[] = [];
    for (let at: unknown = mapped; at instanceof Error; at = at.cause) chain.push(at.message);
    expect(chain.length).toBeGreaterThan(2);
    expect(chain.join('\n')).not.toMatch(/ABCDEF|Ľudmila/);
  });
});
