/** Finding things on the page. Runs there; see program.ts for what may stand here. */
import type { Generation, Target } from '../generations/generation.ts';
import type { Surroundings } from '../generations/index.ts';
import type { PageDocument, PageElement, PageNode } from './dom.ts';

declare const document: PageDocument;
declare const innerWidth: number;

export interface PageKnowledge {
  readonly generations: readonly Generation[];
  readonly surroundings: Surroundings;
}

export type Finders = ReturnType<typeof createFinders>;

export function createFinders({ generations, surroundings }: PageKnowledge) {
  const generation =
    generations.find(({ marks }) => marks.some((css) => document.querySelector(css) !== null)) ??
    null;

  /** Where a person could see it, or could by scrolling. */
  function isShown(element: PageElement): boolean {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    if (element.closest('[inert]') !== null) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > 0 && box.left < innerWidth;
  }

  /** A bar that shows itself only to a pointer is there all the same. */
  function isThere(element: PageElement): boolean {
    return element.checkVisibility({ opacityProperty: false, visibilityProperty: true });
  }

  function isOneOf(element: PageElement, labels: readonly string[] | undefined): boolean {
    if (labels === undefined) return true;
    const label = element.getAttribute('aria-label') ?? element.textContent ?? '';
    const words = label.replace(/\s+/g, ' ').trim().toLowerCase();
    return labels.some((one) => one.toLowerCase() === words);
  }

  /** All that are seen and match, of the first target that has any. */
  function findAll(
    root: PageElement | PageDocument,
    targets: readonly Target[],
    isSeen: (element: PageElement) => boolean = isShown,
  ): PageElement[] {
    for (const { css, labels } of targets) {
      const found = [...root.querySelectorAll(css)].filter(
        (element) => isOneOf(element, labels) && isSeen(element),
      );
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The composer that is shown: another may be about, hidden. */
  function composer(): { form: PageElement; editor: PageElement } | null {
    if (generation === null) return null;
    for (const form of document.querySelectorAll(generation.form)) {
      const editor = [...form.querySelectorAll(generation.editor)].find(isShown);
      if (editor !== undefined && isShown(form)) return { form, editor };
    }
    return null;
  }

  /** A line for each paragraph; the break that an editor puts into an empty one is none. */
  function editorText(editor: PageElement): string {
    const textOf = (node: PageNode): string => {
      if (node.nodeType === 3) return node.textContent ?? '';
      const element = node as PageElement;
      if (element.tagName === 'BR') {
        return element.classList.contains('ProseMirror-trailingBreak') ? '' : '\n';
      }
      return [...element.childNodes].map(textOf).join('');
    };
    const paragraphs = [...editor.childNodes].filter((node) => node.nodeType === 1);
    return (paragraphs.length > 0 ? paragraphs : [editor]).map(textOf).join('\n');
  }

  /** The element itself or the first within it. */
  function partOf(element: PageElement, css: string): PageElement | null {
    return element.matches(css) ? element : element.querySelector(css);
  }

  /** None of them within another. */
  function outermost(root: PageElement, css: string): PageElement[] {
    const found = [...root.querySelectorAll(css)];
    return found.filter((one) => !found.some((other) => other !== one && other.contains(one)));
  }

  function turns(): PageElement[] {
    return generation === null ? [] : outermost(document.documentElement, generation.turn);
  }

  function turnByKey(key: string): PageElement | null {
    if (generation === null) return null;
    return turns().find((turn) => turn.getAttribute(generation.turnKey) === key) ?? null;
  }

  function answersIn(turn: PageElement): PageElement[] {
    const part = generation === null ? null : partOf(turn, generation.assistant);
    return generation === null || part === null ? [] : outermost(part, generation.answer);
  }

  function isInAnswer(element: PageElement): boolean {
    return generation !== null && element.closest(generation.answer) !== null;
  }

  /** Controls of the answer: in its turn, but neither in the prompt's part nor in the answer itself. */
  function controlsIn(turn: PageElement, targets: readonly Target[]): PageElement[] {
    const user = generation === null ? null : partOf(turn, generation.user);
    return findAll(turn, targets, isThere).filter(
      (one) => user?.contains(one) !== true && !isInAnswer(one),
    );
  }

  function continueButton(): PageElement | undefined {
    return findAll(document, surroundings.continueGenerating).find((one) => !isInAnswer(one));
  }

  return {
    generation,
    surroundings,
    isShown,
    findAll,
    composer,
    editorText,
    partOf,
    turns,
    turnByKey,
    answersIn,
    controlsIn,
    continueButton,
  };
}
