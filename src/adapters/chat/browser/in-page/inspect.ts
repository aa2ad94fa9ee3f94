/** What of a generation's markup is not on the page. Runs there; see program.ts for what may stand here. */
import type { PartName } from '../generations/generation.ts';
import type { PageDocument } from './dom.ts';
import type { Finders } from './find.ts';

declare const document: PageDocument;

export function createInspectors(find: Finders) {
  const { generation } = find;

  /** Of a composer that holds a text, which is when its send button is shown. */
  function missingOfComposer(): PartName[] {
    if (generation === null) return [];
    const forms = [...document.querySelectorAll(generation.form)].filter(find.isShown);
    if (forms.length === 0) return ['form'];
    const composer = find.composer();
    if (composer === null) return ['editor'];
    return find.findAll(composer.form, generation.send).length === 0 ? ['send'] : [];
  }

  /** Of a conversation that has a prompt and an answer. */
  function missingOfTurns(): PartName[] {
    if (generation === null) return [];
    const turns = find.turns();
    if (turns.length === 0) return ['turn'];
    const has = (css: string): boolean => turns.some((turn) => find.partOf(turn, css) !== null);
    const named = turns.every((turn) => turn.hasAttribute(generation.turnKey));
    const copies = turns.some((turn) => find.controlsIn(turn, generation.copy).length > 0);
    const parts = (['user', 'userText', 'assistant', 'answer'] as const).filter(
      (part) => !has(generation[part]),
    );
    return [
      ...parts,
      ...(named ? [] : (['turnKey'] as const)),
      ...(copies ? [] : (['copy'] as const)),
    ];
  }

  return { missingOfComposer, missingOfTurns };
}
