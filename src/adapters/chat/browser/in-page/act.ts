/** Acting on the page. Runs there; see program.ts for what may stand here. */
import type { PageDocument, PageElement, PageScroller } from './dom.ts';
import type { Finders } from './find.ts';

declare const document: PageDocument;
declare function getComputedStyle(element: PageElement): { readonly overflowY: string };
declare function requestAnimationFrame(act: () => void): number;
declare function setTimeout(act: () => void, ms: number): number;
declare const location: { readonly pathname: string };
declare class DataTransfer {
  setData(type: string, text: string): void;
}
declare class ClipboardEvent {
  readonly defaultPrevented: boolean;
  constructor(
    type: string,
    init: { clipboardData: DataTransfer; bubbles: boolean; cancelable: boolean },
  );
}

export function createActs(find: Finders) {
  const { generation, surroundings } = find;

  /** The editor has the caret, behind its last character; false when there is no editor. */
  function focusEditor(): boolean {
    const editor = find.composer()?.editor;
    if (editor === undefined) return false;
    editor.focus();
    const selection = document.getSelection();
    selection?.selectAllChildren(editor);
    selection?.collapseToEnd();
    return editor.contains(document.activeElement);
  }

  /** As if the text came from the clipboard, which stays as it is. False when nobody took it. */
  function pasteText(text: string): boolean {
    const editor = find.composer()?.editor;
    if (editor === undefined) return false;
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    editor.dispatchEvent(paste);
    return paste.defaultPrevented;
  }

  /** How many files were there. */
  function removeFiles(): number {
    const form = find.composer()?.form;
    const buttons =
      form === undefined || generation === null ? [] : find.findAll(form, generation.removeFile);
    for (const button of buttons) button.click();
    return buttons.length;
  }

  /** Only where the page is still the one that the text was put into, and holds it as it was read. */
  function pressSend(expected: {
    readonly pathname: string;
    readonly empty: boolean;
    readonly text: string;
  }): 'pressed' | 'no_button' | 'elsewhere' {
    const composer = find.composer();
    const same =
      location.pathname === expected.pathname &&
      (!expected.empty || find.turns().length === 0) &&
      composer !== null &&
      find.editorText(composer.editor) === expected.text;
    if (!same || generation === null) return 'elsewhere';
    const button = find.findAll(composer.form, generation.send)[0];
    button?.click();
    return button === undefined ? 'no_button' : 'pressed';
  }

  function pressContinue(): boolean {
    const button = find.continueButton();
    button?.click();
    return button !== undefined;
  }

  /** The markup of the answer in this turn; null when the turn is not there. */
  function answerMarkup(turnKey: string): string | null {
    const turn = find.turnByKey(turnKey);
    if (turn === null) return null;
    const answers = find.answersIn(turn).map((answer) => answer.outerHTML);
    return answers.join('\n');
  }

  function scrollerOf(element: PageElement): PageScroller {
    let at = element.parentElement;
    while (at !== null) {
      const { overflowY } = getComputedStyle(at);
      if (/auto|scroll/.test(overflowY) && at.scrollHeight > at.clientHeight + 1) return at;
      at = at.parentElement;
    }
    return document.scrollingElement ?? document.documentElement;
  }

  /** False when the page is not drawn: then it does not notice either where it was scrolled to. */
  function isDrawn(): Promise<boolean> {
    return new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
      setTimeout(() => resolve(false), 1_000);
    });
  }

  function scrollFrom(first: PageElement): boolean {
    const scroller = scrollerOf(first);
    if (scroller.scrollTop <= 0) {
      // The page may have missed that it is at the top already: the way there again tells it.
      scroller.scrollTop = scroller.clientHeight / 2;
      return true;
    }
    first.scrollIntoView({ block: 'start' });
    scroller.scrollTop -= scroller.clientHeight / 2;
    return scroller.scrollTop <= 0;
  }

  /**
   * Turns that are far from view need not be there: what is above the first one that is comes into view.
   * `top` at the very top.
   */
  async function scrollUp(): Promise<{ top: boolean; drawn: boolean }> {
    const [first] = find.turns();
    const top = first === undefined || scrollFrom(first);
    return { top, drawn: await isDrawn() };
  }

  /** A sidebar that is folded up to a strip of icons lists nothing, whatever there is. */
  function hasRoomForTitles(sidebar: PageElement): boolean {
    return find.isShown(sidebar) && sidebar.getBoundingClientRect().width >= 160;
  }

  /** Addresses of the recent conversations, newest first, where the page lists them at all. */
  function recentConversations(limit: number): { listed: boolean; addresses: string[] } {
    const links = [...document.querySelectorAll(surroundings.history)];
    const addresses = links.map((link) => link.getAttribute('href') ?? '');
    const sidebars = [...document.querySelectorAll(surroundings.sidebar)];
    return {
      listed: addresses.length > 0 || sidebars.some(hasRoomForTitles),
      addresses: [...new Set(addresses)].slice(0, limit),
    };
  }

  return {
    focusEditor,
    pasteText,
    removeFiles,
    pressSend,
    pressContinue,
    answerMarkup,
    scrollUp,
    recentConversations,
  };
}
