/** Taking the text of an answer that has ended: by the page's own copy, else from what it shows. */
import { z } from 'zod';
import { throwIfStopped } from '../stopped.ts';
import { checkCopy, isCutShort } from './copy-check.ts';
import { toMarkdown } from './markdown/to-markdown.ts';
import { answerShown } from './readings.ts';
import type { Tab } from './tab.ts';
import { AnswerFailed, type Ended, type Waiting } from './wait.ts';

export interface Taken {
  readonly text: string;
  readonly capture: 'page_copy' | 'dom';
}

const copyTaken = z.object({ pressed: z.boolean(), text: z.string().nullable() });

/** What this turn shows, as markdown; null when the turn is not there any more. */
async function shownIn(tab: Tab, turnKey: string): Promise<string | null> {
  const markup = await tab.read('answerMarkup', turnKey, z.string().nullable());
  return markup === null ? null : toMarkdown(markup);
}

/** The page's copy, once it is all that is shown; null when it never is. */
async function copyOf({ session, tab, signal }: Waiting, turnKey: string, shown: string) {
  const { clock, timings, log } = session;
  for (let tries = 1; tries <= timings.copyTries; tries += 1) {
    throwIfStopped(signal);
    const copy = await tab.act('takeCopy', { turnKey, waitMs: timings.copyMs }, copyTaken);
    if (!copy.pressed) return null;
    const verdict = copy.text === null ? 'refused' : checkCopy(copy.text, shown);
    if (verdict === 'whole') return copy.text;
    log.warn({ verdict, tries }, 'The copy is not what the page shows; copying again');
    await clock.sleep(timings.copyAgainMs, signal);
  }
  return null;
}

/** The answer as it was when it ended, still: same turn, same words, nothing being made. */
async function isUnchanged(
  { tab, fingerprint, before }: Waiting,
  { turn }: Ended,
): Promise<boolean> {
  const facts = await tab.look();
  const now = answerShown(facts, fingerprint, before);
  return now !== null && now.key === turn.key && now.text === turn.text && !facts.stop;
}

/** Null when the answer changed meanwhile: it had not ended. Throws ChatError, TabLost. */
export async function takeAnswer(waiting: Waiting, ended: Ended): Promise<Taken | null> {
  const { session, tab } = waiting;
  const { key } = ended.turn;
  const shown = await shownIn(tab, key);
  if (shown === null) return null;
  const copy = ended.turn.copyable ? await copyOf(waiting, key, shown) : null;
  if (!(await isUnchanged(waiting, ended))) {
    session.log.info({}, 'The answer changed while it was copied; waiting for its end');
    return null;
  }
  const text = copy ?? shown;
  if (text.trim() === '') throw new AnswerFailed('The answer was empty.');
  if (isCutShort(text, shown)) {
    throw new AnswerFailed('The answer breaks off in the middle of a block of code.');
  }
  return { text, capture: copy === null ? 'dom' : 'page_copy' };
}
