/**
 * The operator's clipboard, borrowed. It is kept before the first write and put back at the end,
 * whatever happens, unless somebody has put something else there meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { messageOf } from '../../../core/errors.ts';
import type { Desk } from './desk.ts';
import { Interruption } from './interruption.ts';
import type { Shortcut } from './keys.ts';
import type { ClipboardContent } from './messages.ts';
import { OwnWords } from './own-words.ts';
import type { Session } from './session.ts';

export interface Clipboard {
  write(text: string): Promise<void>;
  /**
   * Presses `shortcut` and waits for what it copies. Null when nothing came within `waitMs`: a word that
   * nobody knows lies on the clipboard before, so that what lay there cannot be taken for a copy.
   */
  copy(shortcut: 'copy' | 'copyAnswer', waitMs: number): Promise<string | null>;
}

const NOTHING = '';

/** Runs `work` with the clipboard in our hands, and the keyboard free of modifiers before and after. */
export async function withClipboard<T>(
  session: Session,
  desk: Desk,
  work: (clipboard: Clipboard) => Promise<T>,
): Promise<T> {
  const { helper, memory } = session;
  await helper.call('release', {});
  const kept = toBeKept(session, await helper.call('readClipboard', {}));
  await helper.call('keep', { content: kept });
  memory.owed = null;
  const ours = new OwnWords();
  try {
    return await work(createClipboard(session, desk, ours));
  } finally {
    await giveBack(session, kept, ours);
  }
}

function createClipboard(session: Session, desk: Desk, ours: OwnWords): Clipboard {
  const { helper, timings, settings } = session;

  async function write(text: string): Promise<void> {
    ours.writing(text);
    await helper.call('writeClipboard', { content: { kind: 'text', text } });
    ours.written();
  }

  async function read(): Promise<string> {
    const content = await helper.call('readClipboard', {});
    // We put texts there, and so do the copies that we order: this is somebody else's.
    if (content.kind === 'bytes') throw new Interruption('other_text');
    // An editor that copies nothing puts a clipboard there that holds nothing that could be read.
    return content.kind === 'text' ? content.text : NOTHING;
  }

  /** What the keys copied; null when nothing came. */
  async function copied(shortcut: Shortcut, nonce: string, waitMs: number): Promise<string | null> {
    await desk.press(shortcut);
    const untilMs = settings.clock.now() + waitMs;
    for (;;) {
      const text = await read();
      if (text !== nonce) return text;
      if (settings.clock.now() >= untilMs) return null;
      await desk.pause(Math.min(timings.pollMs, waitMs));
    }
  }

  return {
    write,
    async copy(shortcut, waitMs) {
      const nonce = `planline ${randomUUID()}`;
      await write(nonce);
      try {
        const text = await copied(shortcut, nonce, waitMs);
        if (text !== null) ours.add(text);
        return text;
      } catch (error) {
        if (error instanceof Interruption && error.disturbance === 'helper_lost') ours.missCopy();
        throw error;
      }
    },
  };
}

/** What an earlier hold could not give back is owed still, as long as our own words lie there. */
function toBeKept({ memory, settings }: Session, found: ClipboardContent): ClipboardContent {
  const { owed } = memory;
  if (owed !== null && owed.ours.includes(found)) return owed.kept;
  if (found.kind === 'other') settings.log.warn({}, CANNOT_KEEP);
  return found;
}

const CANNOT_KEEP =
  'What lies on the clipboard is neither text nor image nor files: it cannot be put back';
/** A helper that was lost meanwhile is started again by the next call. */
const GIVE_BACK_TRIES = 2;

async function giveBack(session: Session, kept: ClipboardContent, ours: OwnWords): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await putBack(session, kept, ours);
      return;
    } catch (error) {
      if (tries < GIVE_BACK_TRIES) continue;
      session.memory.owed = { kept, ours };
      // It must not hide why the work ended.
      const reason = messageOf(error);
      session.settings.log.warn({ reason }, 'The clipboard could not be given back yet');
      return;
    }
  }
}

async function putBack({ helper }: Session, kept: ClipboardContent, ours: OwnWords): Promise<void> {
  await helper.call('release', {});
  const now = await helper.call('readClipboard', {});
  if (!ours.isEmpty() && ours.includes(now)) await helper.call('writeClipboard', { content: kept });
  await helper.call('keep', { content: null });
}
