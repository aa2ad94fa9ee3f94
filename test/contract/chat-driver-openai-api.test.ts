/** What only the `openai` driver has: parameters, headers, limits, retrieval, `doctor`. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { rehearsalAnswer } from '../../src/adapters/chat/rehearsal/answer.ts';
import { CHAT_STEPS, type ChatStep } from '../../src/core/lifecycle.ts';
import { API_KEY, driverFor, NOW_MS, serverPool } from '../support/chat-openai.ts';
import { kindOf, rehearse } from '../support/chat-server.ts';
import { chatErrorFrom, chatRequest, journalOf } from './chat-driver-suite.ts';

const FILES: Readonly<Record<ChatStep, string>> = {
  input_transform: 'input_transform.txt',
  plan: 'init_plan.txt',
  stage2: 'block.txt',
  stage3: 'html_transform.txt',
};

const servers = serverPool();
const signal = new AbortController().signal;

afterEach(() => servers.stopAll());

describe('what is sent', () => {
  it('asks in the background, stored, with its request id where the server can show it', async () => {
    const chat = await servers.start();
    const request = chatRequest('Hello.');
    await driverFor(chat.url).ask(request, journalOf(), signal);
    expect(chat.requests()).toMatchObject([
      {
        requestId: request.requestId,
        metadata: { planline_request: request.requestId },
        background: true,
        stream: true,
        model: 'test-model',
        answered: true,
      },
    ]);
  });

  it('sends Chat Completions its request id as a header alone', async () => {
    const chat = await servers.start({ unknownParameters: ['metadata', 'store', 'background'] });
    const request = chatRequest('Hello.');
    const reply = await driverFor(chat.url, { api: 'chat' }).ask(request, journalOf(), signal);
    expect(reply).toMatchObject({ text: 'You said: Hello.', complete: true, model: 'test-model' });
    expect(reply.ref?.kind).toBe('openai_chat');
    expect(chat.requests()).toMatchObject([
      { requestId: request.requestId, metadata: {}, stream: true },
    ]);
  });

  it('asks again without a parameter that the server refuses, and remembers it', async () => {
    const chat = await servers.start({ unknownParameters: ['background', 'metadata', 'store'] });
    const driver = driverFor(chat.url);
    const reply = await driver.ask(chatRequest('One.'), journalOf(), signal);
    expect(reply.text).toBe('You said: One.');
    expect(chat.requests().map(({ refused }) => refused)).toEqual([true, true, true, false]);
    await driver.ask(chatRequest('Two.'), journalOf(), signal);
    expect(chat.requests().slice(4)).toMatchObject([{ refused: false, background: false }]);
  });

  it('knows a refused parameter by the message when the server gives no name', async () => {
    const chat = await servers.start();
    chat.fail([{ name: 'unknown_parameter', message: 'Unsupported parameter: background' }]);
    const reply = await driverFor(chat.url).ask(chatRequest('One.'), journalOf(), signal);
    expect(reply.text).toBe('You said: One.');
    expect(chat.requests()).toMatchObject([{ background: true }, { background: false }]);
  });

  it('does not ask again when another parameter is wrong', async () => {
    const chat = await servers.start();
    chat.fail([{ name: 'unknown_parameter', param: 'input' }]);
    const error = await chatErrorFrom(
      driverFor(chat.url).ask(chatRequest('One.'), journalOf(), signal),
    );
    expect(error.code).toBe('permanent');
    expect(chat.requests()).toHaveLength(1);
  });

  it('never retries by itself', async () => {
    const chat = await servers.start();
    chat.fail(['server_error', 'overloaded', 'rate_limit']);
    const driver = driverFor(chat.url);
    for (const code of ['retryable', 'retryable', 'rate_limited']) {
      const error = await chatErrorFrom(driver.ask(chatRequest('Once.'), journalOf(), signal));
      expect(error.code).toBe(code);
    }
    expect(chat.requests()).toHaveLength(3);
  });
});

describe('a server that is given no answers', () => {
  it.each(CHAT_STEPS)('answers the prompt of %s as the rehearsal would', async (step) => {
    const chat = await servers.start({ answers: rehearse });
    const text = readFileSync(new URL(`../../prompts/${FILES[step]}`, import.meta.url), 'utf8');
    const reply = await driverFor(chat.url).ask(chatRequest(text, step), journalOf(), signal);
    expect(kindOf(text)).toBe(step);
    expect(reply.text).toBe(rehearsalAnswer(step, text));
  });
});

describe('limits', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [
      { 'retry-after': 'Mon, 23 Nov 2026 10:02:00 GMT', date: 'Mon, 23 Nov 2026 10:00:30 GMT' },
      90_000,
    ],
    [{ 'retry-after-ms': '1500' }, 1_500],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m30s' }, 90_000],
    [{ 'x-nothing': '1' }, 60_000],
  ])('rests after 429 with %o', async (headers, waitMs) => {
    const chat = await servers.start();
    chat.fail([{ name: 'rate_limit', headers }]);
    const error = await chatErrorFrom(
      driverFor(chat.url).ask(chatRequest('One.'), journalOf(), signal),
    );
    expect(error).toMatchObject({ code: 'rate_limited', untilMs: NOW_MS + waitMs });
  });

  it('probes a used-up account after an hour', async () => {
    const chat = await servers.start();
    chat.fail(['quota']);
    const error = await chatErrorFrom(
      driverFor(chat.url).ask(chatRequest('One.'), journalOf(), signal),
    );
    expect(error).toMatchObject({ code: 'plan_cap', untilMs: NOW_MS + 3_600_000 });
  });
});

describe.each(['responses', 'chat'] as const)('refusals by the %s API', (api) => {
  it.each([
    ['bad_key', 'needs_operator', /OPENAI_API_KEY/],
    ['forbidden', 'needs_operator', /territory not supported/],
    ['unknown_model', 'needs_operator', /OPENAI_MODEL/],
    ['too_large', 'permanent', /too long/],
    ['bad_request', 'permanent', /Invalid value for input/],
    ['malformed', 'retryable', /connection/],
    ['failed', 'retryable', /server_error/],
    ['content_filter', 'retryable', /content filter/],
    ['length', 'retryable', /token limit/],
    ['refusal', 'retryable', /refused/],
  ] as const)('%s is %s', async (fault, code, message) => {
    const chat = await servers.start({ unknownParameters: ['background'] });
    const driver = driverFor(chat.url, { api });
    await driver.ask(chatRequest('So that the driver knows the server.'), journalOf(), signal);
    chat.fail([fault]);
    const request = chatRequest(
      'Tajný text o pani Kukučínovej, ktorý nikto nesmie vidieť v chybe.',
    );
    const error = await chatErrorFrom(driver.ask(request, journalOf(), signal));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('Kukučín');
    expect(error.message).not.toContain(API_KEY);
  });

  it('says which variables to check when nothing listens there', async () => {
    const chat = await servers.start();
    await servers.stop(chat);
    const error = await chatErrorFrom(
      driverFor(chat.url, { api }).ask(chatRequest('Anybody?'), journalOf(), signal),
    );
    expect(error).toMatchObject({ code: 'retryable' });
    expect(error.message).toMatch(/OPENAI_BASE_URL/);
  });

  it('tells a server that lacks this API from one that lacks the model', async () => {
    const chat = await servers.start();
    const elsewhere = chat.url.replace('/v1', '/v2');
    const error = await chatErrorFrom(
      driverFor(elsewhere, { api }).ask(chatRequest('Hello.'), journalOf(), signal),
    );
    expect(error.code).toBe('needs_operator');
    expect(error.message).toMatch(/OPENAI_BASE_URL/);
    expect(error.message).toContain(`OPENAI_API=${api === 'chat' ? 'responses' : 'chat'}`);
  });

  it('says that the server fell silent', async () => {
    const chat = await servers.start({ unknownParameters: ['background'] });
    const driver = driverFor(chat.url, { api, idleMs: 150 });
    chat.fail(['stall']);
    const error = await chatErrorFrom(driver.ask(chatRequest('Hm.'), journalOf(), signal));
    expect(error.code).toBe('retryable');
    expect(error.message).toMatch(/silent/);
  });

  it('gives up when the whole time is over', async () => {
    const chat = await servers.start();
    chat.fail(['freeze']);
    const driver = driverFor(chat.url, { api, timeoutMs: 300, idleMs: 10_000 });
    const error = await chatErrorFrom(driver.ask(chatRequest('Slow.'), journalOf(), signal));
    expect(error.code).toBe('retryable');
    expect(error.message).toMatch(/CHAT_TIMEOUT_SECONDS/);
  });
});

describe('check', () => {
  it.each([
    ['a key and a model that are known', { models: ['test-model'] }, {}, 'ok', /test-model/],
    ['a server that only lists models', { modelById: false }, {}, 'ok', /test-model/],
    ['a wrong key', {}, { apiKey: 'sk-wrong-key-000000' }, 'error', /OPENAI_API_KEY/],
    ['an unknown model', { models: ['gpt-a', 'gpt-b'] }, {}, 'error', /OPENAI_MODEL.*gpt-a/],
  ] as const)('of %s', async (_name, options, settings, level, words) => {
    const chat = await servers.start(options);
    const findings = await driverFor(chat.url, settings).check(signal);
    expect(findings).toMatchObject([{ level }]);
    const said = findings.map(({ detail, action }) => `${detail} ${action ?? ''}`).join(' ');
    expect(said).toMatch(words);
    expect(said).not.toMatch(/sk-/);
    expect(chat.requests()).toEqual([]);
  });

  it('of an address that answers but is no API', async () => {
    const chat = await servers.start();
    const findings = await driverFor(chat.url.replace('/v1', '')).check(signal);
    expect(findings).toMatchObject([{ level: 'warning' }]);
    expect(findings[0]?.action).toMatch(/OPENAI_BASE_URL/);
  });

  it('of a server that is not there', async () => {
    const chat = await servers.start();
    await servers.stop(chat);
    const findings = await driverFor(chat.url).check(signal);
    expect(findings).toMatchObject([{ level: 'error' }]);
    expect(findings[0]?.action).toMatch(/OPENAI_BASE_URL/);
  });

  it('ends with the reason when it is stopped', async () => {
    const chat = await servers.start();
    const reason = new Error('enough');
    const error = await chatErrorFrom(driverFor(chat.url).check(AbortSignal.abort(reason)));
    expect(error.cause).toBe(reason);
  });
});
