import { describe, expect, it } from 'vitest';
import { extractBloks } from '../../../src/core/reply/extract-bloks.ts';
import { repairPrompt } from '../../../src/core/reply/repair.ts';
import type { ChatStep } from '../../../src/core/lifecycle.ts';
import { CHAT_STEPS } from '../../../src/core/lifecycle.ts';
import type { Result } from '../../../src/core/result.ts';
import { parseProfile } from '../../../src/steps/input-transform.ts';
import { parsePlan } from '../../../src/steps/plan.ts';
import { checkPart } from '../../../src/steps/stage2.ts';
import { checkHtmlReply } from '../../../src/steps/stage3.ts';

const CHECKS: Readonly<Record<ChatStep, (reply: string) => Result<unknown>>> = {
  input_transform: parseProfile,
  plan: (reply) => parsePlan(reply, 3),
  stage2: checkPart,
  stage3: checkHtmlReply,
};

describe('repairPrompt', () => {
  it.each([
    ['input_transform', 'the JSON is incomplete', 'one JSON object', 'from { to }'],
    ['plan', 'blok-2 is missing', '<blok-1> and </blok-1>', 'each number once and in order'],
    ['stage2', 'the lesson has 3 words', 'the full lesson in Markdown', 'every code fence closed'],
    ['stage3', '</html> is missing', 'one complete HTML page', '<!doctype html> to </html>'],
  ] as const)('of %s says what was wrong and asks for the whole again', (step, reason, ...form) => {
    const prompt = repairPrompt(step, reason);
    for (const part of [reason.slice(1), ...form, 'the whole answer again']) {
      expect(prompt).toContain(part);
    }
    expect(prompt.split(/\s+/).length).toBeLessThan(150);
  });

  it.each(CHAT_STEPS)(
    'of %s is no reply of its own step, whatever a model echoes of it',
    (step) => {
      const reason = 'the reply was cut off: <blok-3> is never closed';
      expect(CHECKS[step](repairPrompt(step, reason)).ok).toBe(false);
    },
  );

  it('changes nothing when the model repeats it before the answer', () => {
    const plan = [1, 2, 3].map((n) => `<blok-${n}>\ntext ${n}\n</blok-${n}>`).join('\n');
    const echoed = `${repairPrompt('plan', 'blok-2 is missing')}\n\n${plan}`;
    expect(extractBloks(echoed, 3)).toEqual({ ok: true, value: ['text 1', 'text 2', 'text 3'] });
  });

  it('makes a sentence of the reason, on one line and of a bounded length', () => {
    expect(repairPrompt('plan', 'blok-1 is\n  empty')).toContain(
      'used. Blok-1 is empty.\n\nPlease',
    );
    expect(repairPrompt('plan', 'Is it?')).toContain('used. Is it?\n\n');
    expect(repairPrompt('plan', 'x'.repeat(10_000)).length).toBeLessThan(1_500);
  });
});
