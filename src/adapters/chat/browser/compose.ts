/** Putting a prompt into the composer, and proving that it is there as it was meant. */
import { z } from 'zod';
import { ChatError } from '../../../core/errors.ts';
import { compareTexts, isBlank } from '../page/text-compare.ts';
import { throwIfStopped } from '../stopped.ts';
import type { PageFacts } from './facts.ts';
import { accountError } from './troubles.ts';
import { piecesOf } from './pieces.ts';
import type { Session } from './session.ts';
import type { Tab } from './tab.ts';

/** One way to put text in; the next is tried when the text does not stand there as it was meant. */
interface Way {
  readonly name: string;
  readonly maxChars: number;
  readonly by: 'paste' | 'insert';
}

const WAYS: readonly Way[] = [
  { name: 'paste', maxChars: 4_500, by: 'paste' },
  { name: 'paste in small pieces', maxChars: 1_500, by: 'paste' },
  { name: 'insert', maxChars: 1_500, by: 'insert' },
];
const CLEARINGS = 3;

interface Composing {
  readonly session: Session;
  readonly tab: Tab;
  readonly text: string;
  readonly signal: AbortSignal;
}

function isEmpty({ composer }: PageFacts): boolean {
  return composer !== null && composer.files === 0 && isBlank(composer.text);
}

/** Looks until it is `so`, for as long as an editor may take; returns the last look. */
async function lookUntil(
  { session, tab, signal }: Composing,
  so: (facts: PageFacts) => boolean,
): Promise<PageFacts> {
  const { clock, timings } = session;
  const untilMs = clock.now() + timings.composeMs;
  for (;;) {
    throwIfStopped(signal);
    const facts = await tab.look();
    const error = accountError(session, facts);
    if (error !== null) throw error;
    if (so(facts) || clock.now() >= untilMs) return facts;
    await clock.sleep(timings.pollMs / 4, signal);
  }
}

function editorError(): ChatError {
  return new ChatError(
    'retryable',
    'The editor of ChatGPT does not take the text; if this goes on, run planline doctor.',
  );
}

/** Whatever stands in the composer is somebody's draft, or the rest of our own last try. */
export async function clearComposer(composing: Composing): Promise<void> {
  const { tab, session } = composing;
  for (let tries = 0; tries < CLEARINGS; tries += 1) {
    const before = await tab.look();
    if (isEmpty(before)) return;
    session.log.info({ files: before.composer?.files ?? 0 }, 'Clearing what is in the composer');
    await tab.act('removeFiles', undefined, z.int());
    if (!(await tab.act('focusEditor', undefined, z.boolean()))) throw editorError();
    await tab.press('ControlOrMeta+A', 'Backspace');
    if (isEmpty(await lookUntil(composing, isEmpty))) return;
  }
  throw editorError();
}

/** False when nobody on the page took it. */
async function putIn({ tab, text, signal }: Composing, way: Way): Promise<boolean> {
  if (!(await tab.act('focusEditor', undefined, z.boolean()))) throw editorError();
  for (const piece of piecesOf(text, way.maxChars)) {
    throwIfStopped(signal);
    if (way.by === 'insert') await tab.insertText(piece);
    else if (!(await tab.act('pasteText', piece, z.boolean()))) return false;
  }
  return true;
}

function stands(facts: PageFacts, text: string): boolean {
  const { composer } = facts;
  return (
    composer !== null && composer.files === 0 && compareTexts(text, composer.text) !== 'different'
  );
}

/**
 * Leaves the composer holding the text and nothing else, ready to be sent. Returns the text as it was
 * read back. Throws ChatError, TabLost.
 */
export async function compose(composing: Composing): Promise<string> {
  const { session, text } = composing;
  for (const way of WAYS) {
    await clearComposer(composing);
    if (!(await putIn(composing, way))) continue;
    const facts = await lookUntil(
      composing,
      (seen) => (stands(seen, text) && seen.composer?.sendable === true) || hasFiles(seen),
    );
    if (facts.composer !== null && stands(facts, text)) return facts.composer.text;
    const read = facts.composer === null ? 'no editor' : `${facts.composer.text.length} characters`;
    session.log.warn(
      { way: way.name, meantChars: text.length, read, files: facts.composer?.files ?? 0 },
      'The editor does not hold the text as it was meant; trying another way',
    );
  }
  throw editorError();
}

function hasFiles({ composer }: PageFacts): boolean {
  return (composer?.files ?? 0) > 0;
}
