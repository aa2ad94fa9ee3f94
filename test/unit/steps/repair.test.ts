import { describe, expect, it } from 'vitest';
import { CHAT_STEPS } from '../../../src/core/lifecycle.ts';
import { parsePlan } from '../../../src/steps/plan.ts';
import { repairPrompt, repairWithPrompt } from '../../../src/steps/repair.ts';

describe('a repair', () => {
  it.each(CHAT_STEPS)('of %s says what was wrong and asks for the whole again', (step) => {
    const text = repairPrompt(step, 'something is missing.');
    expect(text).toContain('cannot be used: something is missing.\n');
    expect(text).toContain('Answer again with the whole');
    expect(text).not.toMatch(/\[[A-Z_]{2,}\]/);
  });

  it('carries the reason of a refusal as it is', () => {
    const refused = parsePlan('<blok-1>a</blok-1><blok-3>c</blok-3>', 3);
    const reason = refused.ok ? '' : refused.error.reason;
    expect(repairPrompt('plan', reason)).toContain(
      'the plan has 2 blocks, 3 were asked for: blok-2 is missing.',
    );
  });

  it('stands after the whole prompt where there is no conversation', () => {
    const text = repairWithPrompt('stage3', 'THE PROMPT', '</html> is missing');
    expect(text.startsWith('THE PROMPT\n')).toBe(true);
    expect(text).toContain(
      'could not be used: </html> is missing. Mind this now.\nAnswer with the whole HTML page',
    );
  });
});
