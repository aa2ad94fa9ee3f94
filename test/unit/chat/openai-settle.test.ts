import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ErrorContext } from '../../../src/adapters/chat/openai/errors.ts';
import { settle } from '../../../src/adapters/chat/openai/settle.ts';
import { responseShape } from '../../../src/adapters/chat/openai/shapes.ts';

const context: ErrorContext = {
  apiKey: 'sk-x',
  prompt: '',
  model: 'gpt-x',
  api: 'responses',
  host: 'api.example',
  nowMs: 0,
};

function message(text: string, phase?: string) {
  return {
    type: 'message',
    ...(phase === undefined ? {} : { phase }),
    content: [{ type: 'output_text', text }],
  };
}

function settled(response: object, streamed = '') {
  return settle(
    responseShape.parse({ id: 'resp_1', status: 'completed', ...response }),
    streamed,
    context,
  );
}

describe('settle', () => {
  it('joins the parts of the answer as they are and leaves thinking out', () => {
    const output = [
      { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'hm' }], summary: [] },
      message(' a\r\n'),
      { type: 'web_search_call', content: 'of another form' },
      message('b '),
    ];
    expect(settled({ output, model: 'gpt-x' })).toEqual({
      kind: 'reply',
      reply: {
        text: ' a\r\nb ',
        capture: 'api',
        complete: true,
        ref: { kind: 'openai_response', id: 'resp_1' },
        model: 'gpt-x',
      },
    });
  });

  it('takes the final answer alone where a model comments on its way', () => {
    const output = [message('First I will…', 'commentary'), message('The answer.', 'final_answer')];
    expect(settled({ output })).toMatchObject({ reply: { text: 'The answer.' } });
    expect(settled({ output: output.slice(0, 1) })).toMatchObject({ kind: 'failed' });
  });

  it('falls back on the streamed text when the closing object has none', () => {
    expect(settled({ output: [] }, 'streamed')).toMatchObject({ reply: { text: 'streamed' } });
    expect(settled({}, 'streamed')).toMatchObject({ reply: { text: 'streamed' } });
  });

  it.each([
    [{ output: [message(' \n')] }, /empty/],
    [
      { output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'About Eva: no.' }] }] },
      /refused/,
    ],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, /token limit/],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, /content filter/],
    [{ status: 'incomplete' }, /before it was complete/],
    [{ status: 'failed', error: { code: 'server_error', message: 'oops' } }, /server_error/],
    [{ status: 'cancelled' }, /cancelled/],
  ])('%o is no answer, but may be asked again', (response, words) => {
    const result = settled(response);
    const error = { code: 'retryable', message: expect.stringMatching(words) as string };
    expect(result).toMatchObject({ kind: 'failed', error });
    expect(inspect(result)).not.toContain('Eva');
  });

  it('tells a limit that shows only in the failed response', () => {
    const failed = {
      status: 'failed',
      error: { code: 'rate_limit_exceeded', message: 'Try again in 9s' },
    };
    expect(settled(failed)).toMatchObject({ error: { code: 'rate_limited', untilMs: 9_000 } });
  });

  it.each(['queued', 'in_progress', 'something new'])('%s is not settled yet', (status) => {
    expect(settled({ status })).toEqual({ kind: 'pending' });
  });
});
