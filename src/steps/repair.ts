/** A reply that was refused is asked for once more, with what was wrong, before a whole retry. */
import type { ChatStep } from '../core/lifecycle.ts';

/** The form of each reply, said again, as the refusal may lie far from where the prompt named it. */
const FORM: Readonly<Record<ChatStep, string>> = {
  input_transform:
    'Answer again with the whole JSON object and nothing else, from { to }: no introduction, no code fence.',
  plan:
    'Answer again with the whole plan and nothing else: every block in its own pair of tags, ' +
    '<blok-1> … </blok-1> and so on, in order, each number once, every tag closed, none nested.',
  stage2:
    'Answer again with the whole lesson and nothing else, from its title to its last sentence, with ' +
    'every code fence closed.',
  stage3:
    'Answer again with the whole HTML page and nothing else, from <!doctype html> to </html>: no ' +
    'introduction, no code fence, nothing left out.',
};

/**
 * What to say in the same conversation after a refusal. `reason` is that of the refusal; it names
 * structure and quotes no content.
 */
export function repairPrompt(step: ChatStep, reason: string): string {
  return (
    `Your last answer cannot be used: ${reason.replace(/\.$/, '')}.\n\n${FORM[step]} ` +
    'If it would become too long, write more concisely, but complete. Keep the language and the content.'
  );
}
