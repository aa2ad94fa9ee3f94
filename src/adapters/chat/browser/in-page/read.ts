/** Reading the page without touching it. Runs there; see program.ts for what may stand here. */
import type { PageFacts, TurnFacts } from '../facts.ts';
import type { Generation } from '../generations/generation.ts';
import type { PageDocument, PageElement } from './dom.ts';
import type { Finders } from './find.ts';

declare const document: PageDocument;
declare const location: { readonly href: string };

export function createReaders(find: Finders) {
  const { generation, surroundings } = find;

  function wordsOf(element: PageElement): string {
    return (element.textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  /** The words of an element without its controls, and without `beside`. */
  function bareText(element: PageElement, beside = ''): string {
    const copy = element.cloneNode(true);
    const controls = 'button, svg, style, .sr-only';
    const out = beside === '' ? controls : `${controls}, ${beside}`;
    for (const one of copy.querySelectorAll(out)) one.remove();
    return copy.textContent ?? '';
  }

  /** What stands in the assistant's part beside answer, thinking sign and controls. */
  function asideOf(part: PageElement, { answer, thinking, user }: Generation): string {
    const text = bareText(part, `${answer}, ${thinking}, ${user}`);
    return text.replace(/\s+/g, ' ').trim().slice(0, 500);
  }

  function promptIn(turn: PageElement, at: Generation): TurnFacts | null {
    const part = find.partOf(turn, at.user);
    if (part === null) return null;
    return {
      key: turn.getAttribute(at.turnKey) ?? '',
      role: 'user',
      // A long prompt may be folded, with a button to show more of it.
      text: bareText(find.partOf(part, at.userText) ?? part),
      aside: '',
      thinking: null,
      copyable: false,
      retryable: false,
    };
  }

  function answerIn(turn: PageElement, at: Generation): TurnFacts | null {
    const part = find.partOf(turn, at.assistant);
    if (part === null) return null;
    const sign = [...part.querySelectorAll(at.thinking)].find(find.isShown);
    const copies = find.controlsIn(turn, at.copy);
    // An ordinary action bar may have a button to ask again too.
    const retries = find
      .controlsIn(turn, at.retry)
      .filter((retry) => !copies.some((copy) => retry.parentElement?.contains(copy) === true));
    const texts = find.answersIn(turn).map((answer) => answer.textContent ?? '');
    return {
      key: turn.getAttribute(at.turnKey) ?? '',
      role: 'assistant',
      text: texts.join('\n'),
      aside: asideOf(part, at),
      thinking: sign === undefined ? null : wordsOf(sign),
      copyable: copies.length > 0,
      retryable: retries.length > 0,
    };
  }

  function turnFacts(): TurnFacts[] {
    if (generation === null) return [];
    return find
      .turns()
      .flatMap((turn) => [promptIn(turn, generation), answerIn(turn, generation)])
      .filter((facts) => facts !== null);
  }

  /** Elements that speak for the interface; none that holds turns, conversations or a field. */
  function noticeTexts(form: PageElement | null): string[] {
    // A banner above the composer need not have a role.
    const beside = [...(form?.parentElement?.childNodes ?? [])].filter(
      (node) => node.nodeType === 1 && node !== form,
    ) as PageElement[];
    const speaking = [...new Set([...document.querySelectorAll(surroundings.notices), ...beside])];
    const turn = generation?.turn ?? null;
    const other = ['a[href*="/c/"]', 'input', 'form', ...(turn === null ? [] : [turn])];
    return speaking
      .filter((one) => other.every((inside) => find.partOf(one, inside) === null))
      .filter((one) => turn === null || one.closest(turn) === null)
      .filter(find.isShown)
      .map((one) => wordsOf(one).slice(0, 1_000))
      .filter((text) => text !== '');
  }

  function isEnabled(button: PageElement): boolean {
    return !button.hasAttribute('disabled') && button.getAttribute('aria-disabled') !== 'true';
  }

  function look(): PageFacts {
    const composer = find.composer();
    const within = composer?.form ?? document;
    return {
      url: location.href,
      title: document.title,
      generation: generation?.name ?? null,
      composer:
        generation === null || composer === null
          ? null
          : {
              text: find.editorText(composer.editor),
              files: find.findAll(composer.form, generation.removeFile).length,
              sendable: find.findAll(composer.form, generation.send).some(isEnabled),
            },
      stop: generation !== null && find.findAll(within, generation.stop).length > 0,
      continues: find.continueButton() !== undefined,
      turns: turnFacts(),
      notices: noticeTexts(composer?.form ?? null),
      login: [...document.querySelectorAll(surroundings.login)].some(find.isShown),
      challenge: document.querySelector(surroundings.challenge) !== null,
    };
  }

  return { look };
}
