/** What we have put on the clipboard: only that may be replaced when it is given back. */
import type { ClipboardContent } from './messages.ts';

/** What a copy of nothing leaves. */
const NOTHING = '';
/** A text that was cut within a character ends with these. */
const TORN_CHARACTER = /\uFFFD+$/;

export class OwnWords {
  readonly #texts = new Set<string>();
  /** Being written: should its writer die, a part of it may lie there. */
  #torn: string | null = null;
  #copyUnread = false;

  isEmpty(): boolean {
    return this.#texts.size === 0;
  }

  add(text: string): void {
    this.#texts.add(text);
  }

  /** To be told before a text is written, and again once it is there. */
  writing(text: string): void {
    this.add(text);
    this.#torn = text;
  }

  written(): void {
    this.#torn = null;
  }

  /** A copy that we ordered may have come, and nobody has read it. */
  missCopy(): void {
    this.#copyUnread = true;
  }

  includes(now: ClipboardContent): boolean {
    if (now.kind === 'text') {
      return this.#copyUnread || this.#texts.has(now.text) || this.#isTorn(now.text);
    }
    return now.kind === 'empty' || (now.kind === 'other' && this.#texts.has(NOTHING));
  }

  #isTorn(text: string): boolean {
    return this.#torn?.startsWith(text.replace(TORN_CHARACTER, '')) === true;
  }
}
