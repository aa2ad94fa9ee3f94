/**
 * The page's own copy of an answer, taken before it reaches the clipboard: what the operator has there
 * is left alone. Runs in the page; see program.ts for what may stand here.
 */
import type { Finders } from './find.ts';

interface ClipboardItem {
  readonly types: readonly string[];
  getType(type: string): Promise<{ text(): Promise<string> }>;
}
interface Clipboard {
  writeText?: (text: string) => Promise<void>;
  write?: (items: readonly ClipboardItem[]) => Promise<void>;
}
declare const navigator: { readonly clipboard: Clipboard | undefined };
declare const setTimeout: (act: () => void, ms: number) => number;

export interface CopyArgument {
  readonly turnKey: string;
  /** How long a copy may take to come. */
  readonly waitMs: number;
}

/** `pressed` is false when there is no button; `text` is null when nothing came. */
export interface CopyTaken {
  readonly pressed: boolean;
  readonly text: string | null;
}

export function createCopier(find: Finders) {
  async function plainTextOf(items: readonly ClipboardItem[]): Promise<string> {
    for (const item of items) {
      if (item.types.includes('text/plain')) return await (await item.getType('text/plain')).text();
    }
    return '';
  }

  async function takeCopy({ turnKey, waitMs }: CopyArgument): Promise<CopyTaken> {
    const turn = find.turnByKey(turnKey);
    const targets = find.generation?.copy ?? [];
    const button = turn === null ? undefined : find.controlsIn(turn, targets)[0];
    const { clipboard } = navigator;
    if (button === undefined || clipboard === undefined) return { pressed: false, text: null };

    let taken: (text: string | null) => void = () => undefined;
    const came = new Promise<string | null>((resolve) => {
      taken = resolve;
    });
    // Own properties hide those of the prototype; what the page itself put there is put back.
    const before = {
      writeText: Object.getOwnPropertyDescriptor(clipboard, 'writeText'),
      write: Object.getOwnPropertyDescriptor(clipboard, 'write'),
    };
    clipboard.writeText = (text) => {
      taken(text);
      return Promise.resolve();
    };
    clipboard.write = async (items) => taken(await plainTextOf(items));
    try {
      button.click();
      setTimeout(() => taken(null), waitMs);
      return { pressed: true, text: await came };
    } finally {
      for (const name of ['writeText', 'write'] as const) {
        const own = before[name];
        delete clipboard[name];
        if (own !== undefined) Object.defineProperty(clipboard, name, own);
      }
    }
  }

  return { takeCopy };
}
