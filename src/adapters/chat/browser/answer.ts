/** From a prompt that was sent to its reply. */
import type { ChatPhase, ChatReply } from '../../../ports.ts';
import { conversationAt, refOf } from './address.ts';
import { withTab } from './renew.ts';
import type { Session } from './session.ts';
import type { Tab } from './tab.ts';
import { takeAnswer } from './take.ts';
import { reopen, waitForAnswer, type Waiting } from './wait.ts';

export interface Asked {
  /** Of the conversation. */
  readonly address: string;
  readonly fingerprint: string;
  /** Keys of answers that were there before the prompt was sent. */
  readonly before: ReadonlySet<string>;
}

async function follow(waiting: Waiting, phase: (phase: ChatPhase) => void): Promise<ChatReply> {
  for (;;) {
    phase('answering');
    const ended = await waitForAnswer(waiting);
    phase('copying');
    const taken = await takeAnswer(waiting, ended);
    if (taken === null) continue;
    return {
      ...taken,
      complete: ended.verdict === 'finished',
      ref: refOf(waiting.address),
      model: null,
    };
  }
}

async function isThere(session: Session, tab: Tab, address: string): Promise<boolean> {
  const { url } = await tab.look();
  return conversationAt(url, session.chatUrl) === address;
}

/** Waits for the answer and takes it, whatever becomes of the tab meanwhile. Throws ChatError. */
export async function answerTo(
  session: Session,
  asked: Asked,
  phase: (phase: ChatPhase) => void,
  signal: AbortSignal,
): Promise<ChatReply> {
  const reply = await withTab(session, signal, async (tab) => {
    if (!(await isThere(session, tab, asked.address))) {
      await reopen(session, tab, asked.address, signal);
    }
    return await follow({ session, tab, ...asked, signal }, phase);
  });
  session.throttles = 0;
  return reply;
}
