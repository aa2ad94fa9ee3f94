/** One prompt: open, write, send once, wait, take. */
import { ChatError } from '../../../core/errors.ts';
import type { ChatJournal, ChatReply, ChatRequest } from '../../../ports.ts';
import { fingerprintOf } from '../page/text-compare.ts';
import { addressOf, refOf } from './address.ts';
import { answerTo, type Asked } from './answer.ts';
import { compose } from './compose.ts';
import { openPatiently } from './open.ts';
import { answerKeys } from './readings.ts';
import { withTab } from './renew.ts';
import { searchFor } from './search.ts';
import { AstrayError, send, type Sending, UncertainError } from './send.ts';
import type { Session } from './session.ts';
import { type Tab, TabLost } from './tab.ts';
import { sendingError } from './troubles.ts';

/** How often the prompt is put in again when the tab went to another page by itself. */
const MOST_STARTS = 3;

interface Asking {
  readonly session: Session;
  readonly request: ChatRequest;
  readonly journal: ChatJournal;
  readonly fingerprint: string;
  readonly signal: AbortSignal;
}

/** The composer of a new chat, or of the conversation that goes on, holding the prompt and no more. */
async function prepare(asking: Asking, tab: Tab): Promise<Sending> {
  const { session, request, journal, fingerprint, signal } = asking;
  const address = addressOf(request.follows?.ref, session.chatUrl) ?? session.chatUrl;
  // Chrome may have been waited for, or this is one more start.
  await journal.begin();
  journal.phase('opening');
  const opened = await openPatiently(session, tab, address, signal);
  if (opened.kind === 'missing') {
    throw new ChatError('retryable', 'The conversation that the prompt goes on from is gone.');
  }
  const error = sendingError(session, opened.facts);
  if (error !== null) throw error;
  journal.phase('writing');
  const text = await compose({ session, tab, text: request.text, signal });
  return { session, tab, text, fingerprint, address, before: opened.facts, signal };
}

/** Where it went, after the tab was lost while the prompt was on its way. */
async function findSent({ session, request, fingerprint, signal, journal }: Asking) {
  journal.phase('looking');
  const found = await withTab(session, signal, (tab) =>
    searchFor({ session, tab, fingerprint, spent: request.spent, signal }),
  );
  if (found === null) throw new UncertainError();
  return found;
}

/** Up to the conversation's address. Once send has been pressed, nothing is put in again. */
async function deliver(asking: Asking): Promise<Asked> {
  const { session, journal, fingerprint, signal } = asking;
  for (let starts = 1; ; starts += 1) {
    const sending = await withTab(session, signal, (tab) => prepare(asking, tab));
    const before = answerKeys(sending.before);
    journal.phase('sending');
    try {
      return { address: await send(sending), fingerprint, before };
    } catch (error) {
      if (error instanceof TabLost || error instanceof UncertainError) {
        return { address: await findSent(asking), fingerprint, before };
      }
      if (!(error instanceof AstrayError) || starts >= MOST_STARTS) throw error;
      session.log.warn({ starts }, 'The tab showed something else before sending; starting again');
    }
  }
}

/** Throws ChatError, and what the journal throws. */
export async function ask(
  session: Session,
  request: ChatRequest,
  journal: ChatJournal,
  signal: AbortSignal,
): Promise<ChatReply> {
  // Whoever asks has settled what was wrong, or was told to go on.
  session.alarm = null;
  const fingerprint = fingerprintOf(request.text);
  const asked = await deliver({ session, request, journal, fingerprint, signal });
  await journal.sent(refOf(asked.address));
  return await answerTo(session, asked, (phase) => journal.phase(phase), signal);
}
